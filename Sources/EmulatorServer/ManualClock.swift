import Synchronization
import Values

/// A clock that stands still until it is told to go on.
package final class ManualClock: Sendable {
  private let state: Mutex<Instant>

  package init(_ instant: Instant) { state = Mutex(instant) }

  package var now: Instant { state.withLock { $0 } }

  /// The instant after it.
  @discardableResult
  package func advance(by duration: Duration) -> Instant {
    state.withLock { instant in
      instant = instant + max(duration, .zero)
      return instant
    }
  }

  /// Back or forth, as when a snapshot is restored.
  package func set(_ instant: Instant) { state.withLock { $0 = instant } }
}

/// The times that a server goes by.
struct ServerTime: Sendable {
  private let wall: @Sendable () -> Instant
  let manual: ManualClock?

  init(_ configuration: ServerConfiguration) {
    wall = configuration.clock
    manual = configuration.manualClock
  }

  /// The cloud's.
  var cloud: Instant { manual?.now ?? wall() }
  /// What signatures are held against: clients sign by the time of the world outside.
  var signatures: Instant { wall() }
}
