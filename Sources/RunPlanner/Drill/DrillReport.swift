import CloudCatalog
import CloudEmulator
import RunDriver
import RunEngine
import Values

/// What came of a drill.
package struct DrillReport: Sendable {
  /// What was tried where and how it ended: scenarios at one kind of place.
  package struct Row: Sendable, Hashable {
    /// The step with its loops' keys left out; nil for looks at work under way and crashes between steps.
    package let step: String?
    package let action: ActionID?
    package let isUndo: Bool
    package fileprivate(set) var families: [String] = []
    package fileprivate(set) var ends: [DrillResult.End: Int] = [:]
    package fileprivate(set) var findings = 0

    /// Whether the process ends there, at no step in particular.
    package var isCrash: Bool { step == nil && action == nil }
    package var count: Int { ends.values.reduce(0, +) }
  }

  /// How the run ends when nothing goes wrong.
  package let calm: DrillResult
  package let calmTime: Duration
  package let calmCalls: Int
  package let calmRecords: Int
  /// In the order of the run.
  package internal(set) var results: [DrillResult] = []
  /// How many different ways back the scenarios of the first depth led to.
  package internal(set) var waysBack = 0
  /// In the order in which the actions first appear.
  package private(set) var omissions: [BlowChoice.Omission] = []
  private var seen: Set<BlowChoice.Omission> = []

  init(_ calm: Course, _ judge: DrillJudge) {
    var result = judge.judge(
      calm, DrillScenario([]), at: .init(steps: [], action: nil, record: nil, isUndo: false))
    if result.end != .succeeded {
      let why = RunReport(calm.run.records).failure?.message ?? result.end.rawValue
      result = result.adding(DrillFinding(kind: .missing, sentence: "undisturbed, the run does not succeed: \(why)"))
    }
    self.calm = result
    calmTime = calm.run.records.first.map { calm.run.now - $0.0 } ?? .zero
    calmCalls = calm.calls.count
    calmRecords = calm.run.records.count
  }

  mutating func note(_ moment: Moment) {
    for sent in moment.leaving {
      for omission in BlowChoice(for: sent.call, isUndo: sent.isUndo).left
      where seen.insert(omission).inserted { omissions.append(omission) }
    }
  }

  /// By place, in the order of the run; crashes between steps come last.
  package var rows: [Row] {
    var rows: [Row] = []
    var indexes: [Row: Int] = [:]
    for result in results {
      let isCrash = result.scenario.blows.last?.kind == .crash
      let step = result.site.steps.first.map { $0.pattern }
      let key = Row(
        step: isCrash ? nil : step, action: isCrash ? nil : result.site.action, isUndo: result.site.isUndo)
      let index = indexes[key] ?? rows.count
      if index == rows.count {
        rows.append(key)
        indexes[key] = index
      }
      rows[index].ends[result.end, default: 0] += 1
      rows[index].findings += result.findings.isEmpty ? 0 : 1
      if let family = result.scenario.blows.last?.kind.family, !rows[index].families.contains(family) {
        rows[index].families.append(family)
      }
    }
    return rows.filter { !$0.isCrash } + rows.filter(\.isCrash)
  }

  /// By what went wrong, in the order of first appearance.
  package var families: [(family: String, ends: [DrillResult.End: Int], findings: Int)] {
    var families: [(family: String, ends: [DrillResult.End: Int], findings: Int)] = []
    for result in results {
      guard let family = result.scenario.blows.last?.kind.family else { continue }
      if !families.contains(where: { $0.family == family }) { families.append((family, [:], 0)) }
      guard let index = families.firstIndex(where: { $0.family == family }) else { continue }
      families[index].ends[result.end, default: 0] += 1
      families[index].findings += result.findings.isEmpty ? 0 : 1
    }
    return families
  }

  /// Scenarios with something that must not be; the undisturbed run comes first.
  package var failing: [DrillResult] { ([calm] + results).filter { !$0.findings.isEmpty } }

  package func count(_ kind: DrillFinding.Kind) -> Int {
    ([calm] + results).reduce(0) { sum, result in sum + result.findings.count { $0.kind == kind } }
  }

  package func count(_ end: DrillResult.End) -> Int { results.count { $0.end == end } }

  package var longestUndo: DrillResult? {
    results.filter { $0.undoTime != nil }.max { ($0.undoTime ?? .zero) < ($1.undoTime ?? .zero) }
  }
}

extension DrillResult {
  fileprivate func adding(_ finding: DrillFinding) -> DrillResult {
    DrillResult(
      scenario: scenario, site: site, end: end, findings: findings + [finding], left: left, declared: declared,
      undoTime: undoTime)
  }
}
