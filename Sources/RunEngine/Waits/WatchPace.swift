import CloudCatalog
import Values

/// When to look next at work under way: seldom at first, often about the time at which it should end, and ever less
/// often when it is late.
struct WatchPace: Sendable {
  private struct Experience: Sendable {
    var count: Int
    var mean: Duration
    var least: Duration
  }
  private var learned: [ActionID: Experience] = [:]
  /// From where ticks are counted: when the first work began, so that they fall alike in a plan and in the run of it.
  private var origin = Instant(milliseconds: 0)

  static let finest = Duration.milliseconds(100)
  static let coarsest = Duration.seconds(15)
  private static let firstRest = Duration.milliseconds(250)
  /// When a look at each of those that are asked for one by one takes longer than this, looks are scarce.
  private static let leisure = Duration.milliseconds(500)
  /// As many ends have to be seen before looks wait for the shortest time that one took.
  private static let trustedCount = 20

  mutating func begin(at origin: Instant) { self.origin = origin }

  mutating func saw(_ action: ActionID, take duration: Duration) {
    var known = learned[action] ?? Experience(count: 0, mean: duration, least: duration)
    known.count += 1
    known.mean = (known.mean * 7 + duration * 3) / 10
    known.least = min(known.least, duration)
    learned[action] = known
  }

  /// How long the work of an action should take.
  func expected(_ action: ActionID, books: Duration) -> Duration { learned[action]?.mean ?? books }

  /// Before this much time has passed, an end is not likely.
  func earliest(_ action: ActionID, books: Duration) -> Duration {
    guard let known = learned[action], isKnown(action) else { return expected(action, books: books) * 7 / 10 }
    return known.least
  }

  /// Whether no end has been seen yet.
  func isNew(_ action: ActionID) -> Bool { learned[action] == nil }

  private func isKnown(_ action: ActionID) -> Bool { learned[action]?.count ?? 0 >= WatchPace.trustedCount }

  /// `pressure` is how long one look at each of all that have to be asked for one by one takes at the limit.
  func nextLook(
    at action: ActionID, books: Duration, after now: Instant, since: Instant, deadline: Instant, pressure: Duration
  ) -> Instant {
    let expected = expected(action, books: books)
    let fromThen = earliest(action, books: books)
    let elapsed = max(.zero, now - since)
    var tick = WatchPace.bounded(expected / 40)
    var rest: Duration
    if elapsed < fromThen, isKnown(action) {
      tick = WatchPace.finest
      rest = fromThen - elapsed
    } else if elapsed < fromThen {
      // The books may be far off: the first ends decide how long everything behind them waits. These looks are far
      // between, and so told by the work's beginning alone: what the looks before took would shift all that follow.
      rest = min(restOnRungs(since, at: now), max(tick, fromThen - elapsed))
      tick = pressure > WatchPace.leisure ? WatchPace.bounded(rest / 2) : .milliseconds(1)
    } else if elapsed < expected * 5 / 4 {
      // What comes late to the next action's limit at the beginning is late to the end.
      tick = WatchPace.bounded(expected / 80)
      rest = tick
    } else if elapsed < expected * 2 {
      rest = tick
    } else {
      rest = min(WatchPace.coarsest, max(tick, elapsed / 10))
    }
    if pressure > WatchPace.leisure {
      // A look that comes too early takes the place of one that would have seen the end.
      rest = max(rest, pressure, expected - elapsed)
    }
    // An answer comes a little after its tick: the next one is a tick later, not two.
    let at = elapsed < fromThen ? now + rest + tick - .milliseconds(1) : now + rest
    return min(deadline, aligned(at, to: tick))
  }

  /// Until the next of the looks that come ever less often after the beginning. Work that begins nearly at once is
  /// looked at together.
  private func restOnRungs(_ since: Instant, at now: Instant) -> Duration {
    let first = WatchPace.firstRest.milliseconds
    let elapsed = (now - aligned(since + .milliseconds(first / 2), to: WatchPace.firstRest)).milliseconds
    var rung = first
    while rung <= elapsed { rung += max(first, rung / 4) }
    return .milliseconds(rung - elapsed)
  }

  private static func bounded(_ duration: Duration) -> Duration { min(max(duration, finest), coarsest) }

  /// Looks fall on common ticks, so that those about the same kind of thing coincide: the last one up to then.
  private func aligned(_ at: Instant, to tick: Duration) -> Instant {
    let size = tick.milliseconds
    return origin + .milliseconds((at - origin).milliseconds / size * size)
  }
}
