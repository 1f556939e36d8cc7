import Diagnostics
import Foundation
import RunbookChecker

/// Reading and writing files, with problems worded for people.
enum Files {
  static func read(_ path: String, what: String) throws(CommandFailure) -> [UInt8] {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw CommandFailure(.wrong, "there is no \(what) '\(path)'; check the path")
    }
    guard !isDirectory.boolValue else {
      throw CommandFailure(.wrong, "'\(path)' is a folder; a \(what) is wanted")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(.wrong, "the \(what) '\(path)' cannot be read; check its permissions")
    }
    return [UInt8](data)
  }

  static func source(_ path: String) throws(CommandFailure) -> SourceFile {
    SourceFile(path: path, bytes: try read(path, what: "runbook"))
  }

  /// A file that a runbook uses.
  static func used(_ path: String) throws(UnreadableFile) -> SourceFile {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw UnreadableFile("is not there")
    }
    if isDirectory.boolValue { throw UnreadableFile("is a folder") }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw UnreadableFile("cannot be read; check its permissions")
    }
    return SourceFile(path: path, bytes: [UInt8](data))
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
