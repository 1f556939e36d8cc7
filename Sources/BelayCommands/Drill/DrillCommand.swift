import ArgumentParser
import CloudEmulator
import Foundation
import RunEngine
import RunPlanner
import Values

struct DrillCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drill",
    abstract: "Try everything that can go wrong with a runbook, in a simulated cloud: does it always clean up?",
    discussion: """
      At every call of the run each kind of failure that its action documents, and the end of the process at every \
      record of the journal, one at a time. Nothing leaves this machine. Exit status 3: something is left that nothing \
      declares, was damaged, made twice, or a person is asked without a reason. docs/drill.md says what each part means.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: "The runbook.")
  var file: String
  @OptionGroup var inputs: InputOptions
  @OptionGroup(title: "World") var world: PlanWorldOptions
  @OptionGroup var limits: LimitOptions
  @Option(help: "1: one failure a run; 2: also a second one on each way back.")
  var depth = 1
  @Option(
    help: ArgumentHelp(
      "Only this scenario, such as c12:throttled or c12:lost-after-effect+c30:crash.",
      valueName: "id"))
  var only: String?
  @Flag(help: "With --only: every call and record of it.")
  var trace = false
  @Option(help: "text, or json: one object, belay.drill/1.")
  var format = Format.text
  @Option(help: ArgumentHelp("Also write the result as JUnit XML.", valueName: "file"))
  var junit: String?
  @Option(help: "How many scenarios go on at a time (default: the number of processors).")
  var jobs: Int?

  func validate() throws {
    guard (1...2).contains(depth) else { throw ValidationError("--depth is 1 or 2, not \(depth)") }
    if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs is 1 to 256, not \(jobs)") }
    if trace, only == nil { throw ValidationError("--trace shows one scenario: name it with --only") }
    if only != nil, format == .json || junit != nil {
      throw ValidationError("--only shows one scenario as text: leave --format and --junit out")
    }
  }

  func run() async throws {
    let prepared = try RunPreparation(Files.source(file)) { () throws(CommandFailure) in try inputs.read() }
    let world = try await world.world(for: prepared.services)
    let drill = Drill(
      prepared.trial(in: world, try limits.accountLimits()), in: world.cloud, depth: depth,
      jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
    if let only { return try replay(only, of: drill) }
    let context = CommandContext.current
    let meter = DrillMeter(context)
    let report = await drill.run { meter.show($0) }
    meter.finish()
    let title = "\(prepared.runbook.name) \(prepared.runbook.version)"
    switch format {
    case .text:
      let text = DrillText(report, title: title, depth: depth, command: command, style: context.outputStyle)
      context.output.write(text.text)
    case .json:
      let document = report.document(
        runbook: prepared.runbook.name, version: prepared.runbook.version, depth: depth, command: command)
      context.output.write(JSON.prettyPrint(document) + "\n")
    }
    if let junit { try Files.write(DrillJUnit(report, title: title, command: command).text, to: junit) }
    if !report.failing.isEmpty { throw CommandFailure(.needsAttention) }
  }

  private func replay(_ name: String, of drill: Drill) throws {
    guard let scenario = DrillScenario(name) else {
      throw CommandFailure(
        .wrong, "--only '\(name)' is no scenario: they are written c12:throttled or r34:crash, two with a + between")
    }
    let context = CommandContext.current
    do {
      let replay = try DrillReplay(scenario, of: drill)
      let text = DrillTraceText(replay, isWhole: trace, style: context.outputStyle)
      context.output.write(text.text)
      if !replay.result.findings.isEmpty { throw CommandFailure(.needsAttention) }
    } catch let problem as DrillReplay.Problem {
      throw CommandFailure(.wrong, "--only: \(problem)")
    }
  }

  /// This command as it was given, without what concerns the whole drill: what replays a scenario of it.
  private var command: String {
    var words = ["belay", "drill", file]
    for pair in inputs.pairs { words += ["--input", pair] }
    for path in inputs.files { words += ["--inputs", path] }
    for limit in limits.limits { words += ["--limit", limit] }
    words += world.arguments
    return words.map(ShellWord.quoted).joined(separator: " ")
  }
}

extension PlanWorldOptions {
  /// The options as they were given, but for the account.
  fileprivate var arguments: [String] {
    var words: [String] = []
    if from != .new { words += ["--from", from.rawValue] }
    if let snapshot { words += ["--snapshot", snapshot] }
    if seed != 1 { words += ["--seed", String(seed)] }
    if speed != 1 { words += ["--speed", String(speed)] }
    if latency != "40ms" { words += ["--latency", latency] }
    return words
  }
}
