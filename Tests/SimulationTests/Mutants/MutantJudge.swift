import CloudCatalog
import CloudEmulator
import Diagnostics
import RunEngine
import RunbookChecker
import RunbookEvaluator
import TestSupport
import Values

/// What becomes of a mutant before any call is made.
enum Verdict: String, CaseIterable {
  /// `belay check` finds an error: it does not run.
  case rejected
  /// `belay check` warns of something that it does not find in the original.
  case warned
  /// It runs, and nobody can tell it from the original: the same changes, outputs and resources, undisturbed and with
  /// each of its changes refused or failing later.
  case equivalent
  case surviving
}

/// What `belay check` says of mutants of one runbook.
struct CheckJudge {
  private let warnings: Set<String>

  init(_ original: SourceFile) { warnings = Self.check(original).warnings }

  /// Nil when it lets the mutant pass.
  func verdict(_ mutant: Mutant) -> Verdict? {
    let result = Self.check(mutant.file)
    if !result.isSound { return .rejected }
    return result.warnings.isSubset(of: warnings) ? nil : .warned
  }

  func lets(_ mutant: Mutant) -> Bool { verdict(mutant) == nil }

  private static func check(_ file: SourceFile) -> (isSound: Bool, warnings: Set<String>) {
    let result = RunbookCheck.check(file, functions: StandardLibrary.signatures)
    return (result.runbook != nil, Set(result.diagnostics.map { "\($0.code.rawValue) \($0.message)" }))
  }
}

/// The same, and for those that pass what a run makes of them.
struct MutantJudge {
  private let stage: LibraryStage
  private let check: CheckJudge
  private let undisturbed: Fingerprint
  private let faults: [Fault]
  private let disturbed: [Fingerprint]

  fileprivate struct Fingerprint: Equatable {
    var status: RunStatus
    var changes: [String]
    var outputs: [String]
    var after: [String]
  }

  init(_ stage: LibraryStage, _ original: SourceFile) throws {
    self.stage = stage
    check = CheckJudge(original)
    let whole = try Self.run(original, stage)
    undisturbed = whole.print
    var counts: [String: Int] = [:]
    var faults: [Fault] = []
    for change in whole.outcome.changes {
      guard let action = change.action else { continue }
      counts[action.description, default: 0] += 1
      for kind in ["refused=FailedOperation.X", "async-failure"] {
        faults.append(try Fault(parsing: "\(action):\(counts[action.description, default: 0]):\(kind)"))
      }
    }
    self.faults = faults
    disturbed = try faults.map { fault in try Self.run(original, stage, [fault]).print.withoutChanges }
  }

  func verdict(_ mutant: Mutant) -> Verdict {
    if let verdict = check.verdict(mutant) { return verdict }
    // What cannot be run with the same inputs is not the same.
    guard let run = try? Self.run(mutant.file, stage), run.print == undisturbed else { return .surviving }
    for (fault, expected) in zip(faults, disturbed) {
      guard let run = try? Self.run(mutant.file, stage, [fault]), run.print.withoutChanges == expected else {
        return .surviving
      }
    }
    return .equivalent
  }

  private static func run(
    _ file: SourceFile, _ stage: LibraryStage, _ faults: [Fault] = []
  ) throws -> (outcome: Rehearsal.Outcome, print: Fingerprint) {
    let outcome = try stage.run(try Rehearsal(file, inputs: stage.inputs), faults: faults)
    let changes = outcome.changes.map { "\($0.action?.description ?? "") \(JSON.print(.record($0.arguments)))" }
    return (
      outcome,
      Fingerprint(
        status: outcome.status, changes: changes,
        outputs: outcome.report.outputs.map { "\($0.name) \($0.value.display)" },
        after: outcome.after.map { "\($0)" })
    )
  }
}

extension MutantJudge.Fingerprint {
  /// When something fails, how far others had come by then is a matter of time.
  fileprivate var withoutChanges: Self {
    var result = self
    result.changes = []
    return result
  }
}
