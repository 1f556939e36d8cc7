import Values

extension Fault.Kind {
  package static let spellings = [
    "refused=CODE", "throttled", "lost-before-effect", "lost-after-effect", "async-failure", "stuck", "partial=COUNT",
    "server-error", "http=STATUS", "http-after-effect=STATUS", "garbage", "latency=DURATION",
    "latency=uniform(FROM,TO)", "latency=exponential(MEAN)", "slow=DURATION",
  ]

  package var spelling: String {
    switch self {
    case .refused(let code): "refused=\(code)"
    case .throttled: "throttled"
    case .lostBefore: "lost-before-effect"
    case .lostAfter: "lost-after-effect"
    case .asyncFailure: "async-failure"
    case .stuck: "stuck"
    case .partial(let count): "partial=\(count)"
    case .serverError: "server-error"
    case .status(let code): "http=\(code)"
    case .statusAfter(let code): "http-after-effect=\(code)"
    case .garbage: "garbage"
    case .latency(let distribution): "latency=\(distribution.spelling)"
    case .slow(let duration): "slow=\(duration.belayText)"
    }
  }

  package init?(_ text: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let kind = parts.count == 1 ? Fault.Kind(word: text) : Fault.Kind(word: parts[0], value: parts[1])
    guard let kind else { return nil }
    self = kind
  }

  private init?(word: String) {
    switch word {
    case "throttled": self = .throttled
    case "lost-before-effect": self = .lostBefore
    case "lost-after-effect": self = .lostAfter
    case "async-failure": self = .asyncFailure
    case "stuck": self = .stuck
    case "partial": self = .partial(1)
    case "server-error": self = .serverError
    case "garbage": self = .garbage
    default: return nil
    }
  }

  private init?(word: String, value: String) {
    switch word {
    case "refused" where !value.isEmpty: self = .refused(code: value)
    case "partial":
      guard let count = Int(value), count >= 1 else { return nil }
      self = .partial(count)
    case "http":
      guard let code = Int(value), (500...599).contains(code) else { return nil }
      self = .status(code)
    case "http-after-effect":
      guard let code = Int(value), (500...599).contains(code) else { return nil }
      self = .statusAfter(code)
    case "latency":
      guard let distribution = LatencyDistribution(value) else { return nil }
      self = .latency(distribution)
    case "slow":
      guard let duration = Duration(faultText: value), duration > .zero else { return nil }
      self = .slow(duration)
    default: return nil
    }
  }
}

extension Duration {
  /// `250ms`, `30s`, `15min`, `2h`, `1d`, with a minus before it when it is negative; at most 100 years.
  package init?(faultText text: String) {
    let isNegative = text.hasPrefix("-")
    let body = isNegative ? text.dropFirst() : text[...]
    let digits = body.prefix { ("0"..."9").contains($0) }
    let units: [Substring: Int64] = ["ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000]
    guard let count = Int64(digits), let unit = units[body.dropFirst(digits.count)],
      count <= 3_153_600_000_000 / unit
    else { return nil }
    self = .milliseconds((isNegative ? -count : count) * unit)
  }
}
