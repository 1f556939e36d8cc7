import RunbookSyntax

/// Which operations functions and operators come to.
extension Builtin {
  /// What a loop does with each value instead of keeping it for the function.
  var tally: Operation.Kind? {
    if self === Builtins.Known.count { return .tally }
    if self === Builtins.Known.all { return .tallyAll }
    if self === Builtins.Known.any { return .tallyAny }
    return nil
  }

  var operation: Operation.Kind? {
    if self === Builtins.Known.count { return .count }
    if self === Builtins.Known.text { return .textOf }
    if self === Builtins.Known.all { return .all }
    if self === Builtins.Known.any { return .any }
    return nil
  }
}

extension BinaryOperator {
  var hasConstantForm: Bool { self == .equal || self == .notEqual }

  var form: Operation.Kind {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .remainder: .remainder
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .equal: .equal
    case .notEqual: .notEqual
    case .isIn: .isIn
    case .and, .or: preconditionFailure("the compiler makes jumps of 'and' and 'or'")
    }
  }

  /// With a number on the right.
  var numberForm: Operation.Kind? {
    switch self {
    case .add: .addInt
    case .subtract: .subtractInt
    case .multiply: .multiplyInt
    case .divide: .divideInt
    case .remainder: .remainderInt
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .isIn, .and, .or: nil
    }
  }

  /// With a jump behind it.
  var branches: (registers: Operation.Kind, number: Operation.Kind, constant: Operation.Kind?)? {
    switch self {
    case .less: (.unlessLess, .unlessLessInt, nil)
    case .lessOrEqual: (.unlessLessOrEqual, .unlessLessOrEqualInt, nil)
    case .greater: (.unlessGreater, .unlessGreaterInt, nil)
    case .greaterOrEqual: (.unlessGreaterOrEqual, .unlessGreaterOrEqualInt, nil)
    case .equal: (.unlessEqual, .unlessEqualInt, .unlessEqualConstant)
    case .notEqual: (.unlessNotEqual, .unlessNotEqualInt, .unlessNotEqualConstant)
    case .add, .subtract, .multiply, .divide, .remainder, .isIn, .and, .or: nil
    }
  }
}
