import Values

/// Holds one limit: never more than so many calls in any second, as the server sees them.
///
/// The server sees a call somewhere between its leaving and its answer, and a call keeps its place in the window until
/// one second after the latest moment at which it can have been seen: its answer's, or, when the answer takes no longer
/// than this action's answers do, ``arrivalAllowance`` after its leaving, so that a slow action still gets 95 % of its
/// limit. An answer that is later than usual may have been late on its way to the server: its call counts from as much
/// later.
package struct SlidingWindow: Sendable {
  /// How long a request is under way to the server, unless its answer is late.
  package static let arrivalAllowance = Duration.milliseconds(50)
  /// A request without an answer for so long has reached the server or never will.
  private static let patience = Duration.seconds(2)
  private static let second = Duration.milliseconds(1001)

  /// Calls a second that the contract allows.
  private let limit: Int
  /// What the server lets through just now: lowered when it throttles, raised by one a second after.
  private var effective: Int
  private var pausedUntil: Instant?
  private var raisedAt: Instant?
  /// When each place becomes free again, by call.
  private var freeAt: [Int: Instant] = [:]
  /// The same by time. A place that became free earlier than it was to be stands here twice.
  private var agenda = Agenda<Int>()
  /// When this process's calls without an answer left.
  private var leftAt: [Int: Instant] = [:]
  /// The shortest latency of late: how long the server works on a call at least.
  private var shortest = RecentExtreme(term: .seconds(30), better: { $0 < $1 })

  package init(limit: Int) {
    self.limit = max(1, limit)
    effective = max(1, limit)
  }

  /// Whether a call may leave now. Forgets places that have become free.
  package mutating func admits(at now: Instant) -> Bool {
    recover(at: now)
    if let pausedUntil, now < pausedUntil { return false }
    while let call = agenda.popDue(at: now) {
      if let at = freeAt[call], at <= now { freeAt[call] = nil }
    }
    return freeAt.count < effective
  }

  /// The next moment at which ``admits(at:)`` may change its mind.
  package func nextChange(after now: Instant) -> Instant? {
    if let pausedUntil, now < pausedUntil { return pausedUntil }
    return agenda.next.map { max($0, now + .milliseconds(1)) }
  }

  /// `pathDelay` is the longest that requests were under way to the server of late, when that is known.
  package mutating func left(_ call: Int, at now: Instant, pathDelay: Duration? = nil) {
    leftAt[call] = now
    let usual = shortest.value(at: now) ?? .zero
    let isExpectedLate = usual >= SlidingWindow.arrivalAllowance + SlidingWindow.second
    var seen = isExpectedLate ? SlidingWindow.arrivalAllowance : SlidingWindow.patience
    if let pathDelay, usual > SlidingWindow.arrivalAllowance { seen = max(pathDelay, SlidingWindow.arrivalAllowance) }
    free(call, at: now + seen + SlidingWindow.second)
  }

  private mutating func free(_ call: Int, at: Instant) {
    freeAt[call] = at
    agenda.insert(call, at: at)
  }

  /// Returns how long the request may have been under way at most, when the action is one that is answered at once.
  @discardableResult
  package mutating func returned(
    _ call: Int, at now: Instant, throttled: Bool, pathDelay: Duration? = nil
  ) -> Duration? {
    var delay: Duration?
    if let left = leftAt.removeValue(forKey: call) {
      let latency = max(.zero, now - left)
      if !throttled { shortest.note(latency, at: now) }
      let usual = max(shortest.value(at: now) ?? .zero, SlidingWindow.arrivalAllowance)
      if usual == SlidingWindow.arrivalAllowance { delay = latency }
      settle(call, left, latency, usual, pathDelay)
    } else if let latest = freeAt[call], now + SlidingWindow.second < latest {
      free(call, at: now + SlidingWindow.second)
    }
    // Calls that left together are throttled together: that is one reason to slow down, not several.
    guard throttled, pausedUntil.map({ now >= $0 }) ?? true else { return delay }
    effective = max(1, effective * 3 / 4)
    pausedUntil = now + SlidingWindow.second
    raisedAt = now
    return delay
  }

  /// The place of an answered call, by the latest moment at which the server can have seen it.
  private mutating func settle(
    _ call: Int, _ left: Instant, _ latency: Duration, _ usual: Duration, _ pathDelay: Duration?
  ) {
    guard let latest = freeAt[call] else { return }
    var seen = SlidingWindow.arrivalAllowance + max(.zero, latency - usual)
    if let pathDelay, usual > SlidingWindow.arrivalAllowance {
      seen = min(seen, max(pathDelay, SlidingWindow.arrivalAllowance))
    }
    let at = left + min(seen, latency) + SlidingWindow.second
    if at < latest { free(call, at: at) }
  }

  // MARK: Shared with other processes

  /// `effective paused raised call:free,call:free`, instants of the wall clock in milliseconds, `-` for none. The limit
  /// itself is not there: each process has its own idea of it.
  package func text(_ wallAhead: Duration) -> String {
    let instants = [pausedUntil, raisedAt].map { $0.map { String(($0 + wallAhead).milliseconds) } ?? "-" }
    let places = freeAt.sorted { $0.key < $1.key }.map { "\($0.key):\(($0.value + wallAhead).milliseconds)" }
    let rate = effective == limit ? "-" : String(effective)
    return ([rate] + instants + [places.joined(separator: ",")]).joined(separator: " ")
  }

  /// Takes over what another process knows. A text that makes no sense changes nothing. An instant that cannot be, as
  /// after the clock was set back, is moved to where it may be.
  package mutating func adopt(_ text: String, at now: Instant, wallAhead: Duration) {
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return }
    func instant(_ text: some StringProtocol, _ range: ClosedRange<Instant>) -> Instant? {
      Int64(text).map { min(max(Instant(milliseconds: $0) - wallAhead, range.lowerBound), range.upperBound) }
    }
    effective = Int(parts[0]).map { min(limit, max(1, $0)) } ?? limit
    pausedUntil = instant(parts[1], now...now + SlidingWindow.second)
    raisedAt = instant(parts[2], now - .seconds(limit)...now) ?? now
    let latest = now + SlidingWindow.patience + SlidingWindow.second
    (freeAt, agenda) = ([:], Agenda())
    for place in parts[3].split(separator: ",") {
      let pair = place.split(separator: ":")
      guard pair.count == 2, let call = Int(pair[0]), let at = instant(pair[1], now...latest) else { continue }
      free(call, at: at)
    }
  }

  private mutating func recover(at now: Instant) {
    guard effective < limit, let since = raisedAt else { return }
    let seconds = Int((now - since).milliseconds / 1000)
    guard seconds > 0 else { return }
    effective = min(limit, effective + seconds)
    raisedAt = since + .seconds(seconds)
  }
}
