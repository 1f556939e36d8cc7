import Values

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The time of the machine.
package enum WallClock {
  @Sendable package static func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// Returns early when the task is cancelled.
  @Sendable package static func wait(_ duration: Duration) async { try? await Task.sleep(for: duration) }
}

/// Begins as the wall clock stood when the process first looked, and goes on evenly from there, asleep or awake: who
/// sets the machine's clock moves no deadline.
package enum SteadyClock {
  private static let origin = (wall: WallClock.now(), mark: ContinuousClock.now)

  @Sendable package static func now() -> Instant { origin.wall + (ContinuousClock.now - origin.mark) }
}
