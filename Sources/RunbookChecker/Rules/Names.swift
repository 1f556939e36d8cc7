import Diagnostics
import RunbookSyntax
import Values

extension Checker {
  /// What other languages call the constants.
  private static let foreignWords = [
    "True": "true", "TRUE": "true", "yes": "true", "False": "false", "FALSE": "false", "no": "false", "None": "null",
    "nil": "null", "NULL": "null", "undefined": "null",
  ]

  mutating func resolveName(_ name: Name) -> ValueType {
    if let binding = scope[name.text] {
      scope.use(name.text)
      if binding.origin == .input { usedInputs.insert(name.text) }
      return binding.type
    }
    if services[name.text] != nil {
      report(.serviceAsValue(name))
    } else if tree.imports.contains(where: { $0.alias.text == name.text }) {
      report(.moduleAsValue(name))
    } else {
      if let foreign = Checker.foreignWords[name.text] {
        report(.foreignWord(name, foreign))
        return .unknown
      }
      let near = suggestion(for: name.text, among: visibleNames)
      // The name that was meant is not unused because of the slip.
      if let meant = near.name {
        scope.use(meant)
        usedInputs.insert(meant)
      }
      let isFunction = functions[name.text] != nil || module.routines[name.text] != nil
      report(.unknownName(name, near, isFunction: isFunction))
    }
    return .unknown
  }

  mutating func resolveIt(_ span: Span) -> ValueType {
    guard let it else {
      report(.misplacedIt(span))
      return .unknown
    }
    return it
  }

  /// Makes a name visible from here to the end of its block. A name that is visible already stays what it was.
  mutating func declare(_ binding: Binding) {
    var binding = binding
    if binding.type.isHuge { binding.type = .unknown }
    if let earlier = scope[binding.name.text] { return report(.duplicateName(binding.name, earlier.name.span)) }
    if let service = services[binding.name.text] { return report(.duplicateName(binding.name, service.span)) }
    if let item = tree.imports.first(where: { $0.alias.text == binding.name.text }) {
      return report(.duplicateName(binding.name, item.alias.span))
    }
    scope.declare(binding)
  }

  /// Ends a block: what was declared in it and never used is worth a warning.
  mutating func leaveScope() {
    for binding in scope.leave() where !binding.isUsed && !binding.mayBeUnused && binding.origin != .input {
      if !binding.name.text.hasPrefix("_") { report(.unusedName(binding.name)) }
    }
  }
}

extension Checker {
  /// Whoever runs it has to give them, for nothing. A text with errors may have meant to use them.
  mutating func checkInputsAreUsed() {
    if hasErrors || tree.body.statements.isEmpty { return }
    for input in inputs where input.declaration.span.source == tree.source && !usedInputs.contains(input.name) {
      if !input.name.hasPrefix("_") { report(.unusedInput(input.declaration.name)) }
    }
  }
}

extension Diagnostic {
  fileprivate static func unusedInput(_ name: Name) -> Diagnostic {
    Diagnostic(
      .unusedName, name.span, "the input '\(name.text)' is never used", hint: "leave it out, or use it in a step")
  }

  fileprivate static func unknownName(_ name: Name, _ near: Suggestion, isFunction: Bool) -> Diagnostic {
    Diagnostic(
      .unknownName, name.span, "there is no '\(name.text)' here\(near)",
      hint: isFunction ? "'\(name.text)' is a function: '\(name.text)(…)'" : nil, fixes: near.fixes(name.span))
  }

  fileprivate static func foreignWord(_ name: Name, _ word: String) -> Diagnostic {
    Diagnostic(
      .unknownName, name.span, "there is no '\(name.text)' here: the language says '\(word)'",
      fixes: [Fix("write '\(word)'", name.span, word)])
  }

  fileprivate static func serviceAsValue(_ name: Name) -> Diagnostic {
    Diagnostic(
      .unknownName, name.span, "'\(name.text)' is a service, not a value",
      hint: "an action is called with its parameters: '\(name.text).Action(…)'")
  }

  fileprivate static func moduleAsValue(_ name: Name) -> Diagnostic {
    Diagnostic(
      .unknownName, name.span, "'\(name.text)' is a file, not a value",
      hint: "its functions and recipes are called with their arguments: '\(name.text).name(…)'")
  }

  fileprivate static func misplacedIt(_ span: Span) -> Diagnostic {
    Diagnostic(
      .misplacedIt, span, "'it' stands for nothing here",
      hint: "'it' is the input in its 'where', the answer in 'until', and the call's result in 'undo { … }'")
  }

  static func duplicateName(_ name: Name, _ earlier: Span) -> Diagnostic {
    Diagnostic(
      .duplicateName, name.span, "'\(name.text)' has a meaning here already",
      hint: "choose another name: no name hides another", notes: [DiagnosticNote("it is declared here", earlier)])
  }

  fileprivate static func unusedName(_ name: Name) -> Diagnostic {
    Diagnostic(
      .unusedName, name.span, "'\(name.text)' is never used",
      hint: "leave it out, or begin its name with '_'",
      fixes: [
        Fix("begin its name with '_'", Span(name.span.source, Int(name.span.lower), Int(name.span.lower)), "_")
      ])
  }
}
