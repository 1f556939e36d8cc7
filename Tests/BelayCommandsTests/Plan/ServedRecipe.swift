import BelayCommands
import CloudClient
import CloudEmulator
import EmulatorServer
import Foundation
import RunEngine
import TestSupport
import Testing
import Values

/// A recipe's world in a file, and served over HTTP: for commands of the command line.
struct ServedRecipe {
  struct Failure: Error { let text: String }

  let recipe: ShippedRecipe
  let folder: String
  private let endpoint: String
  private let server: Task<Void, Never>

  init(_ recipe: ShippedRecipe) async throws {
    self.recipe = recipe
    folder = FileManager.default.temporaryDirectory.path + "/belay-plan-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(StateText.sealed(recipe.cloud.encoded)).write(to: URL(fileURLWithPath: folder + "/world.state"))
    let configuration = ServerConfiguration(
      credentials: ["demo": Credential(secretKey: "demo-key", account: ShippedRecipe.account)], cloud: recipe.cloud,
      controlToken: "token")
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    server = Task {
      try? await CloudServer(configuration: configuration).run { continuation.yield($0) }
      continuation.finish()
    }
    var iterator = ports.makeAsyncIterator()
    let port = try #require(await iterator.next())
    endpoint = "http://127.0.0.1:\(port)"
  }

  func stop() async throws {
    server.cancel()
    await server.value
    try FileManager.default.removeItem(atPath: folder)
  }

  /// What the command writes to its output. `account` is the machine's.
  func belay(_ arguments: [String], status: Int32 = 0, account: String = "alice") async throws -> String {
    let (output, error) = (CapturedOutput(), CapturedOutput())
    let style = TerminalStyle(colour: false, unicode: true, width: 100, height: 40, isInteractive: false)
    let context = CommandContext(
      environment: [
        "HOME": folder, "BELAY_STATE": folder + "/state", "TENCENTCLOUD_SECRET_ID": "demo",
        "TENCENTCLOUD_SECRET_KEY": "demo-key",
      ], output: output, error: error, outputStyle: style, errorStyle: style, handlesSignals: false, account: account)
    let ended = await BelayCLI.run(arguments, in: context)
    guard ended == status else { throw Failure(text: "\(arguments) ended with \(ended): \(error.text)") }
    return output.text
  }

  /// The plan in the world of the file, which is as fast as the one that is served.
  func plan(_ options: [String] = []) async throws -> Record {
    let text = try await belay(
      [
        "plan", path, "--snapshot", folder + "/world.state", "--speed", "\(ShippedRecipe.speed)", "--latency", "2ms",
        "--format", "json",
      ]
        + recipe.arguments + options)
    let plan = try JSON.parse(text)
    return try #require(plan.asRecord)
  }

  /// The records of a run over HTTP. What it has to be approved is.
  func run(status: Int32 = 0) async throws -> [(Instant, JournalRecord)] {
    let isAsked = status == 0 && recipe.hasApproval
    let run = ["run", path, "--endpoint", endpoint, "--format", "json"] + recipe.arguments
    _ = try await belay(run, status: isAsked ? 5 : status)
    if isAsked {
      let approve = ["approve", "last", "--role", "ops_lead", "--resume", "--endpoint", endpoint, "--format", "json"]
      _ = try await belay(approve, account: "bob")
    }
    let text = try await belay(["journal", "last", "--format", "ndjson"])
    return try text.split(separator: "\n").enumerated().map { index, line in
      let value = try JSON.parse(String(line))
      let fields = try #require(value.asRecord)
      // A failure's own kind goes by another name beside the record's.
      let kind = try #require(fields["kind"]?.asText)
      var payload = fields
      if let cause = fields["cause"] { payload["kind"] = cause }
      let record = try #require(JournalRecord(kind: kind, payload: payload))
      return (Instant(milliseconds: Int64(index)), record)
    }
  }

  /// How many calls the served cloud has seen, by action.
  func callCounts() async throws -> [String: Int] {
    let answer = try #require(await PlainRequest.send("GET", endpoint + "/_belay/calls", token: "token"))
    let body = try JSON.parse(answer.body)
    let calls = try #require(body.asRecord?["Calls"]?.asList)
    return Dictionary(calls.compactMap { $0.asRecord?["Action"]?.asText }.map { ($0, 1) }, uniquingKeysWith: +)
  }

  /// A command about the account that is served.
  func live(_ command: [String], _ options: [String]) async throws -> String {
    try await belay(command + [path, "--from", "live", "--endpoint", endpoint] + recipe.arguments + options)
  }

  func inventory() async throws -> Value {
    let url = endpoint + "/_belay/inventory?account=\(ShippedRecipe.account)"
    let answer = try #require(await PlainRequest.send("GET", url, token: "token"))
    return try JSON.parse(answer.body)
  }

  func arm(_ faults: [String]) async throws {
    let body = JSON.print(["faults": .list(faults.map(Value.text))])
    let answer = try #require(
      await PlainRequest.send("POST", endpoint + "/_belay/faults", token: "token", body: body))
    try #require(answer.status == 200)
  }

  private var path: String { Repository.root + recipe.path }
}
