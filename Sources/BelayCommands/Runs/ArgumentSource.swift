import Diagnostics
import RunEngine
import RunbookChecker
import RunbookSyntax
import Values

/// One argument of a step's call: as the runbook writes it, what it was, and from which inputs and results it came.
/// Read off the text that the run was started with.
struct ArgumentSource {
  enum Source: Hashable {
    case input(String)
    case step(StepAddress)
    /// All steps of a recipe that was invoked, by their common beginning.
    case steps(String)
    /// A value of the runbook's own.
    case local(String)
    /// The element of a loop's round.
    case round(String)
    /// What a block with steps gave: its kind, its name.
    case block(String, String)
    case parameter(String)
    case failure(String)

    var text: String {
      switch self {
      case .input(let name): "input \(name)"
      case .step(let address): "step \(address)"
      case .steps(let name): "steps of \(name)"
      case .local(let name): "let \(name)"
      case .round(let name): "each \(name)"
      case .block(let kind, let name): "\(kind) \(name)"
      case .parameter(let name): "parameter \(name)"
      case .failure(let name): "rescue \(name)"
      }
    }
  }
  let name: String
  let expression: String
  /// Nil where the journal does not keep the arguments: those of a read.
  let value: Value?
  /// In the order in which the expression has them, each followed by what it is made of.
  let sources: [Source]

  static func all(of step: RunReport.Step, in report: RunReport) -> [ArgumentSource] {
    guard let text = report.source(at: step.place.path) else { return [] }
    let file = SourceFile(path: step.place.path, text: text)
    guard let names = NameOrigins(of: step.place, in: file) else { return [] }
    let written = Set(names.arguments.map(\.name))
    let defaults = names.defaults.filter { !written.contains($0.name) && step.arguments[$0.name] != nil }
    return (names.arguments + defaults).map { name, value in
      var trace = Trace(names: names, step: step.address, report: report)
      trace.follow(value)
      return ArgumentSource(
        name: name, expression: file.text(value.span.range), value: step.arguments[name], sources: trace.sources)
    }
  }

  /// Follows the names of an expression to what they are made of.
  private struct Trace {
    let names: NameOrigins
    let step: StepAddress
    let report: RunReport
    var sources: [Source] = []

    mutating func follow(_ expression: Expression) {
      if case .name(let name) = expression.kind { return follow(name) }
      for part in expression.parts { follow(part) }
    }

    private mutating func follow(_ name: String) {
      switch names[name] {
      case .input?: note(.input(name))
      case .parameter?: note(.parameter(name))
      case .step?: note(.step(address(of: name)))
      case .block(let kind)?: note(.block(kind, name))
      case .failure?: note(.failure(name))
      case .round(let sequence)?: if note(.round(name)) { follow(sequence) }
      case .value(let value)?: if note(source(name, value)) { follow(value) }
      // A name that the expression binds itself.
      case nil: return
      }
    }

    private func source(_ name: String, _ value: Expression) -> Source {
      guard case .function = value.kind else { return .local(name) }
      let start = address(of: name, isPrefix: true).text
      return report.steps.contains { $0.address.text.hasPrefix("\(start).") } ? .steps(start) : .local(name)
    }

    @discardableResult
    private mutating func note(_ source: Source) -> Bool {
      guard !sources.contains(source) else { return false }
      sources.append(source)
      return true
    }

    /// Names of the same round come before those outside.
    private func address(of name: String, isPrefix: Bool = false) -> StepAddress {
      var scope = step.text[...]
      while let dot = scope.lastIndex(of: ".") {
        scope = scope[..<dot]
        let inner = "\(scope).\(name)"
        if isPrefix {
          if report.steps.contains(where: { $0.address.text.hasPrefix("\(inner).") }) { return StepAddress(inner) }
        } else if report.step(StepAddress(inner)) != nil {
          return StepAddress(inner)
        }
      }
      return StepAddress(name)
    }
  }
}
