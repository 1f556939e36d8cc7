import ArgumentParser
import CloudEmulator
import EmulatorServer
import Foundation
import Values

struct EmulatorServe: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve until interrupted (this is what `belay emulator` alone does).",
    discussion: EmulatorWorldOptions.faultForms)

  enum Clock: String, ExpressibleByArgument, CaseIterable { case wall, manual }

  @Option(help: "HOST:PORT; port 0 takes a free one.")
  var listen = "127.0.0.1:9000"
  @Option(
    help: ArgumentHelp(
      "ID:KEY: who may call. Several for several accounts, each with its own world; several keys of one account name "
        + "it. With a TOKEN the key is a temporary one. Without any, belay:belay is accepted.",
      valueName: "id:key[:account[:token]]"))
  var credentials: [String] = []
  @OptionGroup var world: EmulatorWorldOptions
  @Option(
    name: .customLong("world"),
    help: ArgumentHelp(
      "A JSON file of your own regions, instance types, images and prices: see docs/emulator.md.", valueName: "file"))
  var worldFile: String?
  @Option(help: "wall, or manual: time stands still until `belay emulator clock --advance` moves it.")
  var clock = Clock.wall
  @Option(help: "Opens the control API to whoever has this token.")
  var control: String?
  @Option(name: .customLong("state"), help: "A file that keeps the world across restarts.")
  var stateFile: String?
  @Flag(help: "Let any number of calls through a second; without it, each action has the limit of its page.")
  var noRateLimits = false
  @Flag(help: "Write the state before each answer, instead of at most every 200 ms and at the end.")
  var durable = false

  func run() async throws {
    let context = CommandContext.current
    let (host, port) = try address()
    let kept = try stateFile.map { path throws(CommandFailure) in try EmulatorStateFile(path) }
    if durable, kept == nil { throw CommandFailure(.wrong, "--durable is about the file of --state; name one") }
    let cloud = try cloud(kept)
    let onChange = kept.map { kept in
      { @Sendable (document: Value) in
        do throws(CommandFailure) {
          try kept.write(document)
        } catch {
          context.error.write("belay: \(error.message ?? "the state cannot be written")\n")
        }
      }
    }
    let manual = clock == .manual ? ManualClock(max(cloud.instant, cloud.configuration.startedAt)) : nil
    let server = CloudServer(
      configuration: ServerConfiguration(
        host: host, port: port, credentials: try accounts(), cloud: cloud, controlToken: control, manualClock: manual,
        onChange: onChange, changeInterval: durable ? nil : EmulatorServe.stateInterval))
    try await serve(server, at: host, context)
    kept?.unlock()
  }

  private static let stateInterval = Duration.milliseconds(200)

  private func serve(_ server: CloudServer, at host: String, _ context: CommandContext) async throws {
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

  /// Without an account, each secret id is one of its own.
  private func accounts() throws(CommandFailure) -> [String: Credential] {
    var result: [String: Credential] = [:]
    for text in credentials.isEmpty ? ["belay:belay"] : credentials {
      let parts = text.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
      guard parts.count >= 2, parts.allSatisfy({ !$0.isEmpty }) else {
        throw CommandFailure(.wrong, "--credentials takes ID:KEY, ID:KEY:ACCOUNT or ID:KEY:ACCOUNT:TOKEN")
      }
      let credential = Credential(
        secretKey: parts[1], account: parts.count > 2 ? parts[2] : parts[0], token: parts.count > 3 ? parts[3] : nil)
      guard result.updateValue(credential, forKey: parts[0]) == nil else {
        throw CommandFailure(.wrong, "--credentials names '\(parts[0])' twice")
      }
    }
    return result
  }

  private func cloud(_ kept: EmulatorStateFile?) throws(CommandFailure) -> EmulatedCloud {
    let speed = try world.checkedSpeed()
    let faults = try world.parsedFaults()
    let scenario = try world.parsedScenario()
    let own = try worldFile.map { path throws(CommandFailure) in try OwnWorldFile.read(path) }
    var cloud: EmulatedCloud
    if let document = try kept?.read(speed: speed) {
      if let own, own != document.configuration.world {
        throw CommandFailure(
          .wrong, "--world is not the world that the file of --state was begun with; leave --world out, or begin anew")
      }
      cloud = document
    } else {
      cloud = EmulatedCloud(
        configuration: Configuration(
          seed: world.seed ?? UInt64(truncatingIfNeeded: WallClock.now().milliseconds), speed: speed ?? 1,
          startedAt: WallClock.now(), world: own))
    }
    if noRateLimits { cloud.liftRateLimits() }
    for fault in faults { cloud.inject(fault) }
    if let scenario { cloud.inject(scenario) }
    return cloud
  }
}

/// A scenario as a file.
enum ScenarioFile {
  static func read(_ path: String) throws(CommandFailure) -> Scenario {
    let bytes = try Files.read(path, what: "scenario")
    do {
      return try Scenario(decoding: JSON.parse(bytes))
    } catch let problem as JSON.Problem {
      throw CommandFailure(.wrong, "the scenario '\(path)' is not JSON: \(problem)")
    } catch {
      throw CommandFailure(.wrong, "'\(path)': \(error)")
    }
  }
}

/// Regions, types, images and prices of one's own, as a file.
enum OwnWorldFile {
  static func read(_ path: String) throws(CommandFailure) -> WorldFile {
    let bytes = try Files.read(path, what: "world file")
    do {
      return try WorldFile(decoding: JSON.parse(bytes))
    } catch let problem as JSON.Problem {
      throw CommandFailure(.wrong, "the world file '\(path)' is not JSON: \(problem)")
    } catch {
      throw CommandFailure(.wrong, "the world file '\(path)': \(error); mend it there, docs/emulator.md has an example")
    }
  }
}
