import GRDB
import GRDBSQLite

/// A cached statement that is bound and stepped without a box for each value, for the few that every step of a run
/// takes. Columns and parameters are counted from 0. Whoever steps it resets it.
struct PlainStatement {
  private let statement: Statement

  init(_ sql: String, _ db: Database) throws { statement = try db.cachedStatement(sql: sql) }

  /// One transaction that has the lock for writing from its beginning; an error takes back all that `body` wrote.
  static func inTransaction<Answer>(_ db: Database, _ body: () throws -> Answer) throws -> Answer {
    try PlainStatement("BEGIN IMMEDIATE", db).run()
    do {
      let answer = try body()
      try PlainStatement("COMMIT", db).run()
      return answer
    } catch {
      // SQLite itself has ended the transaction where the disk is full or broken.
      if db.isInsideTransaction { try PlainStatement("ROLLBACK", db).run() }
      throw error
    }
  }

  private var handle: OpaquePointer { statement.sqliteStatement }

  /// SQLite copies what it is given.
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  func bind(_ number: Int64?, at index: Int32) throws {
    try check(number.map { sqlite3_bind_int64(handle, index + 1, $0) } ?? sqlite3_bind_null(handle, index + 1))
  }

  func bind(_ number: Int, at index: Int32) throws { try bind(Int64(number), at: index) }

  func bind(_ text: String?, at index: Int32) throws {
    guard var text else { return try check(sqlite3_bind_null(handle, index + 1)) }
    try check(
      text.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) { characters in
          // A null pointer would bind null.
          let start = characters.baseAddress ?? UnsafePointer(bitPattern: 1)
          return sqlite3_bind_text(handle, index + 1, start, Int32(characters.count), PlainStatement.copied)
        }
      })
  }

  func bind(_ bytes: [UInt8], at index: Int32) throws {
    try check(
      bytes.withUnsafeBytes { bytes in
        bytes.isEmpty
          ? sqlite3_bind_zeroblob(handle, index + 1, 0)
          : sqlite3_bind_blob64(handle, index + 1, bytes.baseAddress, UInt64(bytes.count), PlainStatement.copied)
      })
  }

  /// Whether there is a row.
  func step() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code:
      let problem = problem(code)
      reset()
      throw problem
    }
  }

  func run() throws {
    while try step() {}
    reset()
  }

  func reset() { sqlite3_reset(handle) }

  /// Nil where there is something else.
  func integer(at column: Int32) -> Int64? {
    sqlite3_column_type(handle, column) == SQLITE_INTEGER ? sqlite3_column_int64(handle, column) : nil
  }

  /// Nil where there is something else.
  func text(at column: Int32) -> String? {
    guard sqlite3_column_type(handle, column) == SQLITE_TEXT else { return nil }
    return sqlite3_column_text(handle, column).map { String(cString: $0) }
  }

  /// Nil where there is nothing.
  func bytes(at column: Int32) -> [UInt8]? {
    guard sqlite3_column_type(handle, column) != SQLITE_NULL else { return nil }
    let start = sqlite3_column_blob(handle, column)
    return [UInt8](
      UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column))))
  }

  private func check(_ code: Int32) throws { if code != SQLITE_OK { throw problem(code) } }

  private func problem(_ code: Int32) -> DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: code),
      message: sqlite3_errmsg(sqlite3_db_handle(handle)).map { String(cString: $0) })
  }
}
