import Foundation
import GRDB
import RunEngine

extension JournalProblem {
  /// What an error of the database means for who uses the file. `name` is what the file is to them.
  init(_ error: any Error, file path: String, _ name: String = "journal") {
    switch error {
    case let problem as JournalProblem: self = problem
    case let error as DatabaseError: self.init(error, path, name)
    case is CancellationError: self.init(.unreachable, "the reading of the \(name) \(path) was cancelled")
    default:
      self.init(.unreachable, "the \(name) \(path) cannot be opened: \(error.localizedDescription.onOneLine)")
    }
  }

  private init(_ error: DatabaseError, _ path: String, _ name: String) {
    let detail = (error.message ?? "\(error.resultCode)").onOneLine
    switch error.resultCode {
    case .SQLITE_FULL:
      self.init(.full, "the \(name) \(path) cannot be written: the disk is full; nothing of this write was stored")
    case .SQLITE_CORRUPT: self.init(.damaged, "the \(name) \(path) is damaged: \(detail)")
    case .SQLITE_NOTADB: self.init(.unreachable, "\(path) is not a \(name): it is not a SQLite file")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(.unreachable, "the \(name) \(path) is locked by another process")
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
      self.init(.unreachable, "the \(name) \(path) cannot be opened: \(detail)")
    case .SQLITE_READONLY: self.init(.unreachable, "the \(name) \(path) cannot be written: \(detail)")
    default: self.init(.unreachable, "the \(name) \(path) cannot be used: \(detail)")
    }
  }
}

extension String {
  fileprivate var onOneLine: String { String(map { $0.isNewline ? " " : $0 }) }
}
