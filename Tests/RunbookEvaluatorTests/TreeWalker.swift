import RunbookChecker
import RunbookSyntax
import Values

@testable import RunbookEvaluator

/// The language's computing part once more, straight from the tree and as simply as it can be said: what the machine
/// makes of a program must be what this makes of it.
struct TreeWalker {
  let runbook: CheckedRunbook

  /// The value of the first output, or the words of what goes wrong.
  static func outcome(of runbook: CheckedRunbook) -> Result<Value, ProgramProblem> {
    let walker = TreeWalker(runbook: runbook)
    do throws(ProgramProblem) {
      var names: [String: Value] = [:]
      for statement in runbook.tree.body.statements {
        if case .output(_, let value) = statement.kind { return .success(try walker.value(value, names)) }
        _ = try walker.carryOut(statement, &names)
      }
      return .failure(ProgramProblem("it has no output"))
    } catch {
      return .failure(error)
    }
  }

  // MARK: Statements

  /// What the block gives; null when it gives nothing.
  private func run(_ block: Block, _ names: [String: Value]) throws(ProgramProblem) -> Value {
    var names = names
    var given = Value.null
    for statement in block.statements { if let value = try carryOut(statement, &names) { given = value } }
    return given
  }

  private func carryOut(_ statement: Statement, _ names: inout [String: Value]) throws(ProgramProblem) -> Value? {
    switch statement.kind {
    case .binding(let name, .pure(let expression)): names[name.text] = try value(expression, names)
    case .binding(let name, .loop(let loop)):
      var results: [Value] = []
      for element in try value(loop.sequence, names).asList ?? [] {
        results.append(try run(loop.body, binding(loop.pattern, element, names)))
      }
      names[name.text] = .list(results)
    case .give(let expression): return try value(expression, names)
    case .when(let when):
      if try holds(when.condition, names) { return try run(when.then, names).ifGiven }
      if case .block(let block)? = when.otherwise { return try run(block, names).ifGiven }
    case .assert(let condition, let message):
      guard try !holds(condition, names) else { break }
      guard let message else { throw ProgramProblem("an assertion does not hold") }
      throw ProgramProblem(try value(message, names).display)
    default: throw ProgramProblem("the walker does not know this statement")
    }
    return nil
  }

  private func binding(_ pattern: [Name], _ element: Value, _ names: [String: Value]) -> [String: Value] {
    var names = names
    for (place, name) in pattern.enumerated() {
      names[name.text] = pattern.count == 1 ? element : element.asList?[place] ?? .null
    }
    return names
  }

  // MARK: Values

  private func holds(_ expression: Expression, _ names: [String: Value]) throws(ProgramProblem) -> Bool {
    guard let answer = try value(expression, names).asBool else { throw ProgramProblem("no Bool") }
    return answer
  }

  private func value(_ expression: Expression, _ names: [String: Value]) throws(ProgramProblem) -> Value {
    switch expression.kind {
    case .null: return .null
    case .bool(let value): return .bool(value)
    case .int(let value): return .int(value)
    case .text(let segments): return .text(try text(segments, names))
    case .name(let name): return names[name] ?? .null
    case .index(let base, let index):
      let base = try value(base, names)
      return try Operators.element(base, try value(index, names))
    case .list(let elements): return .list(try values(elements, names))
    case .record(let entries):
      return .record(Record(zip(entries.map(\.name.text), try values(entries.map(\.value), names))))
    case .member(let base, let name): return try Operators.member(try value(base, names), name.text)
    case .map(let entries):
      var pairs: [Value] = []
      for entry in entries { pairs.append(.list(try values([entry.key, entry.value], names))) }
      return try Operators.map(.list(pairs))
    case .comprehension(let comprehension): return try value(comprehension, names)
    case .match(let subject, let cases):
      let subject = try value(subject, names)
      for item in cases where try applies(item.pattern, to: subject, names) { return try value(item.body, names) }
      return .null
    case .not(let operand): return .bool(try !holds(operand, names))
    case .negate(let operand): return try Operators.negate(try value(operand, names))
    case .binary(.and, let left, let right):
      guard try holds(left, names) else { return .bool(false) }
      return .bool(try holds(right, names))
    case .binary(.or, let left, let right):
      if try holds(left, names) { return .bool(true) }
      return .bool(try holds(right, names))
    case .binary(let symbol, let left, let right):
      let left = try value(left, names)
      return try Operators.apply(symbol, left, try value(right, names))
    case .range(let low, let high):
      let low = try value(low, names)
      return try Operators.range(low, try value(high, names))
    case .choice(let condition, let then, let otherwise):
      return try value(try holds(condition, names) ? then : otherwise, names)
    case .function(let invocation): return try call(expression, invocation, names)
    default: throw ProgramProblem("the walker does not know this expression")
    }
  }

  private func values(_ expressions: [Expression], _ names: [String: Value]) throws(ProgramProblem) -> [Value] {
    var result: [Value] = []
    for expression in expressions { result.append(try value(expression, names)) }
    return result
  }

  private func text(_ segments: [TextSegment], _ names: [String: Value]) throws(ProgramProblem) -> String {
    var text = ""
    for segment in segments {
      switch segment {
      case .literal(let literal): text += literal
      case .hole(let hole): text += try value(hole, names).display
      }
    }
    return text
  }

  private func value(_ comprehension: Comprehension, _ names: [String: Value]) throws(ProgramProblem) -> Value {
    var results: [Value] = []
    var map = Record()
    for element in try value(comprehension.sequence, names).asList ?? [] {
      let inner = binding(comprehension.pattern, element, names)
      if let condition = comprehension.condition, try !holds(condition, inner) { continue }
      guard let key = comprehension.key else {
        results.append(try value(comprehension.body, inner))
        continue
      }
      let pair = try values([key, comprehension.body], inner)
      guard let name = pair[0].asText else { throw Operators.unfitKey(pair[0]) }
      guard map[name] == nil else { throw Operators.doubleKey(name) }
      map[name] = pair[1]
    }
    return comprehension.key == nil ? .list(results) : .record(map)
  }

  private func applies(
    _ pattern: Expression?, to subject: Value, _ names: [String: Value]
  ) throws(ProgramProblem) -> Bool {
    guard let pattern else { return true }
    let wanted = try value(pattern, names)
    if case .list(let elements) = wanted { return elements.contains { Operators.areEqual($0, subject) } }
    return Operators.areEqual(wanted, subject)
  }

  private func call(
    _ expression: Expression, _ invocation: Invocation, _ names: [String: Value]
  ) throws(ProgramProblem) -> Value {
    let arguments = try values(invocation.arguments.map(\.value), names)
    guard let id = runbook.invocations[expression.id.index] else {
      guard let builtin = Builtins.named(invocation.name.text) else { throw ProgramProblem("no function") }
      return try Operators.call(builtin, arguments)
    }
    let routine = runbook.routines[id.index].routine
    return try run(
      routine.body,
      Dictionary(zip(routine.parameters.map(\.name.text), arguments), uniquingKeysWith: { first, _ in first }))
  }
}

extension Value {
  fileprivate var ifGiven: Value? { isNull ? nil : self }
}
