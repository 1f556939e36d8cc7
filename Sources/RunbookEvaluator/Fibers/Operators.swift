import RunbookSyntax
import Values

/// What a program can do wrong at run time. The message is one sentence.
struct ProgramProblem: Error {
  let message: String
  init(_ message: String) { self.message = message }
}

/// The language's operators on values. Total: what is not defined is a problem, never a trap.
enum Operators {
  /// One past it is a problem: a program cannot make lists that do not fit.
  static let maximumListCount = 1_000_000

  static func apply(_ symbol: BinaryOperator, _ left: Value, _ right: Value) throws(ProgramProblem) -> Value {
    if left.holdsSecret || right.holdsSecret { return try applySecret(symbol, left, right) }
    switch symbol {
    case .equal: return .bool(areEqual(left, right))
    case .notEqual: return .bool(!areEqual(left, right))
    case .less: return .bool(try order(left, right) < 0)
    case .lessOrEqual: return .bool(try order(left, right) <= 0)
    case .greater: return .bool(try order(left, right) > 0)
    case .greaterOrEqual: return .bool(try order(left, right) >= 0)
    case .isIn: return .bool(try isIn(left, right))
    case .add, .subtract, .multiply, .divide, .remainder: return try arithmetic(symbol, left, right)
    case .and, .or: throw ProgramProblem("'\(symbol.rawValue)' needs Bool on both sides")
    }
  }

  /// Secrets may be joined to texts and compared for equality; the outcome of a join is secret.
  private static func applySecret(
    _ symbol: BinaryOperator, _ left: Value, _ right: Value
  ) throws(ProgramProblem) -> Value {
    switch symbol {
    case .equal: return .bool(left == right)
    case .notEqual: return .bool(left != right)
    case .add:
      guard let first = left.revealed.asText, let second = right.revealed.asText else { break }
      return .secret(Secret(name: secretName(left) ?? secretName(right) ?? "secret", text: first + second))
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .isIn, .subtract, .multiply, .divide, .remainder, .and, .or:
      break
    }
    throw ProgramProblem("'\(symbol.rawValue)' does not work on a secret")
  }

  static func secretName(_ value: Value) -> String? {
    if case .secret(let secret) = value { secret.name } else { nil }
  }

  static func areEqual(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.int(let a), .float(let b)), (.float(let b), .int(let a)): Double(a) == b
    case (.cidr(let a), .text(let b)), (.text(let b), .cidr(let a)): a.description == b
    default: left == right
    }
  }

  private static func order(_ left: Value, _ right: Value) throws(ProgramProblem) -> Int {
    switch (left, right) {
    case (.int(let a), .int(let b)): return compare(a, b)
    case (.float(let a), .float(let b)): return compare(a, b)
    case (.int(let a), .float(let b)): return compare(Double(a), b)
    case (.float(let a), .int(let b)): return compare(a, Double(b))
    case (.text(let a), .text(let b)): return compare(a, b)
    case (.duration(let a), .duration(let b)): return compare(a, b)
    case (.quantity(let a), .quantity(let b)) where a.kind == b.kind: return compare(a.amount, b.amount)
    default: throw ProgramProblem("\(left.kindName) and \(right.kindName) cannot be ordered")
    }
  }

  private static func compare<T: Comparable>(_ a: T, _ b: T) -> Int { a < b ? -1 : a == b ? 0 : 1 }

  static func isWithin(_ value: Value, _ low: Value, _ high: Value) throws(ProgramProblem) -> Bool {
    guard try order(value, low) >= 0 else { return false }
    return try order(value, high) <= 0
  }

  private static func isIn(_ value: Value, _ container: Value) throws(ProgramProblem) -> Bool {
    switch container {
    case .list(let elements): return elements.contains { areEqual($0, value) }
    case .record(let record): return value.asText.map { record[$0] != nil } ?? false
    case .text(let text): return value.asText.map { text.contains($0) } ?? false
    case .null: return false
    case .bool, .int, .float, .duration, .quantity, .cidr, .secret:
      throw ProgramProblem("'in' needs a list, a record or a text on its right, not \(container.kindName)")
    }
  }

  private static func arithmetic(
    _ symbol: BinaryOperator, _ left: Value, _ right: Value
  ) throws(ProgramProblem) -> Value {
    switch (left, right) {
    case (.int(let a), .int(let b)): return .int(try integer(symbol, a, b))
    case (.float(let a), .float(let b)): return .float(try real(symbol, a, b))
    case (.int(let a), .float(let b)): return .float(try real(symbol, Double(a), b))
    case (.float(let a), .int(let b)): return .float(try real(symbol, a, Double(b)))
    case (.text(let a), .text(let b)) where symbol == .add: return .text(try joined(a, b))
    case (.list(let a), .list(let b)) where symbol == .add: return try joined(a, b)
    case (.list(let a), .list(let b)) where symbol == .multiply: return try product(a, b)
    default:
      if let result = try measure(symbol, left, right) { return result }
      if let result = try share(symbol, left, right) { return result }
      throw ProgramProblem("'\(symbol.rawValue)' does not work on \(left.kindName) and \(right.kindName)")
    }
  }

  private static func integer(_ symbol: BinaryOperator, _ a: Int, _ b: Int) throws(ProgramProblem) -> Int {
    let (result, overflow): (Int, Bool)
    switch symbol {
    case .add: (result, overflow) = a.addingReportingOverflow(b)
    case .subtract: (result, overflow) = a.subtractingReportingOverflow(b)
    case .multiply: (result, overflow) = a.multipliedReportingOverflow(by: b)
    default:
      guard b != 0 else { throw ProgramProblem("division by zero") }
      (result, overflow) =
        symbol == .divide ? a.dividedReportingOverflow(by: b) : a.remainderReportingOverflow(dividingBy: b)
    }
    guard !overflow else { throw ProgramProblem("\(a) \(symbol.rawValue) \(b) does not fit an Int") }
    return result
  }

  private static func real(_ symbol: BinaryOperator, _ a: Double, _ b: Double) throws(ProgramProblem) -> Double {
    let result: Double
    switch symbol {
    case .add: result = a + b
    case .subtract: result = a - b
    case .multiply: result = a * b
    case .divide: result = a / b
    default: result = a.truncatingRemainder(dividingBy: b)
    }
    guard result.isFinite else { throw ProgramProblem("\(a) \(symbol.rawValue) \(b) is not a number") }
    return result
  }

  static func joined(_ a: String, _ b: String) throws(ProgramProblem) -> String {
    guard a.utf8.count + b.utf8.count <= Builtins.maximumTextLength else { throw textTooLong }
    return JoinedText.of(a, b)
  }

  private static func joined(_ a: [Value], _ b: [Value]) throws(ProgramProblem) -> Value {
    guard a.count + b.count <= maximumListCount else { throw tooLong }
    return .list(a + b)
  }

  /// Every pair, the left side changing slowest. A product of products stays flat: `a * b * c` makes triples.
  private static func product(_ a: [Value], _ b: [Value]) throws(ProgramProblem) -> Value {
    let (count, overflow) = a.count.multipliedReportingOverflow(by: b.count)
    guard !overflow, count <= maximumListCount else { throw tooLong }
    return .list(a.flatMap { left in b.map { right in .list((pair(left) ?? [left]) + [right]) } })
  }

  private static func pair(_ value: Value) -> [Value]? { if case .list(let parts) = value { parts } else { nil } }

  static func range(_ low: Value, _ high: Value) throws(ProgramProblem) -> Value {
    guard let low = low.asInt, let high = high.asInt else { throw ProgramProblem("a range needs two Ints") }
    guard low <= high else { return .list([]) }
    guard high.subtractingReportingOverflow(low).overflow == false, high - low < maximumListCount else { throw tooLong }
    return .list((low...high).map(Value.int))
  }

  static var tooLong: ProgramProblem { ProgramProblem("the list would have more than \(maximumListCount) elements") }
}
