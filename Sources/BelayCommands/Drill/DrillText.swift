import RunPlanner
import Values

/// A drill for people: what was tried where, how it ended, and what must not be.
struct DrillText {
  private let report: DrillReport
  private let title: String
  private let depth: Int
  private let command: String
  private let style: TerminalStyle
  /// How many scenarios of one cause are shown with their command.
  private static let shown = 3

  init(_ report: DrillReport, title: String, depth: Int, command: String, style: TerminalStyle) {
    self.report = report
    self.title = title
    self.depth = depth
    self.command = command
    self.style = style
  }

  /// Blocks with an empty line between them; each line ends in a line end.
  var text: String {
    let words = [head, asked, declared, failures, notTried, closing].map { $0.map { $0.text(style) } }
    let blocks = [words[0], places, kinds] + words.dropFirst()
    return blocks.filter { !$0.isEmpty }.map { $0.map { $0 + "\n" }.joined() }.joined(separator: "\n")
  }

  private var head: [StyledLine] {
    var line = StyledLine(title, .bold)
    line.add(
      ", undisturbed: \(report.calm.end.rawValue) after \(report.calmTime.watchText), \(report.calmCalls) calls, "
        + "\(report.calmRecords) records")
    return [line]
  }

  // MARK: Tables

  private static let counts: [TextTable.Column] = [
    .init("tried", .right), .init("went on", .right), .init("rolled back", .right), .init("asks", .right),
    .init("failing", .right),
  ]

  private func cells(_ ends: [DrillResult.End: Int], _ failing: Int) -> [String] {
    let shown = [DrillResult.End.succeeded, .rolledBack, .needsAttention].map { end in
      ends[end].map(String.init) ?? "–"
    }
    return [String(ends.values.reduce(0, +))] + shown + [failing == 0 ? "–" : String(failing)]
  }

  private var places: [String] {
    var table = TextTable([.init("step", isFlexible: true), .init("call")] + DrillText.counts)
    for row in report.rows {
      let name = row.isCrash ? "the process ends" : row.step ?? "looks at work under way"
      let call = row.action.map(\.description) ?? (row.isCrash ? "at each record and call" : "an approval")
      table.add([row.isUndo ? "undo of \(name)" : name, call] + cells(row.ends, row.findings))
    }
    return table.lines(style)
  }

  private var kinds: [String] {
    var table = TextTable([.init("what goes wrong", isFlexible: true)] + DrillText.counts)
    for row in report.families { table.add([DrillText.wording(row.family)] + cells(row.ends, row.findings)) }
    return table.lines(style)
  }

  private static func wording(_ family: String) -> String {
    switch family {
    case "refused": "refused, a code of each documented class"
    case "lost-before-effect": "no answer, and it took no effect"
    case "lost-after-effect": "no answer, and it took effect"
    case "async-failure": "answered, its work fails"
    case "stuck": "answered, its work never ends"
    case "server-error": "the cloud fails inside"
    case "partial": "done in part"
    case "sold-out": "sold out"
    case "crash": "the process ends"
    case "cancel": "somebody cancels the run"
    case "timeout": "the time of a timeout is up"
    case "denied": "an approval is denied"
    case "expired": "nobody approves in time"
    default: family
    }
  }

  // MARK: What is left by intention

  /// Runs that stop and ask, by what is left and why; those that must not are among the failing ones.
  private var asked: [StyledLine] {
    var groups: [(what: String, scenarios: [DrillScenario])] = []
    for result in report.results where result.end == .needsAttention && result.findings.isEmpty {
      let first = result.left.first
      let what = first.map { "\($0.step): \(DrillText.reason($0))" } ?? "nothing is named"
      if let index = groups.firstIndex(where: { $0.what == what }) {
        groups[index].scenarios.append(result.scenario)
      } else {
        groups.append((what, [result.scenario]))
      }
    }
    guard !groups.isEmpty else { return [] }
    var lines = [StyledLine("stops and asks, with everything that is left on its list", .bold)]
    for group in groups {
      var line = StyledLine("  \(group.what)")
      line.add("  \(DrillText.names(group.scenarios))", .dim)
      lines.append(line)
    }
    return lines
  }

  /// Without the number of the request, which every scenario has its own of.
  private static func reason(_ left: DrillResult.Left) -> String {
    guard !left.note.isEmpty else { return left.state.rawValue }
    return left.note.replacing(" (RequestId \(left.requestID))", with: "")
  }

  private var declared: [StyledLine] {
    var groups: [(what: String, kinds: Set<String>, count: Int)] = []
    for result in report.results {
      for (what, kinds) in Dictionary(grouping: result.declared, by: { "\($0.step): \($0.reason)" }).sorted(by: {
        $0.key < $1.key
      }) {
        let names = Set(kinds.map { "\($0.line.kind) \($0.isGone ? "gone" : "left")" })
        if let index = groups.firstIndex(where: { $0.what == what }) {
          groups[index].count += 1
          groups[index].kinds.formUnion(names)
        } else {
          groups.append((what, names, 1))
        }
      }
    }
    guard !groups.isEmpty else { return [] }
    return [StyledLine("left as the runbook or the catalog declares", .bold)]
      + groups.map { group in
        var line = StyledLine("  \(group.what)")
        line.add("  \(group.kinds.sorted().joined(separator: ", ")), in \(group.count) scenarios", .dim)
        return line
      }
  }

  // MARK: What must not be

  private var failures: [StyledLine] {
    var lines: [StyledLine] = []
    var counts: [String: Int] = [:]
    for result in report.failing {
      let cause = result.cause
      counts[cause, default: 0] += 1
      guard counts[cause, default: 0] <= DrillText.shown else { continue }
      var line = StyledLine("✗ ", .bad)
      line.add(result.scenario.blows.isEmpty ? "undisturbed" : result.scenario.description, .bold)
      line.add("  \(result.placeWording)", .dim)
      lines.append(line)
      for finding in result.findings.prefix(5) {
        var line = StyledLine("  \(finding.kind.rawValue): ", .bad)
        line.add(finding.sentence)
        lines.append(line)
      }
      if result.findings.count > 5 { lines.append(StyledLine("  and \(result.findings.count - 5) more", .dim)) }
      if !result.scenario.blows.isEmpty {
        lines.append(StyledLine("  \(command) --only '\(result.scenario)' --trace", .accent))
      }
    }
    let hidden = counts.values.reduce(0) { $0 + max(0, $1 - DrillText.shown) }
    if hidden > 0 {
      lines.append(StyledLine("and \(hidden) more of the same causes; --format json and --junit list them all", .dim))
    }
    return lines
  }

  private var notTried: [StyledLine] {
    guard !report.omissions.isEmpty else { return [] }
    var groups: [(reason: String, what: [String])] = []
    for omission in report.omissions {
      let what = "\(omission.action):\(omission.kind)"
      if let index = groups.firstIndex(where: { $0.reason == omission.reason }) {
        groups[index].what.append(what)
      } else {
        groups.append((omission.reason, [what]))
      }
    }
    var lines = [StyledLine("not tried", .dim)]
    for group in groups {
      lines.append(
        StyledLine("  \(group.reason): \(DrillText.shortened(group.what))", .dim))
    }
    if depth == 1, report.waysBack > 0 {
      lines.append(StyledLine("  a second failure on the \(report.waysBack) ways back: --depth 2 tries that", .dim))
    }
    return lines
  }

  private var closing: [StyledLine] {
    let failing = report.failing.count
    var line = StyledLine(failing == 0 ? "✓ " : "✗ ", failing == 0 ? .good : .bad)
    line.add(
      "\(report.results.count) scenarios: \(report.count(.succeeded)) went on, "
        + "\(report.count(.rolledBack)) rolled back, \(report.count(.needsAttention)) stopped and asked, "
        + "\(failing) failing")
    let totals = [
      (report.count(.leak), "left undeclared"), (report.count(.damage), "damaged"),
      (report.count(.duplicate), "made twice"), (report.count(.overrun), "times over a limit"),
    ]
    var second = StyledLine("  " + totals.map { "\($0.0) \($0.1)" }.joined(separator: ", "))
    if let longest = report.longestUndo, let time = longest.undoTime {
      second.add("; the longest undo takes \(time.watchText) (\(longest.scenario))")
    }
    return [line, second]
  }

  private static func names(_ scenarios: [DrillScenario]) -> String {
    shortened(scenarios.map(\.description))
  }

  private static func shortened(_ names: [String]) -> String {
    names.count <= 3
      ? names.joined(separator: ", ") : names.prefix(2).joined(separator: ", ") + " and \(names.count - 2) more"
  }
}

extension DrillResult {
  /// What scenarios that fail for one reason have in common.
  fileprivate var cause: String {
    let kinds = findings.map(\.kind.rawValue).joined(separator: ",")
    return "\(kinds) \(site.action?.description ?? site.record ?? "") \(scenario.blows.last?.kind.family ?? "")"
  }

  /// `fleet["z-1"].vms, ecm.RunInstances, on the way back`
  var placeWording: String {
    let steps = site.steps.prefix(2).map(\.text).joined(separator: ", ")
    let what = site.action?.description ?? site.record.map { "record '\($0)'" }
    return [steps.isEmpty ? nil : steps, what, site.isUndo ? "on the way back" : nil].compactMap { $0 }
      .joined(separator: ", ")
  }
}
