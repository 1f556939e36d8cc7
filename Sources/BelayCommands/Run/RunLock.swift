import Foundation
import RunEngine

/// Keeps a second process of this machine from driving a run. It goes with the process at the latest.
final class RunLock: Sendable {
  private let file: Int32

  /// Nil while another process of this machine has it.
  init?(_ id: RunID, _ state: StateDirectory) {
    let folder = state.path + "/locks"
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    file = open(folder + "/" + id.text, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard file >= 0, flock(file, LOCK_EX | LOCK_NB) == 0 else {
      if file >= 0 { close(file) }
      return nil
    }
  }

  deinit { close(file) }
}
