import CloudCatalog
import Values

/// The calls of the last second, by what a limit counts. Exact: with a rate of 20, of the calls in any 1000 ms at most
/// 20 are let through. Calls that it turns away do not count.
struct RateLimits: Sendable {
  struct Key: Hashable, Sendable {
    let account: String
    let region: String
    let action: ActionID
  }

  /// The last `rate` instants, oldest at `head` once it is full.
  private struct Window: Sendable {
    var instants: [Int64] = []
    var head = 0

    mutating func admit(rate: Int, now: Int64) -> Bool {
      if instants.count < rate {
        instants.append(now)
        return true
      }
      guard rate > 0, instants[head] <= now - 1000 else { return false }
      instants[head] = now
      head = (head + 1) % instants.count
      return true
    }
  }

  private var windows: [Key: Window] = [:]

  mutating func admit(_ key: Key, rate: Int, now: Instant) -> Bool {
    windows[key, default: Window()].admit(rate: rate, now: now.milliseconds)
  }
}
