import Values

/// The shortest or the longest of the durations noted in the last term or two.
struct RecentExtreme: Sendable {
  private struct Generation: Sendable {
    var extreme: Duration
    var count: Int
  }
  private let term: Duration
  /// Which of two is to be kept.
  private let better: @Sendable (Duration, Duration) -> Bool
  private var current: Generation?
  private var previous: Generation?
  private var since = Instant(milliseconds: 0)

  init(term: Duration, better: @escaping @Sendable (Duration, Duration) -> Bool) {
    (self.term, self.better) = (term, better)
  }

  mutating func note(_ duration: Duration, at now: Instant) {
    if now - since >= term {
      (previous, current) = (now - since < term * 2 ? current : nil, nil)
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
    let kept = [now - since < term * 2 ? current : nil, now - since < term ? previous : nil].compactMap { $0 }
    guard kept.reduce(0, { $0 + $1.count }) >= count else { return nil }
    return kept.map(\.extreme).reduce(nil) { known, other in known.map { better(other, $0) ? other : $0 } ?? other }
  }
}
