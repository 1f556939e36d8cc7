import EmulatorServer
import Foundation
import RunEngine
import RunJournal
import Values

/// This process's hold on a run: the lease in the store, and a file lock that goes with the process at the latest and
/// so tells whether an earlier holder on this machine has ended.
struct RunHold: Sendable {
  let lease: Lease
  private let lock: RunLock

  /// Whether the holder of a lease may still be at work; one of this machine has ended when its lock is free.
  static func mayBeAlive(_ lease: Lease, _ state: StateDirectory) -> Bool {
    let isHere = lease.owner.hasSuffix(" on \(ProcessInfo.processInfo.hostName)")
    return !isHere || RunLock(lease.run, state) == nil
  }

  static func take(
    _ id: RunID, _ state: StateDirectory, _ journal: SQLiteJournalStore
  ) async throws(CommandFailure) -> RunHold {
    let host = ProcessInfo.processInfo.hostName
    do throws(JournalProblem) {
      let previous = try await journal.lease(of: id)
      guard let lock = RunLock(id, state) else {
        throw JournalProblem(
          .held,
          "the run \(id) is being driven by \(previous?.owner ?? "another belay"); wait for it, or stop the run with "
            + "`belay cancel \(id)`")
      }
      let owner = "belay \(ProcessInfo.processInfo.processIdentifier) on \(host)"
      // Whoever held the run on this machine held the lock too, until its process ended.
      let dead = previous.flatMap { $0.owner.hasSuffix(" on \(host)") ? $0 : nil }
      let lease = try await journal.take(id, by: owner, at: WallClock.now(), over: dead)
      return RunHold(lease: lease, lock: lock)
    } catch {
      throw CommandFailure(.unreachable, error.message)
    }
  }
}
