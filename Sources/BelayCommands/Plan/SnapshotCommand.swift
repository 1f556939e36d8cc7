import ArgumentParser
import CloudEmulator
import EmulatorServer
import RunPlanner
import Values

struct SnapshotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot",
    abstract: "Write down what an account holds in ECM and CVM, for plans and drills; only reads are sent.")

  @OptionGroup var account: AccountOptions
  @Option(
    help: ArgumentHelp("Only what this region holds. May be given more than once; without it, all.", valueName: "name"))
  var region: [String] = []
  @Option(
    help: ArgumentHelp("Only what this service has, ecm or cvm (default: both).", valueName: "name"))
  var service: String?
  @Option(help: ArgumentHelp("Where to write it (default: the output).", valueName: "file"))
  var out: String?

  func validate() throws {
    if let service, !AccountReader.allServices.contains(service) {
      throw ValidationError("--service is ecm or cvm, not '\(service)'")
    }
  }

  func run() async throws {
    let context = CommandContext.current
    let client = try account.configured()
    let services = service.map { [$0] } ?? AccountReader.allServices
    let snapshot = try await LiveReading.snapshot(client, regions: region, services: services)
    await client.shutdown()
    let text = JSON.prettyPrint(snapshot.document) + "\n"
    guard let out else { return context.output.write(text) }
    try Files.write(text, to: out)
    let rows = snapshot.answers.reduce(0) { $0 + $1.rows.count }
    context.error.write("\(rows) rows of \(snapshot.account) are in \(out)\n")
  }
}

/// Reading an account that is configured.
enum LiveReading {
  static func snapshot(
    _ client: ClientWorld, regions: [String] = [], services: Set<String>
  ) async throws(CommandFailure) -> AccountSnapshot {
    do {
      return try await AccountReader(ReadOnlyWorld(client), regions: regions, services: services).snapshot()
    } catch {
      throw CommandFailure(.unreachable, "the account cannot be read: \(error.message)")
    }
  }
}

extension AccountOptions {
  /// The account's client; an account has to be configured.
  func configured() throws(CommandFailure) -> ClientWorld {
    guard let credentials = try account() else {
      throw CommandFailure(
        .wrong,
        "no account is configured: set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or name a file with "
          + "--credentials")
    }
    return try client(credentials)
  }
}
