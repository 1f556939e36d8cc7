import Values

/// How long the calls of a step, its attempts and looks together, waited for their turn and for their answers. Stored
/// with the outcome.
package struct CallTimes: Hashable, Sendable {
  package var bucket = Duration.zero
  package var latency = Duration.zero

  package init() {}

  /// Nil when the record has none.
  package init?(_ payload: Record) {
    guard let bucket = payload["bucket_ms"]?.asInt, let latency = payload["latency_ms"]?.asInt else { return nil }
    (self.bucket, self.latency) = (.milliseconds(bucket), .milliseconds(latency))
  }

  var payload: Record {
    ["bucket_ms": .int(Int(bucket.milliseconds)), "latency_ms": .int(Int(latency.milliseconds))]
  }
}
