import Values

/// Two clouds are equal when they are made alike and their accounts hold the same, at the same instant. Armed faults,
/// the limits' last second and the log of calls are not looked at.
extension EmulatedCloud: Equatable {
  package static func == (left: EmulatedCloud, right: EmulatedCloud) -> Bool {
    left.configuration == right.configuration && left.latest == right.latest && left.allWorlds == right.allWorlds
  }

  /// What has changed since `origin`, a line each, by account and then in the order of the world's tables:
  /// `tester: + vpcs vpc-1a2b3c4d …`, `tester: - …`, `tester: ~ instances ein-1 state: "RUNNING" → "STOPPED"`.
  package func difference(from origin: EmulatedCloud) -> [String] {
    var lines: [String] = []
    if origin.latest != latest { lines.append("time: \(origin.latest.plainText) → \(latest.plainText)") }
    for account in Set(accounts).union(origin.accounts).sorted() {
      let (before, after) = (origin.world(account, orAsIn: self), world(account, orAsIn: origin))
      guard before != after else { continue }
      lines += WorldDifference(before, after).lines.map { "\(account): \($0)" }
    }
    return lines
  }

  /// An account holds what every account has before its first call: the networks, made when `other` opened it.
  private func world(_ account: String, orAsIn other: EmulatedCloud) -> World {
    let opened = other.world(account)?.vpcs.all.first?.createdAt ?? latest
    return world(account) ?? World(account: account, configuration: configuration, now: opened)
  }
}

/// Compares the encoded forms of two worlds, so that a table that is added to the world is in it at once.
struct WorldDifference {
  private(set) var lines: [String] = []

  /// What differs between any two worlds and says nothing to people.
  private static let silent: Set = ["generator", "draws", "now", "timeline", "account"]

  init(_ before: World, _ after: World) {
    let (old, new) = (WorldDifference.record(before), WorldDifference.record(after))
    for name in WorldDifference.names(old, new) where !WorldDifference.silent.contains(name) {
      compare(old[name], new[name], at: name)
    }
    let (pending, nowPending) = (WorldDifference.pending(old), WorldDifference.pending(new))
    if pending != nowPending { lines.append("~ events still to come: \(pending) → \(nowPending)") }
  }

  private mutating func compare(_ old: Value?, _ new: Value?, at path: String) {
    guard old != new else { return }
    if let (oldRows, newRows) = WorldDifference.rows(old, new) {
      for id in WorldDifference.names(oldRows, newRows) { compareRow(oldRows[id], newRows[id], "\(path) \(id)") }
    } else if let oldRecord = old?.asRecord, let newRecord = new?.asRecord {
      for name in WorldDifference.names(oldRecord, newRecord) {
        compare(oldRecord[name], newRecord[name], at: "\(path).\(name)")
      }
    } else {
      lines.append("~ \(path): \(WorldDifference.text(old)) → \(WorldDifference.text(new))")
    }
  }

  /// What has an id comes, goes, or changes in some of its members.
  private mutating func compareRow(_ old: Value?, _ new: Value?, _ name: String) {
    guard old != new else { return }
    guard let old = old?.asRecord else {
      lines.append("+ \(name) \(WorldDifference.text(new))")
      return
    }
    guard let new = new?.asRecord else {
      lines.append("- \(name) \(WorldDifference.text(.record(old)))")
      return
    }
    for member in WorldDifference.names(old, new) { compare(old[member], new[member], at: "\(name) \(member)") }
  }

  /// Lists of things with ids, by id; nil when they are anything else, or an id stands twice.
  private static func rows(_ old: Value?, _ new: Value?) -> (Record, Record)? {
    func keyed(_ value: Value?) -> Record? {
      guard let value, let list = value.asList else { return nil }
      let pairs = list.compactMap { row in row.asRecord?["id"]?.asText.map { ($0, row) } }
      guard pairs.count == list.count, Set(pairs.map(\.0)).count == list.count else { return nil }
      return Record(pairs)
    }
    guard let old = keyed(old), let new = keyed(new), !(old.isEmpty && new.isEmpty) else { return nil }
    return (old, new)
  }

  private static func names(_ old: Record, _ new: Record) -> [String] {
    old.names + new.names.filter { old[$0] == nil }
  }

  private static func pending(_ world: Record) -> Int {
    world["timeline"]?.asRecord?["heap"]?.asList?.count ?? 0
  }

  private static func text(_ value: Value?) -> String { value.map(JSON.print) ?? "nothing" }

  private static func record(_ world: World) -> Record {
    do {
      return try ValueEncoder.encode(world).asRecord ?? Record()
    } catch {
      preconditionFailure("a type of the world's state does not encode: \(error)")
    }
  }
}
