import ArgumentParser
import CloudCatalog
import CloudEmulator
import EmulatorServer
import RunEngine
import RunPlanner
import Values

/// The world that a rehearsal begins with.
struct PlanWorldOptions: ParsableArguments {
  enum Source: String, ExpressibleByArgument, CaseIterable { case new, live }

  @Option(help: "new: an account with nothing in it; live: what the configured account holds, by reads only.")
  var from = Source.new
  @Option(
    help: ArgumentHelp(
      "Begin with the world of this file: of `belay snapshot`, or the state of an emulator.", valueName: "file"))
  var snapshot: String?
  @Option(help: "Draws the ids and latencies of a new world; the same seed makes the same plan.")
  var seed: UInt64 = 1
  @Option(help: "How much faster than real the cloud's own work goes.")
  var speed = 1.0
  @Option(help: "How long an answer takes to arrive, such as 40ms.")
  var latency = "40ms"
  @OptionGroup var account: AccountOptions

  func validate() throws {
    if from == .live, snapshot != nil { throw ValidationError("--from live reads the account: leave --snapshot out") }
  }

  /// For a runbook that calls these services.
  func world(for services: Set<String>) async throws(CommandFailure) -> PlanWorld {
    try await choice().world(account, for: services)
  }

  private func choice() throws(CommandFailure) -> PlanWorldChoice {
    guard speed.isFinite, speed > 0, speed <= 1_000_000 else {
      throw CommandFailure(.wrong, "--speed must be above 0 and at most 1000000, not \(speed)")
    }
    guard let duration = Duration(faultText: latency), duration >= .zero else {
      throw CommandFailure(.wrong, "--latency is a duration such as 40ms or 1s, not '\(latency)'")
    }
    let source: PlanWorldChoice.Source = from == .live ? .live : snapshot.map { .file($0) } ?? .new
    return PlanWorldChoice(source: source, seed: seed, speed: speed, latency: duration)
  }
}

/// Which world was chosen, as a plan file keeps it.
struct PlanWorldChoice: Sendable, Equatable {
  enum Source: Sendable, Equatable {
    case new
    case file(String)
    case live
  }
  var source: Source
  var seed: UInt64
  var speed: Double
  var latency: Duration

  var name: String {
    switch source {
    case .new: "a new world"
    case .file(let path): "the world of \(path)"
    case .live: "the account as it is"
    }
  }

  /// `account` is read for a live world only, and of it only what the services have.
  func world(_ account: AccountOptions, for services: Set<String>) async throws(CommandFailure) -> PlanWorld {
    switch source {
    case .new: return fresh
    case .file(let path): return try saved(path)
    case .live:
      let client = try account.configured()
      let snapshot = try await LiveReading.snapshot(client, services: services)
      // What the run does is compared, not what else the account holds.
      return PlanWorld(
        cloud: try cloud(snapshot, "the account"), account: PlanWorldChoice.account, isReal: true, choice: self,
        digest: "", live: client)
    }
  }

  private static let account = "simulated"

  /// A world with nothing in it but what every account has.
  var fresh: PlanWorld {
    let configuration = Configuration(seed: seed, speed: speed, startedAt: Trial.epoch)
    return PlanWorld(
      cloud: EmulatedCloud(configuration: configuration), account: PlanWorldChoice.account, isReal: false,
      choice: self, digest: StateText.digest(Array(JSON.print(document).utf8)), live: nil)
  }

  /// The world of a file: of a snapshot, or the state of an emulator.
  func saved(_ path: String) throws(CommandFailure) -> PlanWorld {
    let bytes = try Files.read(path, what: "snapshot")
    let digest = StateText.digest(bytes)
    if let snapshot = (try? JSON.parse(bytes)).flatMap({ AccountSnapshot($0) }) {
      return PlanWorld(
        cloud: try cloud(snapshot, "the snapshot '\(path)'"), account: PlanWorldChoice.account, isReal: true,
        choice: self, digest: digest, live: nil)
    }
    do {
      let cloud = try EmulatedCloud(decoding: StateText.open(bytes), speed: speed)
      return PlanWorld(
        cloud: cloud, account: cloud.accounts.first ?? PlanWorldChoice.account, isReal: true, choice: self,
        digest: digest, live: nil)
    } catch {
      throw CommandFailure(.wrong, "the snapshot '\(path)' cannot be used: \(error)")
    }
  }

  private func cloud(_ snapshot: AccountSnapshot, _ what: String) throws(CommandFailure) -> EmulatedCloud {
    do {
      return try EmulatedCloud(snapshot, account: PlanWorldChoice.account, seed: seed, speed: speed)
    } catch {
      throw CommandFailure(.wrong, "\(what) cannot be made a world of: \(error)")
    }
  }

  var document: Value {
    let (kind, path): (Value, Value) =
      switch source {
      case .new: ("new", .null)
      case .file(let path): ("file", .text(path))
      case .live: ("live", .null)
      }
    return [
      "source": kind, "file": path, "seed": .text(String(seed)), "speed": .float(speed),
      "latency_ms": .int(Int(latency.milliseconds)),
    ]
  }
}

extension PlanWorldChoice {
  /// Nil when it is none.
  init?(_ document: Value) {
    guard let record = document.asRecord, let seed = record["seed"]?.asText.flatMap({ UInt64($0) }),
      let latency = record["latency_ms"]?.asInt
    else { return nil }
    switch record["speed"] {
    case .float(let speed): self.speed = speed
    case .int(let speed): self.speed = Double(speed)
    default: return nil
    }
    switch (record["source"]?.asText, record["file"]?.asText) {
    case ("new", _): source = .new
    case ("file", let path?): source = .file(path)
    case ("live", _): source = .live
    default: return nil
    }
    self.seed = seed
    self.latency = .milliseconds(latency)
  }
}

/// A world to rehearse in.
struct PlanWorld: Sendable {
  let cloud: EmulatedCloud
  let account: String
  /// Whether what is in it counts as known, and is not made up.
  let isReal: Bool
  let choice: PlanWorldChoice
  /// SHA-256 of what it was made from; empty for a live one.
  let digest: String
  /// The account that it was read from just now.
  let live: ClientWorld?

  var name: String { choice.name }

  /// For reads: the account itself, or the world as it is before the run.
  func ask(dryRuns: Bool) -> PlanSurvey.Ask {
    if let live {
      let world = ReadOnlyWorld(live, allowsDryRuns: dryRuns)
      return { call in await world.send(call) }
    }
    var cloud = cloud
    cloud.liftRateLimits()
    let (fork, account) = (cloud, account)
    return { call in
      var world = SimulatedWorld(cloud: fork, account: account)
      return world.send(call, at: fork.instant).reply
    }
  }
}
