import CloudEmulator
import EmulatorServer
import Foundation
import Synchronization
import Values

/// The file in which an emulator keeps its world, served or embedded. One process has it at a time.
final class EmulatorStateFile: Sendable {
  private let path: String
  /// The descriptor of the locked file beside it; -1 when it has been let go.
  private let lock: Mutex<Int32>

  /// `busy` is what is said when another process has it.
  init(_ path: String, whenTaken busy: String? = nil) throws(CommandFailure) {
    let file = open(path + ".lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      throw CommandFailure(
        .unreachable, "'\(path).lock' cannot be made beside the state; does the folder exist, and is it writable?")
    }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      close(file)
      throw CommandFailure(
        .unreachable,
        busy ?? "another emulator keeps its state in '\(path)'; stop it, or name another file with --state")
    }
    self.path = path
    lock = Mutex(file)
  }

  deinit { unlock() }

  func unlock() {
    lock.withLock { file in
      if file >= 0 { close(file) }
      file = -1
    }
  }

  /// Nil when there is none yet.
  func read(speed: Double?) throws(CommandFailure) -> EmulatedCloud? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let bytes = try Files.read(path, what: "file of an emulator's state")
    do {
      return try EmulatedCloud(decoding: StateText.open(bytes), speed: speed)
    } catch {
      throw CommandFailure(
        .unreachable,
        "the emulator's state '\(path)' is damaged: \(error); put back a copy, or move the file away to begin with an "
          + "empty world")
    }
  }

  /// Through a second file that takes the place of the first when it is whole: a crash of the process leaves the old
  /// world or the new one. When synced, it is on the disk before, so that a crash of the machine does so too.
  func write(_ document: Value, isSynced: Bool = true) throws(CommandFailure) {
    let part = path + ".part"
    let failure = CommandFailure(
      .unreachable, "'\(path)' cannot be written; is the disk full, or the folder read-only?")
    let file = open(part, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure }
    let isWhole = EmulatorStateFile.writeAll(StateText.sealed(document), to: file) && (!isSynced || fsync(file) == 0)
    guard close(file) == 0, isWhole, rename(part, path) == 0 else { throw failure }
    guard isSynced else { return }
    let folder = open((path as NSString).deletingLastPathComponent.nonEmpty ?? ".", O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { return }
    // Some file systems cannot; the rename itself has been done.
    _ = fsync(folder)
    close(folder)
  }

  private static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var written = 0
      while written < buffer.count {
        let count = Foundation.write(file, buffer.baseAddress?.advanced(by: written), buffer.count - written)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        written += count
      }
      return true
    }
  }
}

extension String {
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
