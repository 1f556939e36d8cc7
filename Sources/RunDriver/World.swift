import CloudCatalog
import RunEngine
import Values

/// The outside of a live or emulated run: a clock and a cloud. (The simulated world has no waiting: see
/// ``SimulatedRun``.)
package protocol World: Sendable {
  /// Whose limits the calls count against.
  var account: String { get }
  /// Goes on evenly whatever is done to the machine's clock.
  func now() -> Instant
  /// The machine's clock, by which processes deal with each other.
  func wall() -> Instant
  func sleep(until: Instant) async
  func send(_ call: CloudCall) async -> Reply
}

extension World {
  package func wall() -> Instant { now() }
}

/// What a driver tells while a run is under way.
package enum RunObservation: Sendable {
  /// As it is stored, and what that means.
  case record(StoredRecord, JournalRecord)
  case notice(Instant, RunNotice)
}
