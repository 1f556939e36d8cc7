import Diagnostics
import RunEngine
import RunbookChecker
import Values

extension RunbookProgram {
  /// A program ready to start, or what is wrong with the inputs: all of it at once. An input that is missing is null
  /// where not all are needed.
  package static func prepare(
    _ runbook: CheckedRunbook, code: RunbookCode, inputs given: Record, needsAll: Bool = true
  ) -> (program: RunbookProgram?, inputs: Record, problems: [Diagnostic]) {
    var preparation = InputPreparation(runbook, code, needsAll: needsAll)
    preparation.rejectUnknown(given)
    for (input, inputCode) in zip(runbook.inputs, code.inputs) { preparation.prepare(input, inputCode, given) }
    guard preparation.problems.isEmpty else { return (nil, preparation.inputs, preparation.problems) }
    return (RunbookProgram(code: code, registers: preparation.registers), preparation.inputs, [])
  }

  /// Runs a stretch of pure code to its `end`.
  static func evaluate(
    _ code: RunbookCode, from entry: Target, _ registers: [Value]
  ) -> (registers: [Value], problem: String?) {
    var registers = registers
    var computation = Computation(code.machine, inputs: registers, fuel: fuelPerAdvance)
    return switch computation.run(from: entry, &registers) {
    case .effect: (registers, nil)
    case .problem(let problem, _): (registers, problem.message)
    case .failed(let reason, _): (registers, reason.display)
    }
  }

  /// The same program with another place to begin at.
  func beginning(at entry: Target) -> RunbookProgram {
    var copy = self
    copy.fibers[.root]?.counter = entry
    return copy
  }
}

/// Fills the registers of the inputs one after the other; a later default may use an earlier input.
private struct InputPreparation {
  let runbook: CheckedRunbook
  let code: RunbookCode
  let needsAll: Bool
  var registers: [Value]
  var inputs = Record()
  var problems: [Diagnostic] = []

  init(_ runbook: CheckedRunbook, _ code: RunbookCode, needsAll: Bool) {
    self.runbook = runbook
    self.code = code
    self.needsAll = needsAll
    registers = [Value](repeating: .null, count: code.registerCount)
  }

  mutating func rejectUnknown(_ given: Record) {
    let known = runbook.inputs.map(\.name)
    for name in given.names where !known.contains(name) {
      let span = runbook.tree.header?.span ?? runbook.tree.body.span
      let hint = known.isEmpty ? "it takes none" : "it takes \(known.joined(separator: ", "))"
      problems.append(
        Diagnostic(
          .badInput, span, "the runbook has no input '\(name)'\(didYouMean(name, among: known))", hint: hint))
    }
  }

  mutating func prepare(_ input: CheckedInput, _ inputCode: InputCode, _ given: Record) {
    guard let value = value(of: input, inputCode, given) else { return }
    registers[inputCode.register.index] = value
    inputs[input.name] = value
    guard let condition = inputCode.condition else { return }
    registers[condition.it.index] = value
    if let problem = compute(from: condition.entry) {
      report(input, "the condition of input '\(input.name)' cannot be checked: \(problem)")
    } else if registers[condition.result.index] != .bool(true) {
      let shown = value.holdsSecret ? "the value" : JSON.print(value)
      report(input, "input '\(input.name)': \(shown) does not meet its condition", hint: conditionText(input))
    }
  }

  /// Runs code to its `end`, or says why it does not come there.
  private mutating func compute(from entry: Target) -> String? {
    let (after, problem) = RunbookProgram.evaluate(code, from: entry, registers)
    registers = after
    return problem
  }

  private mutating func value(of input: CheckedInput, _ inputCode: InputCode, _ given: Record) -> Value? {
    if let raw = given[input.name] {
      switch InputReader(input).read(raw) {
      case .success(let value): return value
      case .failure(let problem):
        report(input, "input '\(input.name)': \(problem.message)", hint: "it is \(input.type.spelling)")
        return nil
      }
    }
    guard let fallback = inputCode.defaultValue else {
      if case .optional = input.type { return .null }
      if !needsAll { return nil }
      report(
        input, "input '\(input.name)' is missing", hint: "give it with --input \(input.name)=… or in the --inputs file")
      return nil
    }
    if let problem = compute(from: fallback.entry) {
      report(input, "the default of input '\(input.name)' cannot be computed: \(problem)")
      return nil
    }
    return registers[fallback.result.index]
  }

  private func conditionText(_ input: CheckedInput) -> String? {
    input.declaration.condition.map { "where \(runbook.sources[$0.span.source].text($0.span.range))" }
  }

  private mutating func report(_ input: CheckedInput, _ message: String, hint: String? = nil) {
    problems.append(Diagnostic(.badInput, input.declaration.span, message, hint: hint))
  }
}
