import RunbookSyntax
import Values

/// Members, elements, maps, and calls of the standard library.
extension Operators {
  static func member(_ base: Value, _ name: String) throws(ProgramProblem) -> Value {
    switch base {
    case .record(let record): return record[name] ?? .null
    case .null: throw ProgramProblem("there is no '\(name)': the value in front of it is null")
    case .bool, .int, .float, .text, .duration, .quantity, .cidr, .list, .secret:
      throw ProgramProblem("there is no '\(name)' in a \(base.kindName)")
    }
  }

  static func element(_ base: Value, _ index: Value) throws(ProgramProblem) -> Value {
    if let record = base.asRecord, let name = index.asText {
      guard let value = record[name] else { throw ProgramProblem("there is no '\(name)' in the record") }
      return value
    }
    guard let elements = base.asList, let position = index.asInt else {
      throw ProgramProblem("a \(base.kindName) has no element \(index.display)")
    }
    guard elements.indices.contains(position) else {
      throw ProgramProblem("there is no element \(position): the list has \(elements.count), counted from 0")
    }
    return elements[position]
  }

  /// See ``Expression/Kind/each(_:_:)``.
  static func each(_ base: Value, _ name: String) throws(ProgramProblem) -> Value {
    guard let elements = base.asList else { throw ProgramProblem("'[]' needs a list, not \(base.kindName)") }
    var result: [Value] = []
    for element in elements {
      if case .list(let inner) = element {
        for value in inner { result.append(try member(value, name)) }
      } else if !element.isNull {
        result.append(try member(element, name))
      }
    }
    return .list(result)
  }

  /// Of a list of keys and values.
  static func map(_ pairs: Value) throws(ProgramProblem) -> Value {
    var record = Record()
    for pair in pairs.asList ?? [] {
      guard let parts = pair.asList, parts.count == 2, let key = parts[0].asText else {
        throw unfitKey(pair.asList?.first ?? .null)
      }
      guard record.insert(parts[1], named: key) else { throw doubleKey(key) }
    }
    return .record(record)
  }

  static func unfitKey(_ key: Value) -> ProgramProblem {
    ProgramProblem("a key of a map is a Text, not \(key.kindName)")
  }

  static func doubleKey(_ key: String) -> ProgramProblem {
    ProgramProblem("the map has two values for the key '\(key)'")
  }

  static var textTooLong: ProgramProblem {
    ProgramProblem("the text would be longer than \(Builtins.maximumTextLength) bytes")
  }

  static func negate(_ value: Value) throws(ProgramProblem) -> Value {
    let zero: Value =
      switch value {
      case .float: .float(0)
      case .duration: .duration(.zero)
      case .quantity(let quantity): .quantity(Quantity(quantity.kind, 0))
      case .null, .bool, .int, .text, .cidr, .list, .record, .secret: .int(0)
      }
    return try apply(.subtract, zero, value)
  }

  static func holds(
    _ comparison: BinaryOperator, _ left: Value, _ right: Value
  ) throws(ProgramProblem) -> Bool {
    try apply(comparison, left, right).asBool ?? false
  }

  static func count(_ value: Value) throws(ProgramProblem) -> Int {
    try call(Builtins.Known.count, [value]).asInt ?? 0
  }

  static func call(_ builtin: Builtin, _ arguments: [Value]) throws(ProgramProblem) -> Value {
    do throws(BuiltinProblem) {
      return try builtin.call(arguments)
    } catch {
      throw ProgramProblem(error.message)
    }
  }
}
