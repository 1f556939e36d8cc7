import Diagnostics
import RunbookSyntax
import Values

extension Checker {
  /// A function of the standard library. A secret among the arguments makes the result secret.
  mutating func inferFunction(_ name: Name, _ arguments: [Argument], _ span: Span) -> ValueType {
    guard let signature = functions[name.text] else {
      for argument in arguments { _ = infer(argument.value) }
      let near = suggestion(for: name.text, among: functions.keys.sorted())
      report(.unknownFunction(name, near, isName: scope[name.text] != nil))
      return .unknown
    }
    let placed = place(arguments, signature, name)
    var solution = PatternSolution()
    var isSecret = false
    for (parameter, argument) in placed {
      let type = checkArgument(argument.value, parameter, signature, &solution)
      if type.holdsSecret { isSecret = true }
    }
    return solution.type(of: signature.result).secret(when: isSecret)
  }

  /// The parameter of each argument: positional ones first, then named ones. Those without one are looked at, too.
  private mutating func place(
    _ arguments: [Argument], _ signature: FunctionSignature, _ name: Name
  ) -> [(parameter: FunctionSignature.Parameter, argument: Argument)] {
    var result: [(parameter: FunctionSignature.Parameter, argument: Argument)] = []
    var taken: Set<String> = []
    var surplus: Argument?
    var isNamed = false
    for (place, argument) in arguments.enumerated() {
      var parameter: FunctionSignature.Parameter?
      if let argumentName = argument.name {
        isNamed = true
        parameter = signature.parameters.first { $0.name == argumentName.text }
        if parameter == nil {
          let near = suggestion(for: argumentName.text, among: signature.parameters.map(\.name))
          report(.unknownArgument(argumentName, signature, near))
        }
      } else if isNamed {
        report(.positionalAfterNamed(argument.span, signature))
        surplus = surplus ?? argument
      } else if place < signature.parameters.count {
        parameter = signature.parameters[place]
      } else if surplus == nil {
        surplus = argument
      }
      guard let parameter else {
        _ = infer(argument.value)
        continue
      }
      if !taken.insert(parameter.name).inserted { report(.givenTwice(argument.span, parameter.name, signature)) }
      result.append((parameter, argument))
    }
    let missing = signature.parameters.filter { !$0.optional && !taken.contains($0.name) }.map(\.name)
    if let surplus {
      if !isNamed { report(.tooMany(surplus.span, signature)) }
    } else if !missing.isEmpty, arguments.allSatisfy({ $0.name.map { taken.contains($0.text) } ?? true }) {
      report(.tooFew(name.span, missing, signature))
    }
    return result
  }

  /// The argument's type.
  private mutating func checkArgument(
    _ value: Expression, _ parameter: FunctionSignature.Parameter, _ signature: FunctionSignature,
    _ solution: inout PatternSolution
  ) -> ValueType {
    if let wanted = solution.known(parameter.type) {
      return check(value, Expectation(wanted, of: "'\(parameter.name)' of '\(signature.name)'", code: .typeMismatch))
    }
    let type = infer(value)
    if !solution.match(type.withoutSecrets, parameter.type) {
      report(.badArgument(value.span, parameter, signature, type))
    }
    return type
  }
}

extension Diagnostic {
  fileprivate static func unknownFunction(_ name: Name, _ near: Suggestion, isName: Bool) -> Diagnostic {
    Diagnostic(
      .unknownFunction, name.span, "there is no function '\(name.text)'\(near)",
      hint: isName ? "'\(name.text)' is a value: it cannot be called" : nil, fixes: near.fixes(name.span))
  }

  fileprivate static func unknownArgument(_ name: Name, _ signature: FunctionSignature, _ near: Suggestion)
    -> Diagnostic
  {
    Diagnostic(
      .wrongArgumentCount, name.span, "'\(signature.name)' has no parameter '\(name.text)'\(near)",
      hint: signature.spelling, fixes: near.fixes(name.span))
  }

  fileprivate static func positionalAfterNamed(_ span: Span, _ signature: FunctionSignature) -> Diagnostic {
    Diagnostic(
      .wrongArgumentCount, span, "an argument without a name stands before those with one", hint: signature.spelling)
  }

  fileprivate static func givenTwice(_ span: Span, _ parameter: String, _ signature: FunctionSignature) -> Diagnostic {
    Diagnostic(
      .wrongArgumentCount, span, "'\(parameter)' of '\(signature.name)' is given twice", hint: signature.spelling)
  }

  fileprivate static func tooMany(_ span: Span, _ signature: FunctionSignature) -> Diagnostic {
    let count = signature.parameters.count
    return Diagnostic(
      .wrongArgumentCount, span, "'\(signature.name)' takes \(count) \(count == 1 ? "argument" : "arguments"), no more",
      hint: signature.spelling)
  }

  fileprivate static func tooFew(_ span: Span, _ missing: [String], _ signature: FunctionSignature) -> Diagnostic {
    let names = missing.map { "'\($0)'" }.joined(separator: ", ")
    return Diagnostic(
      .wrongArgumentCount, span, "'\(signature.name)' needs \(names)", hint: signature.spelling)
  }

  fileprivate static func badArgument(
    _ span: Span, _ parameter: FunctionSignature.Parameter, _ signature: FunctionSignature, _ type: ValueType
  ) -> Diagnostic {
    Diagnostic(
      .typeMismatch, span,
      "'\(parameter.name)' of '\(signature.name)' is \(parameter.type.spelling), but this is \(type.described)",
      hint: signature.spelling)
  }
}
