import ArgumentParser
import CloudClient
import CloudEmulator
import Foundation
import Values

/// Where an emulator's control API is.
struct ControlOptions: ParsableArguments {
  @Option(help: "Where the emulator is, such as http://127.0.0.1:9000.")
  var endpoint: String
  @Option(help: "The token it was started with.")
  var control: String

  /// `query` is a list of names and values.
  func send(
    _ method: String, _ path: String, query: [(String, String)] = [], body: Value? = nil
  ) async throws(CommandFailure) -> Record {
    let parts = query.map { "\($0.0)=\(ControlOptions.encoded($0.1))" }
    let url = "\(endpoint)/_belay/\(path)" + (parts.isEmpty ? "" : "?\(parts.joined(separator: "&"))")
    guard let answer = await PlainRequest.send(method, url, token: control, body: body.map(JSON.print)) else {
      throw CommandFailure(.unreachable, "nothing answers at \(endpoint); is the emulator running?")
    }
    let record = (try? JSON.parse(answer.body))?.asRecord ?? Record()
    guard answer.status == 200 else {
      let reason = record["Error"]?.asText ?? "it answered with HTTP status \(answer.status)"
      throw CommandFailure(
        .wrong,
        answer.status == 404
          ? "the emulator at \(endpoint) has no control API; start it with --control TOKEN"
          : "the emulator at \(endpoint) refused: \(reason)")
    }
    return record
  }

  private static func encoded(_ text: String) -> String {
    var plain = CharacterSet.alphanumerics
    plain.insert(charactersIn: "-_.~")
    return text.addingPercentEncoding(withAllowedCharacters: plain) ?? text
  }
}

struct EmulatorInventory: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inventory", abstract: "List what exists in an emulated cloud.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @OptionGroup var control: ControlOptions
  @Option(help: "Whose; without it, the first account's.")
  var account: String?
  @Flag(help: "With what every account comes with, in the text form too.")
  var all = false
  @Option(help: "text, or json: one object, with everything.")
  var format = Format.text

  func run() async throws {
    let context = CommandContext.current
    let answer = try await control.send("GET", "inventory", query: account.map { [("account", $0)] } ?? [])
    guard format == .text else { return context.output.write(JSON.prettyPrint(.record(answer)) + "\n") }
    var table = TextTable([.init("KIND"), .init("ID"), .init("NAME"), .init("STATE")])
    for line in answer["Inventory"]?.asList ?? [] {
      let record = line.asRecord ?? Record()
      if !all, record["Detail"]?.asText?.hasPrefix("system") == true { continue }
      table.add(record.map { $0.value.display })
    }
    context.output.write(table.lines(context.outputStyle).map { $0 + "\n" }.joined())
  }
}

struct EmulatorInject: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inject", abstract: "Arm faults in an emulated cloud, list them, or clear them.",
    discussion: EmulatorWorldOptions.faultForms)

  @Argument(help: "What goes wrong; calls are counted from now.")
  var faults: [String] = []
  @Option(help: ArgumentHelp("Arm the faults of a JSON file, too.", valueName: "file"))
  var scenario: String?
  @Option(name: .customLong("clear"), help: "Clear the fault of this number.")
  var cleared: [Int] = []
  @Flag(help: "Clear all faults first.")
  var clearAll = false
  @Flag(help: "List what is armed in the end, with the calls that it has seen and struck.")
  var list = false
  @OptionGroup var control: ControlOptions

  func run() async throws {
    let output = CommandContext.current.output
    guard !faults.isEmpty || scenario != nil || !cleared.isEmpty || clearAll || list else {
      throw CommandFailure(.wrong, "name a fault, or --scenario, --clear, --clear-all or --list")
    }
    if clearAll { _ = try await control.send("DELETE", "faults") }
    for number in cleared { _ = try await control.send("DELETE", "faults", query: [("number", "\(number)")]) }
    var bodies: [Value] = faults.isEmpty ? [] : [["faults": .list(faults.map(Value.text))]]
    if let scenario {
      // Read here first, so that what is wrong with it is told with the file's name.
      _ = try ScenarioFile.read(scenario)
      bodies.append((try? JSON.parse(Files.read(scenario, what: "scenario"))) ?? .null)
    }
    for body in bodies {
      let answer = try await control.send("POST", "faults", body: body)
      for fault in answer["Armed"]?.asList ?? [] { output.write("armed \(fault.display)\n") }
    }
    if list { try await write(to: output) }
  }

  private func write(to output: any TextOutput) async throws {
    var table = TextTable([.init("NUMBER"), .init("FAULT"), .init("SEEN"), .init("STRUCK")])
    for fault in try await control.send("GET", "faults")["Faults"]?.asList ?? [] {
      let record = fault.asRecord ?? Record()
      table.add(["Number", "Fault", "Seen", "Struck"].map { record[$0]?.display ?? "" })
    }
    output.write(table.lines(CommandContext.current.outputStyle).map { $0 + "\n" }.joined())
  }
}

struct EmulatorAnnounce: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "announce",
    abstract: "Let an instance of an emulated cloud announce a virtual IP (HAVIP) in its network, which binds it.")

  @Argument(help: "The virtual IP, such as havip-1a2b3c4d.")
  var haVip: String
  @Argument(help: "The instance, which runs in its subnet; without it, nobody announces it any more.")
  var instance: String?
  @Option(help: "Whose; without it, the first account's.")
  var account: String?
  @OptionGroup var control: ControlOptions

  func run() async throws {
    var body: Record = ["havip": .text(haVip), "instance": instance.map(Value.text) ?? .null]
    body["account"] = account.map(Value.text)
    _ = try await control.send("POST", "announce", body: .record(body))
    let output = CommandContext.current.output
    output.write(instance.map { "\(haVip) is bound to \($0)\n" } ?? "\(haVip) is bound to nothing\n")
  }
}
