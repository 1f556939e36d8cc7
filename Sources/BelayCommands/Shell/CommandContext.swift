import Foundation

#if canImport(Glibc)
  // For 'environ', which the importer takes for a variable that anyone may change.
  @preconcurrency import Glibc
#else
  @preconcurrency import Darwin
#endif

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
  /// The machine's account; nil: ask the system.
  package var account: String?
  /// Somebody who can be asked; nil without a terminal.
  package var terminal: TerminalInput?

  package init(
    environment: [String: String], output: any TextOutput, error: any TextOutput, outputStyle: TerminalStyle,
    errorStyle: TerminalStyle, handlesSignals: Bool, account: String? = nil,
    terminal: TerminalInput? = nil
  ) {
    self.account = account
    self.terminal = terminal
    self.environment = environment
    self.output = output
    self.error = error
    self.outputStyle = outputStyle
    self.errorStyle = errorStyle
    self.handlesSignals = handlesSignals
  }

  /// The process's own.
  package static func process() -> CommandContext {
    let environment = processEnvironment()
    let error = FileDescriptorWriter(fd: 2)
    let errorStyle = TerminalStyle.detect(fd: 2, environment: environment)
    return CommandContext(
      environment: environment, output: FileDescriptorWriter(fd: 1), error: error,
      outputStyle: .detect(fd: 1, environment: environment), errorStyle: errorStyle, handlesSignals: true,
      terminal: .process(error, errorStyle))
  }

  /// Straight from the C library: Foundation makes itself ready first, which takes as long as a check.
  private static func processEnvironment() -> [String: String] {
    var result: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
      let parts = String(cString: entry).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { result[String(parts[0])] = String(parts[1]) }
      next += 1
    }
    return result
  }

  /// Who gives the command, for the journal.
  var user: String {
    "\(environment["USER"] ?? ProcessInfo.processInfo.userName) on \(ProcessInfo.processInfo.hostName)"
  }

  /// The context of the command that runs.
  @TaskLocal package static var current = CommandContext.process()
}
