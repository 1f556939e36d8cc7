import Diagnostics
import Foundation
import RunbookChecker

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reading and writing files, with problems worded for people.
enum Files {
  static func read(_ path: String, what: String) throws(CommandFailure) -> [UInt8] {
    switch kind(of: path) {
    case .nothing: throw CommandFailure(.wrong, "there is no \(what) '\(path)'; check the path")
    case .folder: throw CommandFailure(.wrong, "'\(path)' is a folder; a \(what) is wanted")
    case .file: break
    }
    guard let bytes = contents(of: path) else {
      throw CommandFailure(.wrong, "the \(what) '\(path)' cannot be read; check its permissions")
    }
    return bytes
  }

  private enum Kind { case nothing, folder, file }

  private static func kind(of path: String) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .nothing }
    return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
  }

  /// Straight from the C library: Foundation makes itself ready first, which takes as long as a check.
  private static func contents(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&piece, 1, piece.count, file), count > 0 { bytes += piece[..<count] }
    return ferror(file) == 0 ? bytes : nil
  }

  static func source(_ path: String) throws(CommandFailure) -> SourceFile {
    SourceFile(path: path, bytes: try read(path, what: "runbook"))
  }

  /// A file that a runbook uses.
  static func used(_ path: String) throws(UnreadableFile) -> SourceFile {
    switch kind(of: path) {
    case .nothing: throw UnreadableFile("is not there")
    case .folder: throw UnreadableFile("is a folder")
    case .file: break
    }
    guard let bytes = contents(of: path) else { throw UnreadableFile("cannot be read; check its permissions") }
    return SourceFile(path: path, bytes: bytes)
  }

  /// Writes through a second file, so that a crash leaves the old text or the new one, never half of it.
  static func write(_ text: String, to path: String) throws(CommandFailure) {
    try write(Array(text.utf8), to: path)
  }

  /// The same for bytes.
  static func write(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw CommandFailure(.unreachable, "'\(path)' cannot be written; is the disk full, or the folder read-only?")
    }
  }
}
