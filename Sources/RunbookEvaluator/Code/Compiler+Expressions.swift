import Diagnostics
import RunEngine
import RunbookSyntax
import Values

extension RunbookCompiler {
  /// Emits what computes an expression; returns where its value stands.
  mutating func compile(_ expression: Expression) -> Register {
    switch expression.kind {
    case .null, .missing, .call: return constant(.null)
    case .bool(let value): return constant(.bool(value))
    case .int(let value): return constant(.int(value))
    case .float(let value): return constant(.float(value))
    case .duration(let value): return constant(.duration(value))
    case .quantity(let text): return constant(Quantity(text).map(Value.quantity) ?? .null)
    case .cidr(let text): return constant(CIDR(text).map(Value.cidr) ?? .text(text))
    case .text(let segments): return text(segments)
    case .name(let name): return register(of: name) ?? constant(.null)
    case .it: return it ?? constant(.null)
    case .member(let base, let name):
      let base = compile(base)
      return emitting(name.span) { .member($0, of: base, name.text, $1) }
    case .index(let base, let index):
      let (base, index) = (compile(base), compile(index))
      return emitting(expression.span) { .element($0, of: base, at: index, $1) }
    case .each(let base, let name):
      let base = compile(base)
      return emitting(name.span) { .each($0, of: base, name.text, $1) }
    case .list(let elements):
      if let value = literal(expression) { return constant(value) }
      let registers = elements.map { compile($0) }
      return emitting(expression.span) { register, _ in .list(register, registers) }
    case .record(let entries):
      if let value = literal(expression) { return constant(value) }
      let registers = entries.map { compile($0.value) }
      return emitting(expression.span) { register, _ in .record(register, entries.map(\.name.text), registers) }
    case .map(let entries):
      let pairs = entries.map { list([compile($0.key), compile($0.value)]) }
      let all = list(pairs)
      return emitting(expression.span) { .map($0, of: all, $1) }
    case .comprehension(let comprehension): return compile(comprehension, expression.span)
    case .match(let subject, let cases): return compile(match: subject, cases)
    case .not(let operand):
      let operand = compile(operand)
      return emitting(expression.span) { .not($0, operand, $1) }
    case .negate(let operand):
      let operand = compile(operand)
      return emitting(expression.span) { .negate($0, operand, $1) }
    case .binary(let symbol, let left, let right): return binary(symbol, left, right, expression.span)
    case .range(let low, let high):
      let (low, high) = (compile(low), compile(high))
      return emitting(expression.span) { .range($0, low, high, $1) }
    case .choice(let condition, let then, let otherwise):
      return choice(condition, { $0.compile(then) }, { $0.compile(otherwise) })
    case .function(let invocation):
      if let id = runbook.invocations[expression.id.index] {
        return compile(id, invocation.arguments, label: nil, expression.span)
      }
      return function(invocation.name, invocation.arguments, expression.span)
    }
  }

  mutating func constant(_ value: Value) -> Register {
    let register = fresh()
    emit(.constant(register, value))
    return register
  }

  /// What an expression of literals alone comes to: it is made once, and shared by all who come by.
  private func literal(_ expression: Expression) -> Value? {
    switch expression.kind {
    case .null: return .null
    case .bool(let value): return .bool(value)
    case .int(let value): return .int(value)
    case .float(let value): return .float(value)
    case .text(let segments):
      guard segments.count == 1, case .literal(let text)? = segments.first else { return nil }
      return .text(text)
    case .list(let elements):
      let values = elements.compactMap(literal)
      return values.count == elements.count ? .list(values) : nil
    case .record(let entries):
      let values = entries.compactMap { entry in literal(entry.value).map { (entry.name.text, $0) } }
      return values.count == entries.count ? .record(Record(values)) : nil
    case .missing, .call, .duration, .quantity, .cidr, .name, .it, .member, .index, .each, .map, .comprehension, .match,
      .not, .negate, .binary, .range, .choice, .function:
      return nil
    }
  }

  /// Emits an instruction that fills a fresh register.
  private mutating func emitting(_ span: Span, _ make: (Register, Place) -> Instruction) -> Register {
    let register = fresh()
    emit(make(register, place(span)))
    return register
  }

  private mutating func text(_ segments: [TextSegment]) -> Register {
    let parts = segments.map { segment -> Instruction.TextPart in
      switch segment {
      case .literal(let text): .literal(text)
      case .hole(let expression): .hole(compile(expression))
      }
    }
    let register = fresh()
    if case .literal(let only)? = parts.first, parts.count == 1 {
      emit(.constant(register, .text(only)))
    } else {
      emit(.text(register, parts))
    }
    return register
  }

  /// `and` and `or` look at their right side only when the left does not decide; `x in a...b` makes no list.
  private mutating func binary(
    _ symbol: BinaryOperator, _ left: Expression, _ right: Expression, _ span: Span
  ) -> Register {
    switch symbol {
    case .and: return choice(left, { $0.compile(right) }, { $0.constant(.bool(false)) })
    case .or: return choice(left, { $0.constant(.bool(true)) }, { $0.compile(right) })
    case .isIn:
      if case .range(let low, let high) = right.kind {
        let (value, low, high) = (compile(left), compile(low), compile(high))
        return emitting(span) { .within($0, value, low, high, $1) }
      }
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .add, .subtract, .multiply, .divide,
      .remainder:
      break
    }
    let (left, right) = (compile(left), compile(right))
    return emitting(span) { .binary($0, symbol, left, right, $1) }
  }

  private mutating func choice(
    _ condition: Expression, _ then: (inout RunbookCompiler) -> Register,
    _ otherwise: (inout RunbookCompiler) -> Register
  ) -> Register {
    let result = fresh()
    let condition = (compile(condition), place(condition.span))
    let branch = emit(.end)
    emit(.move(result, from: then(&self)))
    let exit = emit(.end)
    patch(branch, .jumpUnless(condition.0, here, condition.1))
    emit(.move(result, from: otherwise(&self)))
    patch(exit, .jump(here))
    return result
  }

  private mutating func compile(_ comprehension: Comprehension, _ span: Span) -> Register {
    let sequence = compile(comprehension.sequence)
    let (results, counter, element) = (fresh(), fresh(), fresh())
    let isMap = comprehension.key != nil
    emit(
      isMap
        ? .beginMap(results: results, counter: counter) : .beginIteration(results: results, counter: counter))
    let top = emit(.end)
    inScope { compiler in
      compiler.bindPattern(comprehension.pattern, element, span)
      var skip: (Int, Register)?
      if let condition = comprehension.condition {
        let register = compiler.compile(condition)
        skip = (compiler.emit(.end), register)
      }
      let key = comprehension.key.map { compiler.compile($0) }
      let body = compiler.compile(comprehension.body)
      if let key {
        compiler.emit(.put(key, body, to: results, compiler.place(span)))
      } else {
        compiler.emit(.append(body, to: results))
      }
      compiler.emit(.jump(top))
      if let skip { compiler.patch(skip.0, .jumpUnless(skip.1, top, compiler.place(span))) }
    }
    patch(top, .next(element, of: sequence, counter: counter, orElse: here, place(comprehension.sequence.span)))
    return results
  }

  private mutating func list(_ elements: [Register]) -> Register {
    let register = fresh()
    emit(.list(register, elements))
    return register
  }

  /// Binds one name to the element, or several to its parts.
  mutating func bindPattern(_ pattern: [Name], _ element: Register, _ span: Span) {
    if pattern.count == 1 {
      bind(pattern[0].text, element)
    } else {
      let registers = pattern.map { _ in fresh() }
      emit(.takeApart(element, registers, place(pattern.first?.span ?? span)))
      for (name, register) in zip(pattern, registers) { bind(name.text, register) }
    }
  }

  /// Arguments in the order of the signature; what is not given is null.
  private mutating func function(_ name: Name, _ arguments: [Argument], _ span: Span) -> Register {
    guard let builtin = Builtins.named(name.text) else { return constant(.null) }
    var slots = [Register?](repeating: nil, count: builtin.signature.parameters.count)
    var position = 0
    for argument in arguments {
      let value = compile(argument.value)
      if let given = argument.name {
        if let slot = builtin.signature.parameters.firstIndex(where: { $0.name == given.text }) { slots[slot] = value }
      } else if position < slots.count {
        slots[position] = value
        position += 1
      }
    }
    let registers = slots.map { $0 ?? constant(.null) }
    return emitting(span) { .function($0, builtin, registers, $1) }
  }
}
