import ArgumentParser
import CloudEmulator
import RunEngine
import RunPlanner
import Values

struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what a runbook would do, how long it takes, and what a failure would undo; changes nothing.",
    discussion: """
      The runbook is run as it would be, by the same engine, limits and waits, against an emulated cloud in virtual \
      time. docs/plan.md says what each part means.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: "The runbook.")
  var file: String
  @OptionGroup var inputs: InputOptions
  @OptionGroup(title: "World") var world: PlanWorldOptions
  @OptionGroup var limits: LimitOptions
  @Option(
    name: .customLong("undo-from"),
    help: ArgumentHelp("Also what a failure just after this step would undo; 'all' for every step.", valueName: "step"))
  var undoFrom: String?
  @Flag(help: "Every round and every parameter, nothing folded or cut.")
  var all = false
  @Flag(help: "Also ask by dry runs, where an action has them, whether the cloud would take the calls.")
  var dryRun = false
  @Flag(help: "Only the policy document of Cloud Access Management that allows what the run may have to call.")
  var policy = false
  @Option(help: "text, or json: one object, belay.plan/1.")
  var format = Format.text
  @Option(
    help: ArgumentHelp(
      "Also write a plan file: `belay run --plan FILE` then does this and nothing else.", valueName: "file"))
  var out: String?

  func run() async throws {
    let context = CommandContext.current
    let source = try Files.source(file)
    let prepared = try RunPreparation(source) { () throws(CommandFailure) in try inputs.read() }
    let world = try await world.world(for: prepared.services)
    let points = undoFrom.map { $0 == "all" ? RunPlan.Question.Steps.all : .named($0) }
    let limits = try limits.accountLimits()
    let sheet = await PlanSheet(prepared, world, limits, undoFrom: points, dryRuns: dryRun)
    let plan = sheet.plan
    if let undoFrom, undoFrom != "all", plan.undoFrom.isEmpty {
      throw CommandFailure(.wrong, "the plan has no change '\(undoFrom)'; `belay plan \(file) --all` lists its steps")
    }
    if policy {
      await world.live?.shutdown()
      return context.output.write(JSON.prettyPrint(plan.permissions.policy) + "\n")
    }
    switch format {
    case .json: context.output.write(JSON.prettyPrint(sheet.document) + "\n")
    case .text: context.output.write(PlanText(sheet, context.outputStyle, isWhole: all).text)
    }
    await world.live?.shutdown()
    guard plan.succeeds else { throw CommandFailure(.rolledBack) }
    if let out { try Files.write(PlanFile(sheet, prepared, world, limits).text, to: out) }
  }
}

/// A plan with what was found out around it: all that is shown of it.
struct PlanSheet: Sendable {
  let plan: RunPlan
  let survey: PlanSurvey
  let bounds: [PlannedBound]
  /// How the world is called in which it was made.
  let world: String
  /// The runbook and its version.
  let title: String

  init(
    _ prepared: RunPreparation, _ world: PlanWorld, _ limits: AccountLimits,
    undoFrom: RunPlan.Question.Steps? = nil, dryRuns: Bool = false
  ) async {
    var question = prepared.question(in: world, limits)
    question.undoFrom = undoFrom
    plan = await RunPlan(question)
    survey = await PlanSurvey(plan, dryRuns: dryRuns, ask: world.ask(dryRuns: dryRuns))
    bounds = prepared.bounds(of: plan)
    self.world = world.name
    title = "\(prepared.runbook.name) \(prepared.runbook.version)"
  }
}
