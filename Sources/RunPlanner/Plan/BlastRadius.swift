import CloudCatalog
import CloudEmulator
import RunEngine
import Values

/// What a run makes, changes and takes away: the difference of two worlds, so that what the cloud does of its own
/// accord is in it too.
package struct BlastRadius: Sendable {
  package enum Fate: String, Sendable, CaseIterable { case created, changed, destroyed }

  package struct Entry: Sendable {
    package let fate: Fate
    package let kind: String
    package let id: String
    package let name: String
    /// What it is, or for a change what it was and what it becomes.
    package let detail: String
    /// The step that named it; nil for what came with something else.
    package let step: StepAddress?
    /// The input that lends it.
    package let lentBy: String?
  }
  /// In the order of fates, kinds and ids.
  package let entries: [Entry]

  /// `makers` are the steps that named ids, and `lent` the inputs of borrowed ids.
  init(
    from start: EmulatedCloud, to end: EmulatedCloud, at instant: Instant, account: String,
    makers: [String: StepAddress] = [:], lent: [String: String] = [:]
  ) {
    var settled = end
    settled.advance(to: instant + .minutes(15))
    let before = start.inventory(account: account)
    let after = settled.inventory(account: account)
    let (old, new) = (BlastRadius.byKey(before), BlastRadius.byKey(after))
    func entry(_ fate: Fate, _ line: InventoryLine, _ detail: String) -> Entry {
      Entry(
        fate: fate, kind: line.kind, id: line.id, name: line.name, detail: detail, step: makers[line.id],
        lentBy: lent[line.id])
    }
    let created = after.filter { old[Key($0)] == nil }.map { entry(.created, $0, $0.detail) }
    let changed = after.compactMap { line -> Entry? in
      guard let earlier = old[Key(line)], earlier != line else { return nil }
      return entry(.changed, line, BlastRadius.change(from: earlier, to: line))
    }
    let destroyed = before.filter { new[Key($0)] == nil }.map { entry(.destroyed, $0, $0.detail) }
    entries = created + changed + destroyed
  }

  package func entries(_ fate: Fate) -> [Entry] { entries.filter { $0.fate == fate } }

  /// How many of each kind, in the order of kinds.
  package func counts(_ fate: Fate) -> [(kind: String, count: Int)] {
    let groups = Dictionary(grouping: entries(fate), by: \.kind)
    return groups.map { (kind: $0.key, count: $0.value.count) }.sorted { $0.kind < $1.kind }
  }

  private struct Key: Hashable {
    let kind: String
    let id: String
    init(_ line: InventoryLine) { (kind, id) = (line.kind, line.id) }
  }

  private static func byKey(_ lines: [InventoryLine]) -> [Key: InventoryLine] {
    Dictionary(lines.map { (Key($0), $0) }) { first, _ in first }
  }

  private static func change(from old: InventoryLine, to new: InventoryLine) -> String {
    let (before, after) = (parts(old), parts(new))
    let gone = before.filter { !after.contains($0) }.joined(separator: ", ")
    let come = after.filter { !before.contains($0) }.joined(separator: ", ")
    return "\(gone.isEmpty ? "–" : gone) → \(come.isEmpty ? "–" : come)"
  }

  private static func parts(_ line: InventoryLine) -> [String] {
    [line.name] + line.detail.split(separator: ", ").map(String.init)
  }
}
