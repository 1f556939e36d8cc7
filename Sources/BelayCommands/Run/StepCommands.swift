import ArgumentParser
import CloudCatalog
import RunEngine
import Values

struct RetryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry",
    abstract: "Do again what failed, and go on from there.",
    discussion: """
      A run that stopped at a failed step and has undone nothing sends that step again. A run whose undo could not be \
      completed tries that again.
      """)

  @Argument(help: "The run, as `belay runs` lists it, or `last`.")
  var run: String
  @OptionGroup var takeUp: TakeUpOptions

  func run() async throws {
    try await takeUp.carryOut(run) { report, id in
      try TakingUp.check(report, id, .retry)
      if !report.canBeRetried, let failure = report.failure {
        throw CommandFailure(
          .wrong,
          "the run \(id) was stopped by the runbook itself (\(failure.message)); doing that again changes nothing. "
            + "`belay rollback \(id)` undoes what it did")
      }
      return .retry
    }
  }
}

/// The step of a run about which a person decides.
struct StepArguments: ParsableArguments {
  @Argument(help: "The run, as `belay runs` lists it, or `last`.")
  var run: String
  @Argument(help: "The step's address, as `belay show` has it.")
  var step: String

  /// `result` is JSON; `purpose` is what is wanted, in general.
  func carryOut(
    _ takeUp: TakeUpOptions, _ result: String?, _ purpose: RunVerb,
    _ decide: (StepDecision, Value?) throws(CommandFailure) -> RunVerb
  ) async throws {
    let value = try result.map { text throws(CommandFailure) in try StepDecision.json(text) }
    try await takeUp.carryOut(run) { report, id in
      let decision = try StepDecision(step, report, id)
      try TakingUp.check(report, id, purpose)
      return try decide(decision, value)
    }
  }
}

struct SkipCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "skip",
    abstract: "Go on without a step that failed or of which nobody knows.",
    discussion: """
      The step counts as not wanted. What later steps read of it is --result, which may be left out when nothing reads \
      it. In a run that is being undone, what is left of the step stays in the cloud.
      """)

  @OptionGroup var step: StepArguments
  @Option(help: "The value that later steps see, as JSON.")
  var result: String?
  @OptionGroup var takeUp: TakeUpOptions

  func run() async throws {
    let purpose = RunVerb.skip(StepAddress(step.step), result: .null)
    try await step.carryOut(takeUp, result, purpose) { decision, value throws(CommandFailure) in
      try decision.skip(value)
    }
  }
}

struct AcceptCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept",
    abstract: "Take over what a person did about a step: made it, or undid it.",
    discussion: """
      With --result the step counts as done with that result, which is what the action would have answered, and is \
      undone like any other. Without, what is left of the step counts as undone.
      """)

  @OptionGroup var step: StepArguments
  @Option(help: "What the action would have answered, as JSON, such as '{\"Vpc\":{\"VpcId\":\"vpc-1\"}}'.")
  var result: String?
  @OptionGroup var takeUp: TakeUpOptions

  func run() async throws {
    let purpose = RunVerb.accept(StepAddress(step.step), result: nil)
    try await step.carryOut(takeUp, result, purpose) { decision, value throws(CommandFailure) in
      try decision.accept(value)
    }
  }
}
