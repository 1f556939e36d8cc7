import CloudCatalog
import Values

/// One run among those that share an account's traffic.
package struct RunSlot: Hashable, Sendable {
  private let number: Int32
  package var index: Int { Int(number) }
  package init(_ index: Int) { number = Int32(index) }
}

package struct LockID: Hashable, Sendable {
  package let index: Int
  package init(_ index: Int) { self.index = index }
}

/// What a call must have for itself: the things that no two changes may touch at the same time.
package struct LockRequest: Sendable {
  /// Calls of one kind differ in one list only, and may be made as one.
  struct Kind: Hashable, Sendable {
    let call: CloudCall
    let merge: String
    let limit: Int
  }
  let keys: [String]
  let kind: Kind?
  /// How many elements it adds to a call of its kind.
  let size: Int
  let isUndo: Bool

  /// Nil when the call collides with none.
  package init?(_ call: CloudCall, _ meaning: ActionMeaning, isUndo: Bool) {
    guard !meaning.conflicts.isEmpty else { return nil }
    let root = Value.record(call.arguments)
    var keys: [String] = []
    for path in meaning.conflicts {
      for value in path.value(in: root).map({ $0.asList ?? [$0] }) ?? [] where !keys.contains(value.display) {
        keys.append(value.display)
      }
    }
    guard !keys.isEmpty else { return nil }
    self.keys = keys
    self.isUndo = isUndo
    guard let merge = meaning.merge, let elements = call.arguments[merge.list]?.asList else {
      (kind, size) = (nil, 1)
      return
    }
    var rest = call.arguments
    rest[merge.list] = nil
    kind = Kind(call: CloudCall(call.action, region: call.region, rest), merge: merge.list, limit: merge.limit)
    size = elements.count
  }
}

/// Who may change what just now. A request gets everything it names at once or waits, in the order of arrival and undo
/// first, so that no two wait for each other. Requests of one kind may get it together.
package struct LockTable: Sendable {
  package struct Holder: Hashable, Sendable {
    package let run: RunSlot
    package let lock: LockID
  }
  enum Decision: Sendable {
    /// All of one party: several, when their calls are to be made as one.
    case granted([Holder])
    /// It has to wait; the key is what somebody else has.
    case blocked(Holder, key: String)
    /// Its call has been answered, but not the work it began; somebody waits for that.
    case wanted(Holder)
  }
  private struct Waiting: Sendable {
    let holder: Holder
    let request: LockRequest
    var isTold = false
  }
  private struct Held: Sendable {
    let keys: [String]
    var isSettling = false
    var isWanted = false
  }

  private var waiting: [Waiting] = []
  private var held: [Holder: Held] = [:]
  private var holders: [String: [Holder]] = [:]
  private var isChanged = false

  package init() {}

  mutating func request(_ request: LockRequest, for holder: Holder) {
    let entry = Waiting(holder: holder, request: request)
    if request.isUndo, let place = waiting.firstIndex(where: { !$0.request.isUndo }) {
      waiting.insert(entry, at: place)
    } else {
      waiting.append(entry)
    }
    isChanged = true
  }

  /// Puts those whose common call did not work back, each on its own, before all others.
  mutating func separate(_ party: [(Holder, LockRequest)]) {
    for (holder, _) in party { release(holder) }
    let alone = party.map { Waiting(holder: $0.0, request: $0.1.alone, isTold: true) }
    waiting.insert(contentsOf: alone, at: 0)
    isChanged = true
  }

  /// The call is answered; the work that it began is not over.
  mutating func settle(_ holder: Holder) {
    held[holder]?.isSettling = true
    isChanged = isChanged || !waiting.isEmpty
  }

  mutating func release(_ holder: Holder) {
    guard let gone = held.removeValue(forKey: holder) else {
      waiting.removeAll { $0.holder == holder }
      isChanged = true
      return
    }
    for key in gone.keys {
      guard let place = holders.index(forKey: key) else { continue }
      holders.values[place].removeAll { $0 == holder }
      if holders.values[place].isEmpty { holders.remove(at: place) }
    }
    isChanged = isChanged || !waiting.isEmpty
  }

  mutating func release(run: RunSlot) {
    waiting.removeAll { $0.holder.run == run }
    for holder in held.keys where holder.run == run { release(holder) }
    isChanged = true
  }

  /// What the changes since the last time come to.
  mutating func decide() -> [Decision] {
    guard isChanged else { return [] }
    isChanged = false
    var decisions: [Decision] = []
    var claimed: Set<String> = []
    var rest: [Waiting] = []
    var taken: Set<Int> = []
    for index in waiting.indices where !taken.contains(index) {
      let request = waiting[index].request
      guard let obstacle = request.keys.first(where: { holders[$0] != nil || claimed.contains($0) }) else {
        let party = party(from: index, claimed, &taken)
        decisions.append(.granted(party))
        continue
      }
      claimed.formUnion(request.keys)
      if !waiting[index].isTold { decisions.append(.blocked(waiting[index].holder, key: obstacle)) }
      waiting[index].isTold = true
      rest.append(waiting[index])
      decisions += wanted(request.keys)
    }
    waiting = rest
    return decisions
  }

  /// Grants a request, and with it those of its kind that wait for nothing else.
  private mutating func party(from index: Int, _ claimed: Set<String>, _ taken: inout Set<Int>) -> [Holder] {
    let first = waiting[index]
    var party = [first]
    if let kind = first.request.kind, index + 1 < waiting.count {
      var keys = Set(first.request.keys)
      var size = first.request.size
      var passed = claimed
      for other in waiting.indices.dropFirst(index + 1) where !taken.contains(other) {
        let request = waiting[other].request
        let isFree = request.keys.allSatisfy { !passed.contains($0) && (keys.contains($0) || holders[$0] == nil) }
        if request.kind == kind, isFree, size + request.size <= kind.limit {
          party.append(waiting[other])
          taken.insert(other)
          keys.formUnion(request.keys)
          size += request.size
        } else {
          passed.formUnion(request.keys)
        }
      }
    }
    for member in party {
      held[member.holder] = Held(keys: member.request.keys)
      for key in member.request.keys { holders[key, default: []].append(member.holder) }
    }
    return party.map(\.holder)
  }

  private mutating func wanted(_ keys: [String]) -> [Decision] {
    var decisions: [Decision] = []
    for key in keys {
      for holder in holders[key] ?? [] where held[holder]?.isSettling == true && held[holder]?.isWanted == false {
        held[holder]?.isWanted = true
        decisions.append(.wanted(holder))
      }
    }
    return decisions
  }
}

extension LockRequest {
  private init(alone request: LockRequest) {
    keys = request.keys
    kind = nil
    size = request.size
    isUndo = request.isUndo
  }

  /// The same, not to be made together with others.
  var alone: LockRequest { LockRequest(alone: self) }
}
