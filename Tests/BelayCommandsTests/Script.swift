import BelayCommands
import CloudEmulator
import EmulatorServer
import Foundation
import Synchronization

/// A whole session with the command line, read from a file. Its form:
///
///     -- hello.belay --          a file of the session's own folder, up to the next such line, a line `--` or a
/// command
///     env NAME=VALUE             a variable from here on
///     emulator seed=1            serves an emulated cloud; its address is $ENDPOINT, its credentials demo:demo-key
///     serve --state FILE …       `belay emulator serve` beside the session, on a port that is free, as $ENDPOINT
///     stop                       ends it, as a signal would
///     fixture NAME PATH          copies a file of Tests/Fixtures into the session's folder
///     $ belay check hello.belay  a command; what follows is all that it writes, both outputs in order
///     $ belay fmt - < a.belay    the same with the file on its input
///     < yes                      right below a command: a line that somebody at the terminal answers
///     ? 2                        its exit status, when it is not 0
///
/// `env ACCOUNT=alice` makes that the machine's account.
///
/// In expected lines `…` stands for any text, and a line that is only `…` for any number of lines.
struct Script: Sendable {
  struct Command: Sendable {
    let line: Int
    let arguments: [String]
    var expected: [String] = []
    /// What somebody answers who is asked; none: nobody is there.
    var answers: [String] = []
    var status: Int32 = 0
  }
  enum Step: Sendable {
    case file(name: String, text: String)
    case environment(name: String, value: String)
    case emulator(seed: UInt64)
    case serve(Command)
    case stop
    case fixture(name: String, path: String)
    case command(Command)
  }
  private(set) var steps: [Step] = []

  init(_ text: String) {
    var file: (name: String, lines: [String])?
    var command: Command?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.hasPrefix("-- "), line.hasSuffix(" --"), command == nil {
        close(&file)
        file = (String(line.dropFirst(3).dropLast(3)), [])
      } else if line == "--" {
        close(&file)
      } else if line.hasPrefix("$ ") {
        close(&file)
        close(&command)
        command = Command(line: index + 1, arguments: line.split(separator: " ").dropFirst(2).map(String.init))
      } else if line.hasPrefix("< "), command?.expected.isEmpty == true {
        command?.answers.append(String(line.dropFirst(2)))
      } else if line.hasPrefix("? "), let status = Int32(line.dropFirst(2)) {
        command?.status = status
        close(&command)
      } else if file != nil {
        file?.lines.append(String(line))
      } else if command != nil {
        if line.isEmpty, command?.expected.isEmpty == true {
          close(&command)
        } else {
          command?.expected.append(String(line))
        }
      } else {
        directive(line, at: index + 1)
      }
    }
    close(&file)
    close(&command)
  }

  private mutating func directive(_ line: Substring, at number: Int) {
    if line.hasPrefix("env "), let equals = line.firstIndex(of: "=") {
      let name = line[line.index(line.startIndex, offsetBy: 4)..<equals]
      steps.append(.environment(name: String(name), value: String(line[line.index(after: equals)...])))
    } else if line.hasPrefix("emulator seed="), let seed = UInt64(line.dropFirst("emulator seed=".count)) {
      steps.append(.emulator(seed: seed))
    } else if line == "serve" || line.hasPrefix("serve ") {
      let arguments = line.split(separator: " ").dropFirst().map(String.init)
      steps.append(.serve(Command(line: number, arguments: arguments)))
    } else if line == "stop" {
      steps.append(.stop)
    } else if line.hasPrefix("fixture ") {
      let words = line.split(separator: " ").map(String.init)
      if words.count == 3 { steps.append(.fixture(name: words[1], path: words[2])) }
    }
  }

  private mutating func close(_ file: inout (name: String, lines: [String])?) {
    guard let (name, lines) = file else { return }
    steps.append(.file(name: name, text: lines.joined(separator: "\n") + "\n"))
    file = nil
  }

  private mutating func close(_ command: inout Command?) {
    guard var closed = command else { return }
    while closed.expected.last == "" { closed.expected.removeLast() }
    steps.append(.command(closed))
    command = nil
  }
}

/// Collects what a command writes.
final class CapturedOutput: TextOutput {
  private let captured = Mutex("")
  var text: String { captured.withLock { $0 } }
  func write(_ text: String) { captured.withLock { $0 += text } }
}

/// Hands on what a command writes while it runs.
struct StreamedOutput: TextOutput {
  let continuation: AsyncStream<String>.Continuation
  func write(_ text: String) { continuation.yield(text) }
}

/// Plays a script in a folder of its own. Returns what is not as the script says.
struct ScriptPlayer {
  private let folder: String
  private var environment: [String: String]
  private var files: Set<String> = []
  private var servers: [Task<Void, Never>] = []
  /// What `serve` started.
  private var served: Task<Void, Never>?

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/belay-script-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    environment = ["HOME": folder, "BELAY_STATE": folder + "/state", "DIR": folder]
  }

  mutating func play(_ script: Script) async throws -> [String] {
    var problems: [String] = []
    for step in script.steps {
      switch step {
      case .file(let name, let text):
        files.insert(name)
        let file = URL(filePath: folder + "/" + name)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
      case .environment(let name, let value): environment[name] = expand(value)
      case .emulator(let seed): await serve(seed)
      case .serve(let command): problems += await serve(command)
      case .stop: await stop()
      case .fixture(let name, let path): try copy(name, to: path)
      case .command(let command): problems += await run(command)
      }
    }
    for server in servers { server.cancel() }
    await stop()
    try FileManager.default.removeItem(atPath: folder)
    return problems
  }

  /// `$NAME` is a variable; a word that ends in a file of the script is that file's path.
  private func expand(_ word: String) -> String {
    var result = word
    for (name, value) in environment.sorted(by: { $0.key.count > $1.key.count }) {
      result = result.replacingOccurrences(of: "$\(name)", with: value)
    }
    for file in files {
      if result == file { return folder + "/" + file }
      for mark in ["=@", "@"] where result.hasSuffix(mark + file) {
        return result.dropLast(file.count) + folder + "/" + file
      }
    }
    return result
  }

  private func context(_ output: any TextOutput, _ answers: [String] = []) -> CommandContext {
    let style = TerminalStyle(colour: false, unicode: true, width: 100, height: 40, isInteractive: false)
    return CommandContext(
      environment: environment, output: output, error: output, outputStyle: style, errorStyle: style,
      handlesSignals: false, account: environment["ACCOUNT"], terminal: terminal(answers, output))
  }

  private func run(_ command: Script.Command) async -> [String] {
    let output = CapturedOutput()
    var context = context(output, command.answers)
    var arguments = command.arguments.map(expand)
    if let sign = arguments.firstIndex(of: "<"), sign + 1 < arguments.count {
      let bytes = FileManager.default.contents(atPath: arguments[sign + 1]).map { [UInt8]($0) } ?? []
      context.input = { bytes }
      arguments.removeSubrange(sign...)
    }
    let status = await BelayCLI.run(arguments, in: context)
    let lines = output.text.replacingOccurrences(of: folder + "/", with: "").split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
    var problems: [String] = []
    if status != command.status {
      problems.append("line \(command.line): exit status \(status), not \(command.status)")
    }
    if !ScriptPlayer.matches(lines.dropLast(lines.last == "" ? 1 : 0), command.expected[...]) {
      problems.append("line \(command.line): it wrote:\n" + lines.joined(separator: "\n"))
    }
    return problems
  }

  private func copy(_ name: String, to path: String) throws {
    let target = folder + "/" + path
    try FileManager.default.createDirectory(
      atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    let tests = ((#filePath as NSString).deletingLastPathComponent as NSString).deletingLastPathComponent
    try FileManager.default.copyItem(atPath: "\(tests)/Fixtures/\(name)", toPath: target)
  }

  private func terminal(_ answers: [String], _ output: any TextOutput) -> TerminalInput? {
    guard !answers.isEmpty else { return nil }
    let rest = Mutex(answers[...])
    return TerminalInput { question in
      output.write(question)
      return rest.withLock { $0.popFirst() }
    }
  }

  private mutating func serve(_ seed: UInt64) async {
    let cloud = EmulatedCloud(configuration: Configuration(seed: seed, speed: 200, startedAt: WallClock.now()))
    let configuration = ServerConfiguration(
      credentials: ["demo": Credential(secretKey: "demo-key", account: "demo")], cloud: cloud, controlToken: "token")
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    servers.append(
      Task {
        try? await CloudServer(configuration: configuration).run { continuation.yield($0) }
        continuation.finish()
      })
    for await port in ports {
      environment["ENDPOINT"] = "http://127.0.0.1:\(port)"
      break
    }
  }

  /// Until it listens, or has ended without.
  private mutating func serve(_ command: Script.Command) async -> [String] {
    await stop()
    let (texts, continuation) = AsyncStream<String>.makeStream()
    let arguments = ["emulator", "serve", "--listen", "127.0.0.1:0"] + command.arguments.map(expand)
    let context = context(StreamedOutput(continuation: continuation))
    served = Task {
      _ = await BelayCLI.run(arguments, in: context)
      continuation.finish()
    }
    var written = ""
    for await text in texts {
      written += text
      guard let address = written.range(of: "http://") else { continue }
      environment["ENDPOINT"] = String(written[address.lowerBound...].prefix { !$0.isWhitespace })
      return []
    }
    return ["line \(command.line): the emulator ended:\n\(written)"]
  }

  private mutating func stop() async {
    served?.cancel()
    await served?.value
    served = nil
  }

  static func matches(_ lines: ArraySlice<String>, _ expected: ArraySlice<String>) -> Bool {
    guard let first = expected.first else { return lines.isEmpty }
    if first == "…" {
      return (0...lines.count).contains { matches(lines.dropFirst($0), expected.dropFirst()) }
    }
    guard let line = lines.first,
      matches(line: line[...], first.split(separator: "…", omittingEmptySubsequences: false))
    else { return false }
    return matches(lines.dropFirst(), expected.dropFirst())
  }

  /// The parts stand in the line in this order, the first at its beginning and the last at its end.
  private static func matches(line: Substring, _ parts: [Substring]) -> Bool {
    guard let first = parts.first, line.hasPrefix(first) else { return false }
    guard parts.count > 1 else { return line == first }
    var rest = line.dropFirst(first.count)
    for part in parts.dropFirst().dropLast() {
      guard let found = rest.range(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(parts[parts.count - 1])
  }
}
