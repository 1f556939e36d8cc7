import Values

/// The right to drive a run, for a while: it is renewed while the run is driven, and another may take the run when it
/// has expired.
package struct Lease: Hashable, Sendable {
  /// How long a lease lasts unless it is renewed.
  package static let term = Duration.seconds(30)

  package let run: RunID
  /// Who holds it, in words for people: `belay 4711 on edge-1`.
  package let owner: String
  /// One more with each taking. What the holder of an older one writes is refused by the store.
  package let fence: Int
  package let expiresAt: Instant

  package init(run: RunID, owner: String, fence: Int, expiresAt: Instant) {
    self.run = run
    self.owner = owner
    self.fence = fence
    self.expiresAt = expiresAt
  }
}

/// What somebody asks of the process that drives a run.
package struct RunRequest: Hashable, Sendable {
  /// Rises within the requests of a run that are not settled.
  package let number: Int
  package let at: Instant
  /// One JSON object, such as a store keeps it.
  package let payload: String

  package init(number: Int, at: Instant, payload: String) {
    self.number = number
    self.at = at
    self.payload = payload
  }
}
