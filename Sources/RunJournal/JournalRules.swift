import RunEngine
import Values

/// What holds for every store, and how its problems are worded.
enum JournalRules {
  /// Nil when the records follow one another from `next` on.
  static func gap(in records: [StoredRecord], next: Int, run: RunID, in place: String) -> JournalProblem? {
    for (offset, record) in records.enumerated() where record.sequence != next + offset {
      return JournalProblem(
        .conflict,
        "record \(record.sequence) of run \(run) cannot be appended to \(place), where \(next + offset) is next; "
          + "is another process at work on the run?")
    }
    return nil
  }

  static func exists(_ run: RunID, in place: String) -> JournalProblem {
    JournalProblem(.conflict, "\(place) already has a run \(run)")
  }

  static func missing(_ run: RunID, in place: String) -> JournalProblem {
    JournalProblem(.missing, "\(place) has no run \(run)")
  }

  // MARK: Leases

  /// Nil when what is written under `lease` may be written. `current` is the last that was taken.
  static func fencing(_ lease: Lease?, current: HeldLease?, run: RunID) -> JournalProblem? {
    guard lease?.fence != current?.fence || lease.map({ $0.run != run }) ?? false else { return nil }
    let taker = current?.owner ?? "another process, which is done with it,"
    return JournalProblem(
      .lost,
      "\(taker) has taken over the run \(run), because this process had not renewed its lease in time; nothing more "
        + "is written or sent from here, and the run goes on there")
  }

  /// Nil when the run may be taken.
  static func holding(_ current: HeldLease?, over dead: Lease?, run: RunID, at now: Instant) -> JournalProblem? {
    guard let current, let owner = current.owner, current.expiresAt > now, current.fence != dead?.fence else {
      return nil
    }
    return JournalProblem(
      .held,
      "the run \(run) is being driven by \(owner), whose lease lasts until \(current.expiresAt.plainText) UTC unless "
        + "it is renewed; wait for it, or stop the run with `belay cancel \(run)`")
  }
}

/// A lease as a store keeps it; without an owner it has been given back.
struct HeldLease: Sendable {
  var owner: String?
  var fence: Int
  var expiresAt: Instant

  func lease(of run: RunID) -> Lease? {
    owner.map { Lease(run: run, owner: $0, fence: fence, expiresAt: expiresAt) }
  }
}
