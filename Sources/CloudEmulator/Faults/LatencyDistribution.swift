import Values

/// How long an answer takes to begin.
package enum LatencyDistribution: Sendable, Hashable {
  case fixed(Duration)
  /// Both ends included, in whole milliseconds.
  case uniform(Duration, Duration)
  case exponential(mean: Duration)

  /// No answer takes longer, however seldom a drawn one would.
  static let longest = Duration.minutes(10)

  /// `200ms`, `uniform(100ms,300ms)`, `exponential(200ms)`
  init?(_ text: String) {
    if let duration = Duration(faultText: text), duration >= .zero {
      self = .fixed(duration)
      return
    }
    guard text.hasSuffix(")"), let open = text.firstIndex(of: "(") else { return nil }
    let inner = text[text.index(after: open)...].dropLast()
    let ends = inner.split(separator: ",", omittingEmptySubsequences: false).map { part in
      Duration(faultText: String(part.drop { $0 == " " }))
    }
    switch (text[..<open], ends.count) {
    case ("uniform", 2):
      guard let low = ends[0], let high = ends[1], low >= .zero, low <= high else { return nil }
      self = .uniform(low, high)
    case ("exponential", 1):
      guard let mean = ends[0], mean > .zero else { return nil }
      self = .exponential(mean: mean)
    default: return nil
    }
  }

  var spelling: String {
    switch self {
    case .fixed(let duration): duration.belayText
    case .uniform(let low, let high): "uniform(\(low.belayText),\(high.belayText))"
    case .exponential(let mean): "exponential(\(mean.belayText))"
    }
  }

  func draw(_ generator: inout SplitMix64) -> Duration {
    let drawn: Duration =
      switch self {
      case .fixed(let duration): duration
      case .uniform(let low, let high):
        .milliseconds(Int64(generator.within(Int(low.milliseconds)...Int(high.milliseconds))))
      case .exponential(let mean):
        .milliseconds(Int64(min(-(1 - generator.fraction()).naturalLogarithm * Double(mean.milliseconds), 1e12)))
      }
    return min(drawn, LatencyDistribution.longest)
  }
}

extension SplitMix64 {
  /// At least 0 and less than 1.
  mutating func fraction() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }
}

extension Double {
  /// Of a positive number. Computed here, so that every platform draws the same latencies from a seed: ln of the
  /// exponent, and of the significand by the series of the area tangent.
  var naturalLogarithm: Double {
    let ratio = (significand - 1) / (significand + 1)
    var (power, sum) = (ratio, 0.0)
    for odd in stride(from: 1, through: 33, by: 2) {
      sum += power / Double(odd)
      power *= ratio * ratio
    }
    return Double(exponent) * 0.693_147_180_559_945_3 + 2 * sum
  }
}
