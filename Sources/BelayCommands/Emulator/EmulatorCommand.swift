import ArgumentParser
import CloudClient
import CloudEmulator
import EmulatorServer
import Foundation
import Values

struct EmulatorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "emulator", abstract: "Serve the emulated cloud over HTTP, or look into one that is served.",
    subcommands: [EmulatorServe.self, EmulatorInventory.self, EmulatorInject.self],
    defaultSubcommand: EmulatorServe.self)
}

struct EmulatorServe: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve until interrupted (this is what `belay emulator` alone does).")

  @Option(help: "HOST:PORT; port 0 takes a free one.")
  var listen = "127.0.0.1:9000"
  @Option(
    help: ArgumentHelp(
      "ID:KEY: who may call. Several for several accounts; without any, belay:belay is accepted.", valueName: "id:key"))
  var credentials: [String] = []
  @OptionGroup var world: EmulatorWorldOptions
  @Option(help: "Opens the control API to whoever has this token.")
  var control: String?
  @Option(name: .customLong("state"), help: "A file that keeps the world across restarts.")
  var stateFile: String?

  func run() async throws {
    let context = CommandContext.current
    let (host, port) = try address()
    let path = stateFile
    let onChange = path.map { path in
      { @Sendable (document: Value) in
        do throws(CommandFailure) {
          try Files.write(JSON.print(document), to: path)
        } catch {
          context.error.write("belay: \(error.message ?? "the state cannot be written")\n")
        }
      }
    }
    let server = CloudServer(
      configuration: ServerConfiguration(
        host: host, port: port, credentials: try accounts(), cloud: try cloud(), controlToken: control,
        onChange: onChange))
    let serving = Task {
      try await server.run { port in
        context.output.write("The emulated cloud listens on http://\(host):\(port)\n")
      }
    }
    let signals = context.handlesSignals ? CancelSignals { _ in serving.cancel() } : nil
    defer { signals?.stop() }
    do {
      try await withTaskCancellationHandler {
        try await serving.value
      } onCancel: {
        serving.cancel()
      }
    } catch let problem as ServerProblem {
      throw CommandFailure(.unreachable, "\(problem)")
    }
  }

  private func address() throws(CommandFailure) -> (String, Int) {
    guard let colon = listen.lastIndex(of: ":"), let port = Int(listen[listen.index(after: colon)...]),
      (0...65535).contains(port), colon > listen.startIndex
    else { throw CommandFailure(.wrong, "--listen takes HOST:PORT, not '\(listen)'") }
    return (String(listen[..<colon]), port)
  }

  /// Each secret id is an account of its own.
  private func accounts() throws(CommandFailure) -> [String: Credential] {
    var result: [String: Credential] = [:]
    for text in credentials.isEmpty ? ["belay:belay"] : credentials {
      let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw CommandFailure(.wrong, "--credentials takes ID:KEY") }
      result[parts[0]] = Credential(secretKey: parts[1], account: parts[0])
    }
    return result
  }

  private func cloud() throws(CommandFailure) -> EmulatedCloud {
    let speed = try world.checkedSpeed()
    var cloud: EmulatedCloud
    if let stateFile, FileManager.default.fileExists(atPath: stateFile) {
      cloud = try EmulatorFile.read(stateFile, speed: speed)
    } else {
      cloud = EmulatedCloud(
        configuration: Configuration(
          seed: world.seed ?? UInt64(truncatingIfNeeded: WallClock.now().milliseconds), speed: speed ?? 1,
          startedAt: WallClock.now()))
    }
    for fault in try world.parsedFaults() { cloud.inject(fault) }
    return cloud
  }
}

/// Where an emulator's control API is.
struct ControlOptions: ParsableArguments {
  @Option(help: "Where the emulator is, such as http://127.0.0.1:9000.")
  var endpoint: String
  @Option(help: "The token it was started with.")
  var control: String

  func send(_ method: String, _ path: String, body: String? = nil) async throws(CommandFailure) -> Value {
    guard let answer = await PlainRequest.send(method, "\(endpoint)/_belay/\(path)", token: control, body: body) else {
      throw CommandFailure(.unreachable, "nothing answers at \(endpoint); is the emulator running?")
    }
    let value = (try? JSON.parse(answer.body)) ?? .null
    guard answer.status == 200 else {
      let reason = value.asRecord?["Error"]?.asText ?? "it answered with HTTP status \(answer.status)"
      throw CommandFailure(
        .wrong,
        answer.status == 404
          ? "the emulator at \(endpoint) has no control API; start it with --control TOKEN"
          : "the emulator at \(endpoint) refused: \(reason)")
    }
    return value
  }
}

struct EmulatorInventory: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inventory", abstract: "List everything that exists in an emulated cloud.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @OptionGroup var control: ControlOptions
  @Option(help: "text, or json: one object.")
  var format = Format.text

  func run() async throws {
    let context = CommandContext.current
    let answer = try await control.send("GET", "inventory")
    guard format == .text else { return context.output.write(JSON.prettyPrint(answer) + "\n") }
    var table = TextTable([.init("KIND"), .init("ID"), .init("NAME"), .init("STATE")])
    for line in answer.asRecord?["Inventory"]?.asList ?? [] {
      let record = line.asRecord ?? Record()
      table.add(record.map { $0.value.display })
    }
    context.output.write(table.lines(context.outputStyle).map { $0 + "\n" }.joined())
  }
}

struct EmulatorInject: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inject", abstract: "Arm faults in an emulated cloud: see --fault of `belay run`.")

  @Argument(help: "ACTION:N:KIND; N counts from now.")
  var faults: [String]
  @OptionGroup var control: ControlOptions

  func run() async throws {
    let body: Value = ["faults": .list(faults.map(Value.text))]
    let answer = try await control.send("POST", "faults", body: JSON.print(body))
    for fault in answer.asRecord?["Armed"]?.asList ?? [] {
      CommandContext.current.output.write("armed \(fault.display)\n")
    }
  }
}
