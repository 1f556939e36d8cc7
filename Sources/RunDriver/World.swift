import CloudCatalog
import RunEngine
import Values

/// The outside of a live or emulated run: a clock and a cloud. (The simulated world has no waiting: see
/// ``SimulatedRun``.)
package protocol World: Sendable {
  /// Whose limits the calls count against.
  var account: String { get }
  func now() -> Instant
  func sleep(until: Instant) async
  func send(_ call: CloudCall) async -> Reply
}

/// What a driver tells while a run is under way.
package enum RunObservation: Sendable {
  case record(Instant, JournalRecord)
  case notice(Instant, RunNotice)
}
