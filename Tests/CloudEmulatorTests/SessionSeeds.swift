import Foundation

/// How long random sessions are, and how many there are.
enum SessionSeeds {
  /// Calls of a session.
  static let calls = 10_000
  /// Between looks at everything that must hold.
  static let callsBetweenLooks = 500

  /// One, for a short suite. `BELAY_SEEDS=17:1` plays that of seed 17, `BELAY_SEEDS=2:20` twenty sessions, as
  /// contrib/soak does.
  static let all: [UInt64] = {
    let words =
      ProcessInfo.processInfo.environment["BELAY_SEEDS"]?.split(separator: ":").compactMap { UInt64($0) } ?? []
    return words.count == 2 ? Array(words[0]..<(words[0] + words[1])) : [1]
  }()
}
