import CloudCatalog
import Diagnostics
import RunEngine
import Values

/// What a person decides about one step of a run, held against what the run knows of the step.
struct StepDecision {
  let address: StepAddress
  private let step: RunReport.Step
  private let report: RunReport
  private let run: RunID

  static func json(_ text: String) throws(CommandFailure) -> Value {
    do {
      return try JSON.parse(text)
    } catch {
      throw CommandFailure(.wrong, "--result is not JSON: \(error)")
    }
  }

  init(_ name: String, _ report: RunReport, _ run: RunID) throws(CommandFailure) {
    guard let step = report.step(StepAddress(name)) else {
      let near = didYouMean(name, among: report.steps.map(\.address.text))
      throw CommandFailure(.wrong, "the run \(run) has no step '\(name)'\(near); `belay show \(run)` lists its steps")
    }
    guard step.kind == .change else {
      throw CommandFailure(.wrong, "'\(name)' changes nothing; there is nothing to decide about it")
    }
    (self.address, self.step, self.report, self.run) = (step.address, step, report, run)
  }

  func skip(_ value: Value?) throws(CommandFailure) -> RunVerb {
    switch step.state {
    case .failed, .unknown, .running, .notSent, .undoFailed, .undoing: break
    case .done, .undone, .kept, .committed, .skipped: throw isNotOpen
    }
    if report.hasUndoBegun || value != nil { return .skip(address, result: value ?? .null) }
    guard !isRead else {
      throw CommandFailure(
        .wrong,
        "what '\(address)' answers is read further down in the runbook; give the value to read with --result JSON")
    }
    return .skip(address, result: .null)
  }

  func accept(_ value: Value?) throws(CommandFailure) -> RunVerb {
    switch (step.state, value) {
    case (.undoFailed, nil), (.undoing, nil): return .accept(address, result: nil)
    case (.undoFailed, _?), (.undoing, _?):
      throw CommandFailure(
        .wrong,
        "'\(address)' is done, and its undo failed; without --result, `belay accept` says that you have undone it")
    case (.failed, let value), (.unknown, let value), (.running, let value), (.notSent, let value):
      guard let value else {
        throw CommandFailure(
          .wrong, "say with --result JSON what '\(address)' would have answered; or leave it out with `belay skip`")
      }
      return .accept(address, result: try checked(value))
    case (.done, _), (.undone, _), (.kept, _), (.committed, _), (.skipped, _): throw isNotOpen
    }
  }

  private var isNotOpen: CommandFailure {
    CommandFailure(.wrong, "'\(address)' is \(step.state.rawValue); there is nothing to decide about it")
  }

  /// The result must be one that the action gives, and must hold what its undo needs.
  private func checked(_ value: Value) throws(CommandFailure) -> Record {
    guard let result = value.asRecord else { throw CommandFailure(.wrong, "--result must be a JSON object") }
    guard let action = step.action, let facts = Catalog.action(action) else { return result }
    if let problem = ArgumentCheck(result: result, of: facts)?.problems.first {
      throw CommandFailure(.wrong, "--result: \(problem)")
    }
    guard let identity = Catalog.meaning(action)?.identity else { return result }
    let id = identity.value(in: value)
    guard let id, !id.isNull, id.asList?.isEmpty != true else {
      throw CommandFailure(
        .wrong, "--result must hold '\(identity)', by which what '\(address)' made is undone")
    }
    return result
  }

  /// Whether the runbook may read the step's result: the name that it is bound to stands in the text a second time,
  /// comments aside. A step of a loop or of a recipe counts as read, since its value may hold it.
  private var isRead: Bool {
    if address.text.contains("[") || address.text.contains(".") { return true }
    let name = address.text.prefix { $0 != "." && $0 != "#" }
    // An unbound call is named for its action.
    if step.action?.name == String(name) { return false }
    let words = report.source.split(separator: "\n").flatMap { line -> [Substring] in
      let code = line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line
      return code.split { !($0.isLetter || $0.isNumber || $0 == "_") }
    }
    return words.count { $0 == name } > 1
  }
}
