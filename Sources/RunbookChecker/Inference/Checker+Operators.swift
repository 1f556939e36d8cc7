import Diagnostics
import RunbookSyntax
import Values

extension Checker {
  /// A chain such as `a + b + c` is taken apart from the left without recursion, so long ones are no deeper than short
  /// ones.
  mutating func inferBinary(_ expression: Expression) -> ValueType {
    var spine: [(node: Expression, operation: BinaryOperator, right: Expression)] = []
    var leftmost = expression
    while case .binary(let operation, let left, let right) = leftmost.kind {
      spine.append((leftmost, operation, right))
      leftmost = left
    }
    if let text = bareText(leftmost, spine.reversed()) {
      report(.bareText(expression.span, text))
      return .unknown
    }
    var type = infer(leftmost)
    var left = leftmost
    for step in spine.reversed() {
      type = inferStep(step.operation, left, type, step.right)
      note(type, of: step.node)
      left = step.node
    }
    return type
  }

  /// `ap-hangzhou-ecm-1` without its quotes: a difference without blanks that begins with a name nobody knows.
  private func bareText(
    _ leftmost: Expression, _ steps: [(node: Expression, operation: BinaryOperator, right: Expression)]
  ) -> String? {
    guard case .name(let first) = leftmost.kind, scope[first] == nil, services[first] == nil else { return nil }
    var text = first
    var end = leftmost.span.upper
    for step in steps {
      guard step.operation == .subtract, step.right.span.lower == end + 1 else { return nil }
      switch step.right.kind {
      case .name(let name): text += "-" + name
      case .int(let number) where String(number).utf8.count == step.right.span.range.count: text += "-\(number)"
      default: return nil
      }
      end = step.right.span.upper
    }
    return text
  }

  private mutating func inferStep(
    _ operation: BinaryOperator, _ left: Expression, _ leftType: ValueType, _ right: Expression
  ) -> ValueType {
    if operation == .isIn { return inferIsIn(left, leftType, right) }
    let rightType = infer(right)
    let isSecret = leftType.holdsSecret || rightType.holdsSecret
    if !Checker.worksOnSecrets(operation, leftType, rightType) {
      report(.notOnSecrets(left.span.union(right.span), operation))
      return .unknown
    }
    let operands = Operands(left: left, right: right, a: leftType.withoutSecrets, b: rightType.withoutSecrets)
    let result: ValueType =
      switch operation {
      case .or, .and: inferLogic(operation, operands)
      case .equal, .notEqual: inferEquality(operation, operands)
      case .less, .lessOrEqual, .greater, .greaterOrEqual: inferOrder(operation, operands)
      case .add, .subtract, .multiply, .divide, .remainder: inferArithmetic(operation, operands)
      case .isIn: .bool
      }
    return result.secret(when: isSecret)
  }

  private struct Operands {
    let left: Expression
    let right: Expression
    let a: ValueType
    let b: ValueType
    var span: Span { left.span.union(right.span) }
    var holdUnknown: Bool { a.isUnknown || b.isUnknown }
  }

  /// A hidden text can be compared for equality and joined to a text, no more.
  private static func worksOnSecrets(_ operation: BinaryOperator, _ a: ValueType, _ b: ValueType) -> Bool {
    guard a.holdsHiddenText || b.holdsHiddenText else { return true }
    return switch operation {
    case .equal, .notEqual: true
    case .add: a.isTextual && b.isTextual
    case .or, .and, .less, .lessOrEqual, .greater, .greaterOrEqual, .isIn, .subtract, .multiply, .divide, .remainder:
      false
    }
  }

  private mutating func inferLogic(_ operation: BinaryOperator, _ operands: Operands) -> ValueType {
    for (side, type) in [(operands.left, operands.a), (operands.right, operands.b)] where !type.fits(.bool) {
      report(.notBool(side.span, operation, type))
    }
    return .bool
  }

  private mutating func inferEquality(_ operation: BinaryOperator, _ operands: Operands) -> ValueType {
    if !areComparable(operands.left, operands.a, operands.right, operands.b) {
      report(mixedUnits(operands, operation) ?? .neverEqual(operands.span, operands.a, operands.b))
    }
    return .bool
  }

  func areComparable(_ left: Expression, _ a: ValueType, _ right: Expression, _ b: ValueType) -> Bool {
    switch (a.plain, b.plain) {
    case (.null, _), (_, .null), (.cidr, .text), (.text, .cidr): true
    case (let a, let b): a.united(with: b) != nil
    }
  }

  private mutating func inferOrder(_ operation: BinaryOperator, _ operands: Operands) -> ValueType {
    if operands.holdUnknown { return .bool }
    let both = operands.a.plain.united(with: operands.b.plain)
    let hasOrder = both.map { $0.isNumber || $0.isMeasure || $0.isTextual } ?? false
    if !hasOrder {
      report(mixedUnits(operands, operation) ?? .noOrder(operands.span, operation, operands.a, operands.b))
    }
    return .bool
  }

  private mutating func inferIsIn(_ left: Expression, _ leftType: ValueType, _ right: Expression) -> ValueType {
    let element: ValueType
    let isSecret: Bool
    if case .range(let lower, let upper) = right.kind {
      element = inferBounds(lower, upper)
      note(.list(element), of: right)
      isSecret = false
    } else {
      let type = infer(right)
      isSecret = type.holdsSecret
      if type.holdsHiddenText || leftType.holdsHiddenText {
        report(.notOnSecrets(left.span.union(right.span), .isIn))
        return .bool
      }
      // A part of a text, a member of a record: `in` asks for both by a text.
      if type.isTextual || type.isRecord {
        let container = type.isRecord ? "a record" : "a Text"
        if !leftType.fits(.text) { report(.neverIn(left.span.union(right.span), leftType, container)) }
        return ValueType.bool.secret(when: isSecret || leftType.isSecret)
      }
      guard let inner = type.element else {
        report(.notAList(right.span, type))
        return .bool
      }
      element = inner
    }
    if !areComparable(left, leftType.withoutSecrets, right, element.withoutSecrets) {
      report(.neverIn(left.span.union(right.span), leftType, "a list of \(element.shown)"))
    }
    return ValueType.bool.secret(when: isSecret || leftType.holdsSecret)
  }

  private mutating func inferArithmetic(_ operation: BinaryOperator, _ operands: Operands) -> ValueType {
    if operands.holdUnknown { return .unknown }
    let a = operands.a.plain
    let b = operands.b.plain
    if let result = Checker.arithmetic(operation, a, b) { return result }
    report(mixedUnits(operands, operation) ?? .badOperands(operands.span, operation, a, b))
    return .unknown
  }

  /// What is wrong with operands of which one has a unit; nil when none has one.
  private func mixedUnits(_ operands: Operands, _ operation: BinaryOperator) -> Diagnostic? {
    guard operands.a.isQuantity || operands.b.isQuantity else { return nil }
    return .mixedUnits(operands.span, operation, operands.a.plain, operands.b.plain)
  }

  /// The type of the result; nil when the operator does not take such operands.
  private static func arithmetic(_ operation: BinaryOperator, _ a: ValueType, _ b: ValueType) -> ValueType? {
    if a.isNumber, b.isNumber { return a == .int && b == .int ? .int : .float }
    if a.isMeasure || b.isMeasure { return measureArithmetic(operation, a, b) }
    switch (operation, a, b) {
    case (.multiply, .list(let first), .list(let second)): return .list(product(first, second))
    case (.add, .list(let first), .list(let second)): return first.united(with: second).map(ValueType.list)
    case (.add, _, _) where a.isTextual && b.isTextual: return .text
    default: return nil
    }
  }

  /// The element of a product of lists. Where the left element is a list itself its parts stay side by side, so that
  /// `a * b * c` makes triples, not pairs whose first is a pair.
  private static func product(_ first: ValueType, _ second: ValueType) -> ValueType {
    if let elements = first.plain.tupleElements { return .tuple(elements + [second]) }
    switch first.plain {
    case .list(let inner): return .list(inner.united(with: second) ?? .unknown)
    case .unknown: return .list(.unknown)
    default: return .tuple([first, second])
    }
  }

  mutating func inferNot(_ operand: Expression) -> ValueType {
    let type = infer(operand)
    if !type.fits(.bool) { report(.notBool(operand.span, nil, type)) }
    return ValueType.bool.secret(when: type.isSecret)
  }

  mutating func inferNegate(_ operand: Expression) -> ValueType {
    let type = infer(operand)
    if type.isUnknown { return .unknown }
    guard type.isNumber || type.isMeasure else {
      report(.notNegatable(operand.span, type))
      return .unknown
    }
    return type
  }
}

extension ValueType {
  /// With members that `in` can ask for.
  fileprivate var isRecord: Bool {
    switch plain {
    case .record: plain.tupleElements == nil
    case .map: true
    default: false
    }
  }
}

extension Diagnostic {
  fileprivate static func notBool(_ span: Span, _ operation: BinaryOperator?, _ type: ValueType) -> Diagnostic {
    Diagnostic(
      .badOperands, span, "'\(operation?.rawValue ?? "not")' takes Bools, but this is \(type.described)")
  }

  fileprivate static func bareText(_ span: Span, _ text: String) -> Diagnostic {
    Diagnostic(
      .unknownName, span, "'\(text)' is a text and stands in quotes",
      fixes: [Fix("write '\"\(text)\"'", span, "\"\(text)\"")])
  }

  fileprivate static func neverEqual(_ span: Span, _ a: ValueType, _ b: ValueType) -> Diagnostic {
    Diagnostic(.badOperands, span, "\(a.described) never equals \(b.described)")
  }

  fileprivate static func noOrder(_ span: Span, _ operation: BinaryOperator, _ a: ValueType, _ b: ValueType)
    -> Diagnostic
  {
    Diagnostic(
      .badOperands, span,
      "'\(operation.rawValue)' compares two numbers, Durations or Texts, not \(a.described) and \(b.described)",
      hint: Checker.unitHint(a, b))
  }

  fileprivate static func notAList(_ span: Span, _ type: ValueType) -> Diagnostic {
    Diagnostic(
      .badOperands, span, "'in' looks into a list, a range, a Text or a record, but this is \(type.described)")
  }

  fileprivate static func neverIn(_ span: Span, _ type: ValueType, _ container: String) -> Diagnostic {
    Diagnostic(.badOperands, span, "\(type.described) is never in \(container)")
  }

  fileprivate static func badOperands(_ span: Span, _ operation: BinaryOperator, _ a: ValueType, _ b: ValueType)
    -> Diagnostic
  {
    var hint = Checker.unitHint(a, b)
    if operation == .add, a.isTextual || b.isTextual { hint = "put the value into the text: \"…${x}\"" }
    return Diagnostic(
      .badOperands, span, "'\(operation.rawValue)' does not take \(a.described) and \(b.described)", hint: hint)
  }

  static func notOnSecrets(_ span: Span, _ operation: BinaryOperator) -> Diagnostic {
    Diagnostic(
      .badOperands, span, "'\(operation.rawValue)' does not work on a secret",
      hint: "a secret can be compared for equality and put into a text")
  }

  fileprivate static func notNegatable(_ span: Span, _ type: ValueType) -> Diagnostic {
    Diagnostic(.badOperands, span, "'-' takes a number or a quantity, but this is \(type.described)")
  }
}
