import Foundation
import GRDB
import RunEngine

/// The windows of limits and the days of budgets in a SQLite file of their own, for all processes of a machine. It is
/// synced at checkpoints only: what a crash of the machine may lose is over after a second, or known to the cloud.
package final class SQLiteLimitStore: LimitStore {
  private let queue: DatabaseQueue
  private let path: String

  /// `patience` is how many seconds another process is waited for.
  package init(path: String, patience: Double = 2) throws(JournalProblem) {
    self.path = path
    do {
      var configuration = Configuration()
      configuration.label = "belay limits"
      configuration.busyMode = .timeout(patience)
      configuration.prepareDatabase { db in
        try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
      }
      queue = try waitingToOpen(for: patience) {
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.write { db in
          try db.execute(
            sql: "CREATE TABLE IF NOT EXISTS windows (name TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT, WITHOUT ROWID"
          )
        }
        return queue
      }
    } catch {
      throw JournalProblem(error, file: path, "file of limits")
    }
  }

  package func exchange(_ names: [String], _ body: ([String: String]) -> [String: String]) throws(JournalProblem) {
    do {
      try queue.writeWithoutTransaction { db in
        try db.inTransaction(.immediate) {
          let select = try db.cachedStatement(sql: "SELECT state FROM windows WHERE name = ?")
          var windows: [String: String] = [:]
          for name in names { windows[name] = try String.fetchOne(select, arguments: [name]) }
          let update = try db.cachedStatement(sql: "INSERT OR REPLACE INTO windows (name, state) VALUES (?, ?)")
          for (name, state) in body(windows) where windows[name] != state {
            try update.execute(arguments: [name, state])
          }
          return .commit
        }
      }
    } catch {
      throw JournalProblem(error, file: path, "file of limits")
    }
  }
}
