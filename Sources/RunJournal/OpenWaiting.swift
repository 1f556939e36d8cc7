import Foundation
import GRDB

/// SQLite waits for other processes everywhere but where a new file changes to the write-ahead log: `open` is tried for
/// so many seconds.
func waitingToOpen<Opened>(for seconds: Double, _ open: () throws -> Opened) throws -> Opened {
  let end = ContinuousClock.now + .seconds(seconds)
  while true {
    do { return try open() } catch let error as DatabaseError {
      guard error.resultCode == .SQLITE_BUSY, ContinuousClock.now < end else { throw error }
      Thread.sleep(forTimeInterval: 0.01)
    }
  }
}
