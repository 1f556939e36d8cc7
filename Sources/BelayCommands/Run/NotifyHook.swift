import Foundation
import RunEngine
import Synchronization

/// Hands notifications to a command of the user's: the text on its input, the channel and the run in its environment.
/// What becomes of it never touches the run.
final class NotifyHook: Sendable {
  private let command: String
  private let run: RunID
  private let report: @Sendable (String) -> Void
  private let running = Mutex<[Process]>([])

  /// `report` takes one line about a command that failed.
  init(_ command: String, run: RunID, report: @escaping @Sendable (String) -> Void) {
    (self.command, self.run, self.report) = (command, run, report)
  }

  func tell(_ notification: RunEngine.Notification) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    var environment = CommandContext.current.environment
    environment["BELAY_RUN"] = run.text
    environment["BELAY_CHANNEL"] = notification.channel ?? ""
    process.environment = environment
    let input = Pipe()
    process.standardInput = input
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
      // A pipe holds this much without a reader.
      try? input.fileHandleForWriting.write(contentsOf: Data((notification.text + "\n").utf8.prefix(32_768)))
      try? input.fileHandleForWriting.close()
      running.withLock { $0.append(process) }
    } catch {
      report("the notify command could not be started: \(command)")
    }
  }

  /// Waits a while for commands that are still under way, then lets them be.
  func finish() {
    let end = Date(timeIntervalSinceNow: 10)
    for process in running.withLock({ $0 }) {
      while process.isRunning, Date() < end { Thread.sleep(forTimeInterval: 0.01) }
      if process.isRunning {
        report("the notify command is still running after 10s: \(command)")
      } else if process.terminationStatus != 0 {
        report("the notify command ended with status \(process.terminationStatus): \(command)")
      }
    }
  }
}
