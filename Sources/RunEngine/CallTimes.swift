import Values

/// How long the calls of a step, its attempts and looks together, waited: for what another change held, for their turn,
/// and for their answers. Stored with the outcome.
package struct CallTimes: Hashable, Sendable {
  package var lock = Duration.zero
  /// What was held, by its id; the last of several. Nil when nothing was.
  package var key: String?
  package var bucket = Duration.zero
  package var latency = Duration.zero

  package init() {}

  /// Nil when the record has none.
  package init?(_ payload: Record) {
    guard let bucket = payload["bucket_ms"]?.asInt, let latency = payload["latency_ms"]?.asInt else { return nil }
    (self.bucket, self.latency) = (.milliseconds(bucket), .milliseconds(latency))
    if let lock = payload["lock_ms"]?.asInt { self.lock = .milliseconds(lock) }
    key = payload["lock_key"]?.asText
  }

  /// One more call has been answered.
  package mutating func add(_ sending: RunMachine.Sending, answeredAt now: Instant) {
    bucket += sending.leftAt - sending.queuedAt
    latency += now - sending.leftAt
  }

  mutating func add(_ other: CallTimes) {
    lock += other.lock
    bucket += other.bucket
    latency += other.latency
    key = other.key ?? key
  }

  var payload: Record {
    var record: Record = [
      "bucket_ms": .int(Int(bucket.milliseconds)), "latency_ms": .int(Int(latency.milliseconds)),
    ]
    if let key { (record["lock_ms"], record["lock_key"]) = (.int(Int(lock.milliseconds)), .text(key)) }
    return record
  }
}
