import CloudCatalog
import CloudEmulator
import Diagnostics
import RunDriver
import RunEngine
import RunPlanner
import RunbookChecker
import RunbookEvaluator
import Values

/// A runbook made ready and run in the simulated world, as tests want it.
package struct Rehearsal: Sendable {
  package struct Problem: Error, CustomStringConvertible {
    package let description: String
  }
  package struct Outcome: Sendable {
    package let report: RunReport
    package let records: [JournalRecord]
    package let status: RunStatus
    package let before: [InventoryLine]
    package let after: [InventoryLine]
    package let elapsed: Duration
    package let cloud: EmulatedCloud

    /// What is left, for messages.
    package var left: [String] { report.remaining.map { "\($0.address) \($0.state.rawValue): \($0.note)" } }
    package var changes: [RunReport.Step] { report.steps.filter { $0.kind == .change } }
  }

  package static let start = Instant(milliseconds: 1_790_000_000_000)
  package static let account = "simulated"

  private let program: RunbookProgram
  private let created: JournalRecord
  package let runbook: CheckedRunbook

  package init(_ file: SourceFile, inputs: Record) throws {
    let checked = RunbookCheck.check(file, functions: StandardLibrary.signatures)
    guard let runbook = checked.runbook else {
      throw Problem(description: DiagnosticRenderer(sources: checked.sources).render(checked.diagnostics))
    }
    let code = RunbookCompiler.compile(runbook)
    let prepared = RunbookProgram.prepare(runbook, code: code, inputs: inputs)
    guard let program = prepared.program else {
      throw Problem(description: DiagnosticRenderer(sources: checked.sources).render(prepared.problems))
    }
    self.program = program
    self.runbook = runbook
    created = .created(
      runbook: runbook.name, version: runbook.version, path: file.path, source: file.text(0..<file.bytes.count),
      inputs: prepared.inputs, cloud: "simulated")
  }

  package static func freshCloud(seed: UInt64 = 1) -> EmulatedCloud {
    EmulatedCloud(configuration: Configuration(seed: seed, startedAt: start))
  }

  /// Runs to the end; nil status of the driver (a run that can never end) is a problem.
  package func run(
    in cloud: EmulatedCloud = Rehearsal.freshCloud(), faults: [Fault] = [], cancelAfter: Duration? = nil,
    startingAt start: Instant = Rehearsal.start
  ) throws -> Outcome {
    var cloud = cloud
    for fault in faults { cloud.inject(fault) }
    let before = cloud.inventory(account: Rehearsal.account)
    var world = SimulatedWorld(cloud: cloud, account: Rehearsal.account)
    let outcome = SimulatedDriver().run(
      RunID("r-test"), created: created, program: program, cloud: &world, startingAt: start,
      cancelAt: cancelAfter.map { start + $0 })
    guard let outcome else { throw Problem(description: "the run can never end") }
    world.cloud.advance(to: outcome.endedAt + .minutes(10))
    return Outcome(
      report: RunReport(outcome.records), records: outcome.records.map(\.1), status: outcome.status, before: before,
      after: world.cloud.inventory(account: Rehearsal.account), elapsed: outcome.endedAt - start, cloud: world.cloud)
  }
}
