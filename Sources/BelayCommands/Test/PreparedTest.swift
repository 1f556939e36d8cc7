import CloudEmulator
import Diagnostics
import RunEngine
import RunPlanner
import RunbookChecker
import RunbookEvaluator
import Values

/// A test ready to be run, with what is needed to look at what came of it.
struct PreparedTest: Sendable {
  let name: String
  let place: Place
  private let code: RunbookCode
  private let test: TestCode
  private let trial: Trial
  private let faults: [Fault]
  private let outputs: [String]
  private let world: PlanWorld
  /// The file that says how it has to be planned; nil when that does not matter.
  private let planPath: String?

  /// The tests of a file; nil when its text is wrong, which has been told then.
  static func all(in file: SourceFile) throws(CommandFailure) -> [PreparedTest]? {
    let context = CommandContext.current
    let checked = RunbookCheck.check(file, functions: StandardLibrary.signatures, read: Files.used)
    Problems.write(checked.diagnostics.filter { $0.severity == .error }, checked.sources, to: context)
    guard let runbook = checked.runbook else { return nil }
    let (code, tests) = RunbookCompiler.compileTests(runbook)
    var prepared: [PreparedTest] = []
    for test in tests {
      let ready = RunbookProgram.prepare(test, of: runbook, code: code)
      Problems.write(ready.problems, checked.sources, to: context)
      guard let program = ready.program else { return nil }
      prepared.append(try PreparedTest(test, program, code, runbook, ready.inputs))
    }
    return prepared
  }

  private init(
    _ test: TestCode, _ program: RunbookProgram, _ code: RunbookCode, _ runbook: CheckedRunbook, _ inputs: Record
  ) throws(CommandFailure) {
    let file = runbook.sources.files[0]
    let position = file.position(at: Int(test.test.declaration.name.span.lower))
    name = test.test.name
    place = Place(path: file.path, line: position.line, column: position.column)
    self.test = test
    self.code = code
    let folder = file.path.lastIndex(of: "/").map { file.path[...$0] } ?? ""
    let choice = PlanWorldChoice(source: .new, seed: UInt64(test.test.seed), speed: 1, latency: .milliseconds(40))
    world = try test.test.world.map { path throws(CommandFailure) in try choice.saved(folder + path) } ?? choice.fresh
    planPath = test.test.plan.map { folder + $0 }
    trial = Trial(
      program,
      created: .created(
        runbook: runbook.name, version: runbook.version, path: file.path, source: file.text(0..<file.bytes.count),
        inputs: inputs, cloud: "simulated", by: "test"), account: world.account, id: RunID("r-test"))
    do {
      faults = try test.test.faults.map { fault throws(FaultProblem) in try Fault(parsing: fault.text) }
    } catch {
      throw CommandFailure(.wrong, "\(place): \(error)")
    }
    outputs = runbook.outputNames
  }

  func run() async -> TestResult {
    let outcome = trial.run(in: world.cloud, faults: faults, cancelAfter: test.test.cancelAfter)
    if let stall = outcome.stall {
      return TestResult(
        name: name, place: place, outcome: outcome, misses: [], problem: "it never ends: \(stall)", plan: nil)
    }
    var facts = facts(of: outcome)
    let plan = test.test.asksForecast || planPath != nil ? await plan() : nil
    if test.test.asksForecast, let plan { facts[CheckedTest.forecast] = await forecast(plan) }
    let misses = RunbookProgram.misses(test, code: code, facts: facts)
    return TestResult(
      name: name, place: place, outcome: outcome, misses: misses, problem: nil,
      plan: planPath.flatMap { path in plan.map { GoldenPlan($0, at: path) } })
  }

  /// Of the run when nothing goes wrong.
  private func plan() async -> RunPlan {
    var question = RunPlan.Question(trial, in: world.cloud)
    question.isReal = world.isReal
    return await RunPlan(question)
  }

  private func forecast(_ plan: RunPlan) async -> Value {
    let survey = await PlanSurvey(plan, ask: world.ask(dryRuns: false))
    return [
      "time": .duration(plan.forecast.makespan), "calls": .int(plan.callCounts.reduce(0) { $0 + $1.count }),
      "undo_time": .duration(plan.undo.map(\.takes).max() ?? .zero), "per_hour": .float(survey.perHour / 100),
      "per_month": .float(Double(survey.perMonth) / 100),
    ]
  }

  /// By the names of ``CheckedTest/facts``.
  private func facts(of outcome: TrialOutcome) -> Record {
    let report = outcome.report
    let before = outcome.before.inventory(account: outcome.account)
    let after = outcome.after.inventory(account: outcome.account)
    let known = Set(before.map { [$0.kind, $0.id] })
    let there = Set(after.map { [$0.kind, $0.id] })
    var facts: Record = [
      "outcome": .text(report.status.rawValue),
      "failure": [
        "code": .text(report.failure?.code ?? ""), "message": .text(report.failure?.message ?? ""),
        "step": .text(report.failure?.step?.text ?? ""),
      ],
      "calls": .list(outcome.asked.map { .text($0.call.action.description) }),
      "steps": .list(report.steps.filter { $0.kind == .change }.map { .text($0.address.text) }),
      "undone": .list(report.undoOrder.map { .text($0.text) }),
      "left": .list(report.remaining.map { .text($0.address.text) }),
      "made": .list(after.filter { !known.contains([$0.kind, $0.id]) }.map(PreparedTest.thing)),
      "gone": .list(before.filter { !there.contains([$0.kind, $0.id]) }.map(PreparedTest.thing)),
      "notices": .list(report.notifications.map { .text($0.notification.text) }),
      "elapsed": .duration(outcome.elapsed),
    ]
    let given = Record(report.outputs.map { ($0.name, $0.value) })
    facts["result"] = given["result"] ?? .null
    facts["outputs"] = .record(Record(outputs.map { ($0, given[$0] ?? .null) }))
    return facts
  }

  private static func thing(_ line: InventoryLine) -> Value {
    ["kind": .text(line.kind), "id": .text(line.id), "name": .text(line.name)]
  }
}

struct TestResult: Sendable {
  let name: String
  let place: Place
  let outcome: TrialOutcome
  var misses: [TestMiss]
  /// Why the run could not be looked at; nil when it could.
  let problem: String?
  /// What is held against a file; nil when nothing is.
  let plan: GoldenPlan?

  var hasPassed: Bool { misses.isEmpty && problem == nil }
}

enum TestRun {
  /// In the order of the tests, whichever is ready first.
  static func results(of tests: [PreparedTest], jobs: Int) async -> [TestResult] {
    var results: [Int: TestResult] = [:]
    await withTaskGroup(of: (Int, TestResult).self) { group in
      for (index, test) in tests.enumerated() {
        if index >= jobs, let (ready, result) = await group.next() { results[ready] = result }
        group.addTask { (index, await test.run()) }
      }
      for await (index, result) in group { results[index] = result }
    }
    return tests.indices.compactMap { results[$0] }
  }
}
