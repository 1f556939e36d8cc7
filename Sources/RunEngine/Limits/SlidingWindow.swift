import Values

/// Holds one limit: never more than so many calls in any second, as the server sees them.
///
/// The server sees a call somewhere between its leaving and its answer. So a call takes its place in the window from
/// its leaving until one second after its answer came, or after ``arrivalAllowance`` when the answer takes longer: then
/// a slow action still gets 95 % of its limit.
package struct SlidingWindow: Sendable {
  /// How long a request may be under way to the server before the window stops waiting for its answer.
  package static let arrivalAllowance = Duration.milliseconds(50)
  private static let second = Duration.milliseconds(1001)

  /// Calls a second that the contract allows.
  private let limit: Int
  /// What the server lets through just now: lowered when it throttles, raised by one a second after.
  private var effective: Int
  private var pausedUntil: Instant?
  private var raisedAt: Instant?
  /// When each place becomes free again, by call.
  private var freeAt: [Int: Instant] = [:]

  package init(limit: Int) {
    self.limit = max(1, limit)
    effective = max(1, limit)
  }

  /// Whether a call may leave now. Forgets places that have become free.
  package mutating func admits(at now: Instant) -> Bool {
    recover(at: now)
    if let pausedUntil, now < pausedUntil { return false }
    freeAt = freeAt.filter { $0.value > now }
    return freeAt.count < effective
  }

  /// The next moment at which ``admits(at:)`` may change its mind.
  package func nextChange(after now: Instant) -> Instant? {
    if let pausedUntil, now < pausedUntil { return pausedUntil }
    return freeAt.values.filter { $0 > now }.min()
  }

  package mutating func left(_ call: Int, at now: Instant) {
    freeAt[call] = now + SlidingWindow.arrivalAllowance + SlidingWindow.second
  }

  package mutating func returned(_ call: Int, at now: Instant, throttled: Bool) {
    if let latest = freeAt[call] { freeAt[call] = min(latest, now + SlidingWindow.second) }
    // Calls that left together are throttled together: that is one reason to slow down, not several.
    guard throttled, pausedUntil.map({ now >= $0 }) ?? true else { return }
    effective = max(1, effective * 3 / 4)
    pausedUntil = now + SlidingWindow.second
    raisedAt = now
  }

  // MARK: Shared with other processes

  /// `effective paused raised call:free,call:free`, instants in milliseconds, `-` for none. The limit itself is not
  /// there: each process has its own idea of it.
  package var text: String {
    let instants = [pausedUntil, raisedAt].map { $0.map { String($0.milliseconds) } ?? "-" }
    let places = freeAt.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.milliseconds)" }
    let rate = effective == limit ? "-" : String(effective)
    return ([rate] + instants + [places.joined(separator: ",")]).joined(separator: " ")
  }

  /// Takes over what another process knows. A text that makes no sense changes nothing. An instant that cannot be, as
  /// after the clock was set back, is moved to where it may be.
  package mutating func adopt(_ text: String, at now: Instant) {
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return }
    func instant(_ text: some StringProtocol, _ range: ClosedRange<Instant>) -> Instant? {
      Int64(text).map { min(max(Instant(milliseconds: $0), range.lowerBound), range.upperBound) }
    }
    effective = Int(parts[0]).map { min(limit, max(1, $0)) } ?? limit
    pausedUntil = instant(parts[1], now...now + SlidingWindow.second)
    raisedAt = instant(parts[2], now - .seconds(limit)...now) ?? now
    let latest = now + SlidingWindow.arrivalAllowance + SlidingWindow.second
    freeAt = [:]
    for place in parts[3].split(separator: ",") {
      let pair = place.split(separator: ":")
      guard pair.count == 2, let call = Int(pair[0]) else { continue }
      freeAt[call] = instant(pair[1], now...latest)
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
