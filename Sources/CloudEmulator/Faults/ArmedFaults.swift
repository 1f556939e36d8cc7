import CloudCatalog
import Values

/// A fault that waits for its calls, or a condition that holds.
package struct ArmedFault: Sendable, Hashable {
  /// By which it is cleared; never used twice in a cloud.
  package let number: Int
  package let fault: Fault
  /// Before it, nothing counts or strikes.
  package let from: Instant
  /// How many calls it has seen, and how many of them it struck.
  package internal(set) var seen = 0
  package internal(set) var struck = 0

  /// When it ends by itself.
  package var until: Instant? {
    if case .storm(_, let lasting) = fault { from + lasting } else { nil }
  }

  /// A fault of one call that has had it.
  fileprivate var isSpent: Bool {
    if case .onCall(_, .call(let nth), _) = fault { seen >= nth } else { false }
  }

  package var value: Value {
    [
      "Number": .int(number), "Fault": .text(fault.description), "From": .int(Int(from.milliseconds)),
      "Seen": .int(seen), "Struck": .int(struck),
    ]
  }
}

/// The faults that wait for their call, and the conditions that hold.
struct ArmedFaults: Sendable {
  /// What one call gets.
  struct Strike: Sendable {
    var outcome: Fault.Kind?
    var delay = Duration.zero
    var slow: Duration?
  }

  private(set) var all: [ArmedFault] = []
  private var count = 0
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: SplitMix64.mix(seed, "faults")) }

  /// Draws anew from here on.
  mutating func reseed(_ seed: UInt64) { generator = SplitMix64(seed: SplitMix64.mix(seed, "faults")) }

  @discardableResult
  mutating func arm(_ fault: Fault, from instant: Instant) -> ArmedFault {
    count += 1
    let armed = ArmedFault(number: count, fault: fault, from: instant)
    all.append(armed)
    return armed
  }

  /// Whether there was one of that number.
  mutating func clear(_ number: Int) -> Bool {
    let before = all.count
    all.removeAll { $0.number == number }
    return all.count < before
  }

  mutating func clearAll() { all = [] }

  /// Counts a call of the action for all its faults. Of those that it sets off, the first says how the call ends;
  /// latencies add up.
  mutating func strike(_ action: ActionID, now: Instant) -> Strike {
    var strike = Strike()
    guard !all.isEmpty else { return strike }
    all.removeAll { armed in armed.until.map { $0 <= now } ?? false }
    for index in all.indices where all[index].from <= now {
      guard case .onCall(let target, let moment, let kind) = all[index].fault, target.covers(action) else { continue }
      all[index].seen += 1
      guard isDue(moment, seen: all[index].seen) else { continue }
      all[index].struck += 1
      switch kind {
      case .latency(let distribution): strike.delay += distribution.draw(&generator)
      case .slow(let duration): strike.slow = strike.slow ?? duration
      case _ where strike.outcome == nil: strike.outcome = kind
      default: break
      }
    }
    all.removeAll { $0.isSpent }
    return strike
  }

  private mutating func isDue(_ moment: Fault.Moment, seen: Int) -> Bool {
    switch moment {
    case .call(let nth): seen == nth
    case .every(let count): seen % count == 0
    case .chance(let chance): generator.fraction() < chance
    }
  }

  /// The lowest rate of the storms that blow.
  func stormRate(now: Instant) -> Int? {
    holding(now).compactMap { if case .storm(let rate, _) = $0 { rate } else { nil } }.min()
  }

  func isSoldOut(zone: String, carrier: String?, now: Instant) -> Bool {
    holding(now).contains { fault in
      guard case .soldOut(zone, let own) = fault else { return false }
      return own == nil || carrier.map { $0.split(separator: ";").contains { $0 == own ?? "" } } ?? false
    }
  }

  func skew(now: Instant) -> Duration {
    holding(now).reduce(.zero) { sum, fault in if case .skew(let skew) = fault { sum + skew } else { sum } }
  }

  private func holding(_ now: Instant) -> [Fault] {
    all.isEmpty ? [] : all.filter { $0.from <= now && ($0.until.map { now < $0 } ?? true) }.map(\.fault)
  }
}
