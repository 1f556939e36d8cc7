import CloudCatalog
import Values

/// What a call takes of what an account may use only so much of in a day.
package struct BudgetClaim: Hashable, Sendable {
  /// Such as `EIP allocations`
  package let budget: String
  package let region: String
  package let units: Int
  /// Whose the units are: a step's mark, the same for each of its attempts.
  package let holder: String
  /// How many there are a day unless the cloud says otherwise.
  package let documented: Int
  /// The row of `ecm.DescribeAddressQuota` that says how many there are; nil: nobody can be asked.
  package let quota: String?
  /// A holder whose units may be taken: what was kept for an undo.
  package let reserve: String?

  init(_ budget: Budget, _ documented: Int, region: String, units: Int, holder: String, reserve: String? = nil) {
    self.budget = budget.name
    self.region = region
    self.units = units
    self.holder = holder
    self.documented = documented
    quota = budget.quota
    self.reserve = reserve
  }

  /// Nil for a call that takes nothing of a day's.
  package init?(_ call: CloudCall, _ meaning: ActionMeaning, holder: String, reserve: String? = nil) {
    guard let budget = meaning.budget, budget.period == .day, let documented = budget.documented else { return nil }
    let units = budget.units(of: call.arguments)
    guard units > 0 else { return nil }
    self.init(budget, documented, region: call.limitRegion, units: units, holder: holder, reserve: reserve)
  }

  var name: String { "budget \(region) \(budget)" }

  /// Asks the cloud how many there are.
  var look: CloudCall? { quota.map { _ in CloudCall("ecm.DescribeAddressQuota", ["EcmRegion": .text(region)]) } }
}

/// Why a call did not leave: the units of the day are used up.
package struct BudgetShortage: Hashable, Sendable {
  package let claim: BudgetClaim
  package let limit: Int
  package let used: Int
  /// Of those used, what is kept for undo.
  package let kept: Int
  /// `YYYY-MM-DD`, UTC.
  package let day: String

  package var message: String {
    let rest = max(0, limit - used)
    let reserved = kept > 0 ? ", \(kept) more \(kept == 1 ? "is" : "are") kept for undo" : ""
    return "\(claim.units) of the \(claim.budget) in \(claim.region) \(claim.units == 1 ? "is" : "are") needed, but "
      + "\(rest == 0 ? "none" : "only \(rest)") of the \(limit) of \(day) \(rest == 1 ? "is" : "are") left\(reserved); "
      + "the next day begins at 00:00 UTC"
  }
}

/// What the runs of an account have used of each day's units, by name. Pure; processes share it through a store.
struct BudgetLedger: Sendable {
  fileprivate struct Day: Sendable {
    var day: String
    /// As the cloud said; nil: as documented.
    var limit: Int?
    /// Used by others than the runs of this ledger; less than nothing when these count what had no effect.
    var others = 0
    var units: [String: Int] = [:]
    /// Holders that keep theirs for an undo.
    var reserves: Set<String> = []

    var used: Int { others + units.values.reduce(0, +) }
  }
  private enum Change: Sendable {
    case drop(holder: String)
    case learn(limit: Int, used: Int, underWay: Set<String>)
  }
  private var days: [String: Day] = [:]
  /// What has happened since the ledger was last in agreement with its store.
  private var changes: [(name: String, change: Change)] = []

  /// The names that the next settlement reads or changes.
  func stakes(_ claims: [BudgetClaim]) -> [String] {
    var names: [String] = []
    for name in claims.map(\.name) + changes.map(\.name) where !names.contains(name) { names.append(name) }
    return names
  }

  /// Whether nothing has happened since.
  var isSettled: Bool { changes.isEmpty }

  mutating func drop(_ claim: BudgetClaim) { changes.append((claim.name, .drop(holder: claim.holder))) }

  /// `underWay` are the holders whose calls the cloud may not have counted.
  mutating func learn(_ claim: BudgetClaim, limit: Int, used: Int, underWay: Set<String>) {
    changes.append((claim.name, .learn(limit: limit, used: used, underWay: underWay)))
  }

  /// Makes good what has happened; to be called before ``take(_:reserving:on:)``.
  mutating func settle(on day: String) {
    for name in days.keys where days[name]?.day != day { days[name] = Day(day: day) }
    for (name, change) in changes {
      var entry = days[name] ?? Day(day: day)
      switch change {
      case .drop(let holder):
        entry.units[holder] = nil
        entry.reserves.remove(holder)
      case .learn(let limit, let used, let underWay):
        entry.limit = limit
        let counted = entry.units.filter { !underWay.contains($0.key) && !entry.reserves.contains($0.key) }
        entry.others = used - counted.values.reduce(0, +)
      }
      days[name] = entry
    }
    changes = []
  }

  /// Takes the units of all claims, or of none and says which there are too few for. What a holder has already is not
  /// taken again.
  mutating func take(_ own: BudgetClaim?, reserving kept: [BudgetClaim], on day: String) -> BudgetShortage? {
    var taken = days
    for (claim, isKept) in [own].compactMap({ $0 }).map({ ($0, false) }) + kept.map({ ($0, true) }) {
      var entry = taken[claim.name] ?? Day(day: day)
      if let reserve = claim.reserve, let had = entry.units[reserve] {
        let rest = max(0, had - claim.units)
        entry.units[reserve] = rest == 0 ? nil : rest
        if rest == 0 { entry.reserves.remove(reserve) }
      }
      let before = entry.units[claim.holder] ?? 0
      let limit = entry.limit ?? claim.documented
      guard entry.used - before + claim.units <= limit || before >= claim.units else {
        return BudgetShortage(
          claim: claim, limit: limit, used: entry.used - before, kept: entry.reserved, day: day)
      }
      entry.units[claim.holder] = max(before, claim.units)
      if isKept { entry.reserves.insert(claim.holder) }
      taken[claim.name] = entry
    }
    days = taken
    return nil
  }

  // MARK: Shared with other processes

  mutating func adopt(_ texts: [String: String]) { for (name, text) in texts { days[name] = Day(text) } }

  func texts(_ names: [String]) -> [String: String] {
    Dictionary(names.compactMap { name in days[name].map { (name, $0.text) } }) { first, _ in first }
  }
}

extension BudgetLedger.Day {
  fileprivate var reserved: Int { reserves.reduce(0) { $0 + (units[$1] ?? 0) } }

  /// One JSON object.
  fileprivate var text: String {
    let holders = Record(units.sorted { $0.key < $1.key }.map { ($0.key, .int($0.value)) })
    let record: Record = [
      "day": .text(day), "limit": limit.map(Value.int) ?? .null, "others": .int(others), "units": .record(holders),
      "reserves": .list(reserves.sorted().map(Value.text)),
    ]
    return JSON.print(.record(record))
  }

  /// A text that makes no sense is an empty day.
  fileprivate init?(_ text: String) {
    guard let record = try? JSON.parse(text).asRecord, let day = record["day"]?.asText else { return nil }
    self.init(day: day, limit: record["limit"]?.asInt, others: record["others"]?.asInt ?? 0)
    for (holder, value) in record["units"]?.asRecord ?? Record() { units[holder] = value.asInt ?? 0 }
    reserves = Set((record["reserves"]?.asList ?? []).compactMap(\.asText))
  }
}
