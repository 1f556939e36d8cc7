import CloudCatalog
import Values

/// The calls of the last second, by what a limit counts. Exact: with a rate of 20, of the calls in any 1000 ms at most
/// 20 are let through. Calls that it turns away do not count.
struct RateLimits: Sendable {
  struct Key: Hashable, Sendable {
    let account: String
    let region: String
    let action: ActionID

    /// These tell nearly all apart, and are hashed with every call.
    func hash(into hasher: inout Hasher) {
      hasher.combine(region)
      hasher.combine(action.name)
    }
  }

  /// As many of the last instants as a limit may need, oldest at `head` once it is full.
  private struct Window: Sendable {
    var instants: [Int64] = []
    var head = 0

    mutating func admit(_ rate: Int, capacity: Int, now: Int64) -> Bool {
      guard rate > 0 else { return false }
      let count = instants.count
      if count >= rate, instants[(head + count - rate) % count] > now - 1000 { return false }
      if count < capacity {
        instants.append(now)
      } else {
        instants[head] = now
        head = (head + 1) % count
      }
      return true
    }
  }

  private var windows: [Key: Window] = [:]

  /// `ceiling` is a lower limit that holds for a while.
  mutating func admit(_ key: Key, rate: Int, ceiling: Int? = nil, now: Instant) -> Bool {
    windows[key, default: Window()].admit(
      min(rate, ceiling ?? rate), capacity: rate, now: now.milliseconds)
  }
}
