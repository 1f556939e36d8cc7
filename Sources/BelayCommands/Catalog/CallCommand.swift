import ArgumentParser
import CloudCatalog
import Foundation
import Values

struct CallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "call", abstract: "Make one signed call, held against the catalog first, and print its answer.",
    discussion: """
      VALUE is read by the parameter's type: lists and structures as JSON, lists of plain values also as a,b,c. \
      @FILE and @env:NAME stand for a file's text and a variable; a value that begins with @ is written @@.
      Exit status: 0 done, 1 the cloud refused or the call was called off, 2 the call is wrong and nothing was sent, \
      3 nobody knows whether it took effect, or it was done in part, 4 the cloud cannot be reached.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case json, ndjson }

  @ArgumentParser.Argument(help: "The action, such as ecm.DescribeVpcs.")
  var action: String
  @Option(name: .customLong("param"), help: ArgumentHelp("A parameter; may be repeated.", valueName: "name=value"))
  var pairs: [String] = []
  @Option(
    name: .customLong("params"),
    help: ArgumentHelp("A JSON object of parameters; - reads the input.", valueName: "file"))
  var document: String?
  @Option(help: "The region: CVM's common parameter, ECM's EcmRegion.")
  var region: String?
  @Flag(help: "Follow the pages of a read to the last one.")
  var all = false
  @Flag(help: "Do not ask before a call that changes something.")
  var yes = false
  @Option(help: "json: one object over several lines; ndjson: the same on one line.")
  var format = Format.json
  @OptionGroup var account: AccountOptions

  func run() async throws {
    let context = CommandContext.current
    let nature = ActionNature(try ActionLookup.action(action))
    let call = try prepared(nature, context)
    let walk = all ? try paged(nature) : nil
    guard let credentials = try account.account() else { throw CommandFailure(.wrong, missingAccount) }
    if !nature.isRead, !yes { try CallConfirmation(nature).ask(context) }
    let world = try account.client(credentials)
    let exchange = CallExchange(
      nature: nature, call: call, send: { await world.send($0) },
      pause: { await world.sleep(until: world.now() + $0) })
    let result = await exchange.result(walk)
    await world.shutdown()
    try report(try result.get(), nature, context)
  }

  /// The call, or everything that is wrong with it.
  private func prepared(_ nature: ActionNature, _ context: CommandContext) throws(CommandFailure) -> CloudCall {
    var arguments = CallArguments(nature)
    if let document { arguments.add(document: try record(document)) }
    for pair in pairs { try arguments.add(pair: pair, context.environment) }
    if let region { arguments.add(region: region) }
    let problems = ArgumentCheck(arguments, of: nature.facts)?.problems ?? []
    guard problems.isEmpty else {
      for problem in problems { context.error.write("belay: \(problem)\n") }
      context.error.write("Nothing was sent. `belay action \(nature.facts.id)` explains the parameters.\n")
      throw CommandFailure(.wrong)
    }
    return CloudCall(nature.facts.id, region: arguments.region, arguments.record)
  }

  private func record(_ path: String) throws(CommandFailure) -> Record {
    let isInput = path == "-"
    let name = isInput ? "the input" : "the parameters file '\(path)'"
    let bytes =
      isInput
      ? [UInt8](FileHandle.standardInput.readDataToEndOfFile()) : try Files.read(path, what: "parameters file")
    do {
      if let record = try JSON.parse(bytes).asRecord { return record }
    } catch {
      throw CommandFailure(.wrong, "\(name) is not JSON: \(error.description)")
    }
    throw CommandFailure(.wrong, "\(name) must hold one object of names and values")
  }

  private func paged(_ nature: ActionNature) throws(CommandFailure) -> PageWalk {
    if nature.isRead, let walk = PageWalk(nature) { return walk }
    let reason = nature.isRead ? "answers everything at once" : "is not a read"
    throw CommandFailure(.wrong, "'\(nature.facts.id)' \(reason): leave out --all")
  }

  private var missingAccount: String {
    let place = account.endpoint.map { "there are no credentials for \($0)" } ?? "no account is configured"
    return """
      \(place): set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or name a file with --credentials. To try \
      without an account, start `belay emulator`, set both variables to belay, and give --endpoint \
      http://127.0.0.1:9000
      """
  }

  private func report(_ answer: Record, _ nature: ActionNature, _ context: CommandContext) throws(CommandFailure) {
    let value = Value.record(answer)
    switch format {
    case .json: context.output.write(JSON.prettyPrint(value) + "\n")
    case .ndjson: context.output.write(JSON.print(value) + "\n")
    }
    for path in nature.meaning?.secretResults ?? [] where path.value(in: value).map({ !$0.isNull }) ?? false {
      context.error.write("belay: the answer holds a secret (\(path)); keep it where nobody else reads it\n")
    }
    guard let path = nature.meaning?.partialFailure, let left = path.value(in: value), left.asList?.isEmpty != true
    else { return }
    throw CommandFailure(.needsAttention, "not everything was done: \(path) names what was not: \(left.display)")
  }
}
