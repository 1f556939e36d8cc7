import CloudCatalog
import CloudEmulator
import RunEngine
import Values

/// What an undone run leaves: the difference of two worlds, less what the runbook declares and what the run itself says
/// is left.
struct Residue {
  /// What a step says of the difference.
  private struct Claim {
    let step: RunReport.Step
    let isDeclared: Bool
    let ids: Set<String>
    /// What its before-image speaks of, and what its arguments name where the action changes other things, too: what
    /// the step may have changed by the way.
    let touched: Set<String>

    init(_ step: RunReport.Step, before: Value) {
      self.step = step
      isDeclared = step.state == .kept
      let meaning = step.action.flatMap { Catalog.meaning($0) }
      let named = meaning?.cascades.isEmpty ?? true ? [] : Residue.texts(.record(step.arguments))
      touched = Residue.texts(before).union(named)
      if let made = meaning?.identity?.value(in: .record(step.result)), !made.isNull {
        ids = Residue.texts(made)
      } else {
        ids = Residue.texts(.record(step.arguments)).union(Residue.texts(.record(step.result)))
      }
    }

    /// By its id, by that of what it belongs to, or by its kind where nobody knows the id.
    func covers(_ line: InventoryLine, _ mentioned: Set<String>, isChanged: Bool) -> Bool {
      if ids.contains(line.id) || !ids.isDisjoint(with: mentioned) { return true }
      if isChanged, touched.contains(line.id) { return true }
      guard step.state == .unknown || step.state == .running else { return false }
      return step.action.flatMap { Catalog.meaning($0) }?.resource == line.kind
    }
  }

  private(set) var declared: [DrillResult.Declared] = []
  private(set) var findings: [DrillFinding] = []

  init(_ records: [(Instant, JournalRecord)], from before: Set<InventoryLine>, to after: Set<InventoryLine>) {
    guard before != after else { return }
    let claims = Residue.claims(records)
    // Names of zones and the like stand in details, too: only what is something's id is a mention.
    let ids = Set(before.union(after).map(\.id))
    var (new, gone) = (after.subtracting(before), before.subtracting(after))
    pairRemade(records, ids, &new, &gone)
    let changes = Dictionary(new.map { ([$0.kind, $0.id], $0) }) { first, _ in first }
    for line in Residue.sorted(gone) {
      let change = changes[[line.kind, line.id]]
      judge(line, was: true, claims, ids, became: change)
    }
    let known = Set(gone.map { [$0.kind, $0.id] })
    for line in Residue.sorted(new) where !known.contains([line.kind, line.id]) {
      judge(line, was: false, claims, ids, became: nil)
    }
  }

  /// What is undone by making it again has another id: the old and the new one are the same thing.
  private mutating func pairRemade(
    _ records: [(Instant, JournalRecord)], _ ids: Set<String>, _ new: inout Set<InventoryLine>,
    _ gone: inout Set<InventoryLine>
  ) {
    for step in RunReport(records).steps where step.state == .undone && step.isRemade {
      let named = Residue.texts(.record(step.arguments))
      for line in Residue.sorted(gone) {
        let mentioned = Residue.words("\(line.id) \(line.detail)").intersection(ids)
        guard !mentioned.isDisjoint(with: named),
          let twin = Residue.sorted(new).first(where: { $0.kind == line.kind && $0.name == line.name })
        else { continue }
        new.remove(twin)
        gone.remove(line)
        declared.append(
          .init(step: step.address, reason: "undone by making it again, under another id", line: twin, isGone: false))
      }
    }
  }

  private static func claims(_ records: [(Instant, JournalRecord)]) -> [Claim] {
    let report = RunReport(records)
    let remaining = Set(report.remaining.map(\.address))
    var images: [StepAddress: Value] = [:]
    for case (_, .intent(let step, _, _, let before, _, _, _)) in records { images[step] = before }
    return report.steps.filter { $0.kind == .change && ($0.state == .kept || remaining.contains($0.address)) }
      .map { Claim($0, before: images[$0.address] ?? .null) }
  }

  /// `was`: the line was there before; `became` is what stands in its place.
  private mutating func judge(
    _ line: InventoryLine, was: Bool, _ claims: [Claim], _ ids: Set<String>, became: InventoryLine?
  ) {
    let mentioned = Residue.words("\(line.id) \(line.detail)").intersection(ids)
    if let claim = claims.first(where: { $0.covers(line, mentioned, isChanged: became != nil) }) {
      guard claim.isDeclared else { return }
      declared.append(
        .init(step: claim.step.address, reason: claim.step.kept ?? "", line: line, isGone: was))
    } else if let became {
      findings.append(DrillFinding(kind: .damage, sentence: "\(line.wording) became \(became.wording)"))
    } else if was {
      findings.append(DrillFinding(kind: .damage, sentence: "\(line.wording) is gone"))
    } else {
      findings.append(DrillFinding(kind: .leak, sentence: "\(line.wording) is left, and nothing says so"))
    }
  }

  static func sorted(_ lines: Set<InventoryLine>) -> [InventoryLine] {
    lines.sorted { ($0.kind, $0.id, $0.detail) < ($1.kind, $1.id, $1.detail) }
  }

  /// Every text that stands anywhere in a value.
  static func texts(_ value: Value) -> Set<String> {
    switch value {
    case .text(let text): [text]
    case .list(let elements): elements.reduce(into: []) { $0.formUnion(texts($1)) }
    case .record(let record): record.reduce(into: []) { $0.formUnion(texts($1.value)) }
    case .null, .bool, .int, .float, .duration, .quantity, .cidr, .secret: []
    }
  }

  private static func words(_ text: String) -> Set<String> {
    Set(text.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init))
  }
}

extension InventoryLine {
  /// `Subnet subnet-1a2b3c4d "web" (ap-hangzhou-ecm-1, …)`
  var wording: String {
    "\(kind) \(id)" + (name.isEmpty ? "" : " \"\(name)\"") + (detail.isEmpty ? "" : " (\(detail))")
  }
}

extension RunReport.Step {
  /// Whether its inverse makes again what it took away.
  fileprivate var isRemade: Bool {
    guard let meaning = action.flatMap({ Catalog.meaning($0) }), case .inverse(let inverse) = meaning.undo else {
      return false
    }
    return inverse.quality == .recreate
  }
}
