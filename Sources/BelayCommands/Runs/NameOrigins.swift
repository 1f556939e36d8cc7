import Diagnostics
import RunEngine
import RunbookSyntax

/// The call of a step in the tree of the text that the run was started with, and what the names that it sees stand for.
struct NameOrigins {
  enum Origin {
    case input
    /// Of a function or a recipe.
    case parameter
    /// A step with this name.
    case step
    case value(Expression)
    /// A round of a loop over this.
    case round(Expression)
    /// What a block gives that has steps: `loop`, `attempt`, `timeout`, `approve`.
    case block(String)
    /// The failure that a `rescue` has caught.
    case failure
  }
  /// As they are written.
  private(set) var arguments: [(name: String, value: Expression)] = []
  /// Those that `use … with (…)` supplies, as far as the action takes them.
  private(set) var defaults: [(name: String, value: Expression)] = []
  private var origins: [String: Origin] = [:]
  private let offset: Int

  subscript(name: String) -> Origin? { origins[name] }

  /// Nil when no call begins there.
  init?(of place: Place, in file: SourceFile) {
    guard (1...file.lineCount).contains(place.line) else { return nil }
    let tree = RunbookParser.parse(file, id: SourceID(0)).tree
    let line = file.lineRange(place.line)
    let found = line.first { file.position(at: $0).column == place.column }
    guard let found else { return nil }
    offset = found
    let call: Call?
    if let routine = tree.routines.first(where: { $0.span.range.contains(found) }) {
      for parameter in routine.parameters { origins[parameter.name.text] = .parameter }
      call = self.call(in: routine.body)
    } else {
      for input in tree.inputs { origins[input.name.text] = .input }
      call = self.call(in: tree.body)
    }
    guard let call else { return nil }
    arguments = NameOrigins.named(call.arguments)
    let use = tree.uses.first { ($0.alias ?? $0.service).text == call.service.text }
    defaults = NameOrigins.named(use?.defaults ?? [])
  }

  private static func named(_ arguments: [Argument]) -> [(name: String, value: Expression)] {
    arguments.compactMap { argument in argument.name.map { ($0.text, argument.value) } }
  }

  // MARK: On the way to the call

  /// Declares what stands before it. No name hides another, so names of blocks that were left do no harm.
  private mutating func call(in block: Block) -> Call? {
    for statement in block.statements {
      if statement.span.range.contains(offset) { return call(in: statement) }
      declare(statement)
    }
    return nil
  }

  private mutating func call(in statement: Statement) -> Call? {
    switch statement.kind {
    case .binding(_, let value), .effect(let value): call(in: value)
    case .when(let choice): call(in: choice)
    case .match(let match): call(in: match.cases.map(\.body))
    case .parallel(let block): call(in: block)
    case .notify, .commit, .fail, .output, .give, .assert, .missing: nil
    }
  }

  private mutating func call(in choice: If) -> Call? {
    if choice.then.span.range.contains(offset) { return call(in: choice.then) }
    return switch choice.otherwise {
    case .block(let block)?: call(in: block)
    case .when(let next)?: call(in: next)
    case nil: nil
    }
  }

  private mutating func call(in blocks: [Block?]) -> Call? {
    blocks.compactMap { $0 }.first { $0.span.range.contains(offset) }.flatMap { call(in: $0) }
  }

  private mutating func call(in effect: Effectful) -> Call? {
    switch effect {
    case .pure, .wait: return nil
    case .call(let call): return call.span.range.lowerBound == offset ? call : self.call(in: [call.undo])
    case .loop(let loop):
      for name in loop.pattern { origins[name.text] = .round(loop.sequence) }
      return call(in: loop.body)
    case .attempt(let attempt):
      if let name = attempt.rescue?.name { origins[name.text] = .failure }
      return call(in: [attempt.body, attempt.rescue?.body, attempt.always])
    case .timeout(let timeout): return call(in: timeout.body)
    case .approve(let approve): return call(in: approve.body)
    }
  }

  private mutating func declare(_ statement: Statement) {
    switch statement.kind {
    case .binding(let name, let value):
      origins[name.text] =
        switch value {
        case .pure(let expression): .value(expression)
        case .call, .wait: .step
        case .loop: .block("loop")
        case .attempt: .block("attempt")
        case .timeout: .block("timeout")
        case .approve: .block("approve")
        }
    case .parallel(let block): for inner in block.statements { declare(inner) }
    case .effect, .when, .match, .notify, .commit, .fail, .output, .give, .assert, .missing: return
    }
  }
}
