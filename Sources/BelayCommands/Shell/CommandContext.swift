import Foundation

/// Where a command writes; commands never print.
package protocol TextOutput: Sendable {
  func write(_ text: String)
}

extension FileDescriptorWriter: TextOutput {}

/// What a command sees of the outside. Tests give their own.
package struct CommandContext: Sendable {
  package var environment: [String: String]
  /// Results.
  package var output: any TextOutput
  /// Problems, progress and everything that is not the result.
  package var error: any TextOutput
  package var outputStyle: TerminalStyle
  package var errorStyle: TerminalStyle
  /// All of the standard input.
  package var input: @Sendable () -> [UInt8] = { [UInt8](FileHandle.standardInput.readDataToEndOfFile()) }
  /// Whether SIGINT and SIGTERM mean "cancel": not within a test process.
  package var handlesSignals: Bool

  package init(
    environment: [String: String], output: any TextOutput, error: any TextOutput, outputStyle: TerminalStyle,
    errorStyle: TerminalStyle, handlesSignals: Bool
  ) {
    self.environment = environment
    self.output = output
    self.error = error
    self.outputStyle = outputStyle
    self.errorStyle = errorStyle
    self.handlesSignals = handlesSignals
  }

  /// The process's own.
  package static func process() -> CommandContext {
    let environment = ProcessInfo.processInfo.environment
    return CommandContext(
      environment: environment, output: FileDescriptorWriter(fd: 1), error: FileDescriptorWriter(fd: 2),
      outputStyle: .detect(fd: 1, environment: environment), errorStyle: .detect(fd: 2, environment: environment),
      handlesSignals: true)
  }

  /// Who gives the command, for the journal.
  var user: String {
    "\(environment["USER"] ?? ProcessInfo.processInfo.userName) on \(ProcessInfo.processInfo.hostName)"
  }

  /// The context of the command that runs.
  @TaskLocal package static var current = CommandContext.process()
}
