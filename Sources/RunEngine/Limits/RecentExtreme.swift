import Values

/// The shortest or the longest of the durations noted in the last term or two.
struct RecentExtreme: Sendable {
  private struct Generation: Sendable {
    var extreme: Duration
    var count: Int
  }
  // Asked for twice with every call: milliseconds are compared at once, durations are not.
  private let termMilliseconds: Int64
  /// Which of two is to be kept.
  private let better: @Sendable (Duration, Duration) -> Bool
  private var current: Generation?
  private var previous: Generation?
  private var since = Instant(milliseconds: 0)

  init(term: Duration, better: @escaping @Sendable (Duration, Duration) -> Bool) {
    (termMilliseconds, self.better) = (term.milliseconds, better)
  }

  mutating func note(_ duration: Duration, at now: Instant) {
    let age = now.milliseconds - since.milliseconds
    if age >= termMilliseconds {
      (previous, current) = (age < 2 * termMilliseconds ? current : nil, nil)
      since = now
    }
    guard let known = current else {
      current = Generation(extreme: duration, count: 1)
      return
    }
    current?.count += 1
    if better(duration, known.extreme) { current?.extreme = duration }
  }

  /// Nil when there are fewer than so many.
  func value(at now: Instant, least count: Int = 1) -> Duration? {
    let age = now.milliseconds - since.milliseconds
    let (new, old) = (age < 2 * termMilliseconds ? current : nil, age < termMilliseconds ? previous : nil)
    guard (new?.count ?? 0) + (old?.count ?? 0) >= count else { return nil }
    guard let new, let old else { return new?.extreme ?? old?.extreme }
    return better(old.extreme, new.extreme) ? old.extreme : new.extreme
  }
}
