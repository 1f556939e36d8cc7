import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

/// A `test "…" { … }`: what is given, what is run, what is expected of it.
package struct CheckedTest: Sendable {
  /// A fault as it is written, such as `ecm.CreateVpc:1:throttled`.
  package struct Fault: Sendable {
    package let text: String
    package let span: Span
  }
  package let declaration: TestDeclaration
  package let name: String
  package let inputs: [(name: String, value: Expression)]
  package let faults: [Fault]
  package let seed: Int
  /// How long after its beginning somebody cancels the run; nil for never.
  package let cancelAfter: Duration?
  /// The file of the world in which it runs, beside its own; nil for a new world.
  package let world: String?
  /// The file that says how it has to be planned, beside its own; nil when that does not matter.
  package let plan: String?
  /// Whether it asks for a fact that only a plan tells.
  package let asksForecast: Bool
  /// The recipe that is run; nil for the runbook itself.
  package let recipe: Expression?

  /// The words with which the emulator's kinds of faults begin; a test holds them against the emulator's own.
  package static let faultKinds = [
    "refused", "throttled", "lost-before-effect", "lost-after-effect", "async-failure", "stuck", "partial",
    "server-error", "http", "http-after-effect", "garbage", "latency", "slow",
  ]

  package static let forecast = "forecast"

  /// What can be asked of a run, with its type.
  package static func facts(outputs: [ValueType.RecordField], result: ValueType?) -> [ValueType.RecordField] {
    let thing = ValueType.record([.init("kind", .text), .init("id", .text), .init("name", .text)])
    var facts: [ValueType.RecordField] = [
      .init("outcome", .enumeration(name: "outcome", values: ["succeeded", "rolled-back", "needs-attention"])),
      .init("failure", .record([.init("code", .text), .init("message", .text), .init("step", .text)])),
      .init("calls", .list(.text)), .init("steps", .list(.text)), .init("undone", .list(.text)),
      .init("left", .list(.text)), .init("made", .list(thing)), .init("gone", .list(thing)),
      .init("notices", .list(.text)), .init("elapsed", .duration),
      .init(
        forecast,
        .record([
          .init("time", .duration), .init("calls", .int), .init("undo_time", .duration), .init("per_hour", .float),
          .init("per_month", .float),
        ])),
    ]
    if let result { facts.append(.init("result", result)) } else { facts.append(.init("outputs", .record(outputs))) }
    return facts
  }
}

extension Checker {
  /// After everything else of the file: tests speak of its inputs, recipes and outputs.
  mutating func checkTests() {
    var seen: [String: Span] = [:]
    for test in tree.tests {
      guard let name = test.name.literalText, !name.isEmpty else {
        report(.unnamedTest(test.name.span))
        continue
      }
      if let earlier = seen.updateValue(test.name.span, forKey: name) { report(.testTwice(test.name.span, earlier)) }
      checkTest(test, name)
    }
  }

  private mutating func checkTest(_ test: TestDeclaration, _ name: String) {
    var draft = TestDraft()
    _ = apart { checker in
      checker.place = Place(isTopLevel: false)
      for step in test.steps { checker.check(step, &draft) }
      checker.leaveScope()
    }
    guard let run = draft.run else { return report(.testWithoutRun(test.name.span)) }
    if !draft.expects, draft.plan == nil { report(.testWithoutExpectation(test.name.span)) }
    if run == nil { checkGivenInputs(draft, test) }
    tests.append(
      CheckedTest(
        declaration: test, name: name, inputs: draft.inputs.map { ($0.name.text, $0.value) }, faults: draft.faults,
        seed: draft.seed ?? 1, cancelAfter: draft.cancelAfter, world: draft.world, plan: draft.plan,
        asksForecast: test.steps.contains { $0.mentions(CheckedTest.forecast) }, recipe: run))
  }

  /// What has been read of a test.
  private struct TestDraft {
    var inputs: [(name: Name, value: Expression)] = []
    var faults: [CheckedTest.Fault] = []
    var seed: Int?
    var cancelAfter: Duration?
    var world: String?
    var plan: String?
    /// Nil before the `run`; within, nil for the runbook itself.
    var run: Expression??
    var expects = false
  }

  private mutating func check(_ step: TestStep, _ draft: inout TestDraft) {
    switch step.kind {
    case .given(let name, let value):
      if draft.run != nil { report(.givenAfterRun(name)) }
      checkGiven(name, value, &draft)
    case .run(let recipe):
      if draft.run != nil { return report(.runTwice(step.span)) }
      draft.run = .some(recipe)
      checkRun(recipe, step.span)
    case .binding(let name, let value):
      if draft.run == nil { report(.beforeRun(step.span)) }
      declare(Binding(name: name, type: infer(value), origin: .value))
    case .expect(let condition, let message):
      if draft.run == nil { report(.beforeRun(step.span)) }
      draft.expects = true
      _ = checkCondition(condition)
      if let message { checkMessage(message, "the message of 'expect'") }
    case .missing: draft.expects = true
    }
  }

  // MARK: given

  private static let givens = ["inputs", "fault", "seed", "cancel", "world", "plan"]

  private mutating func checkGiven(_ name: Name, _ value: Expression, _ draft: inout TestDraft) {
    switch name.text {
    case "inputs": checkGivenRecord(value, &draft)
    case "fault":
      guard let text = value.literalText else { return report(.wrongGiven(value.span, "'given fault' takes a text")) }
      if let problem = faultProblem(text) { return report(.badFault(value.span, problem)) }
      draft.faults.append(.init(text: text, span: value.span))
    case "seed":
      guard case .int(let seed)? = constant(value), seed >= 0 else {
        return report(.wrongGiven(value.span, "'given seed' takes a whole number that is not negative"))
      }
      draft.seed = seed
    case "cancel":
      guard case .duration(let after)? = constant(value) else {
        return report(.wrongGiven(value.span, "'given cancel' takes a duration: how long after its beginning"))
      }
      draft.cancelAfter = after
    case "world", "plan":
      guard let path = value.literalText, !path.isEmpty else {
        return report(.wrongGiven(value.span, "'given \(name.text)' takes the path of a file, from this one's folder"))
      }
      if name.text == "world" { draft.world = path } else { draft.plan = path }
    default: report(.unknownGiven(name, suggestion(for: name.text, among: Checker.givens)))
    }
  }

  private mutating func checkGivenRecord(_ value: Expression, _ draft: inout TestDraft) {
    guard case .record(let entries) = value.kind else {
      return report(.wrongGiven(value.span, "'given inputs' takes a record: { name: value }"))
    }
    for entry in entries {
      guard let input = inputs.first(where: { isOwn($0) && $0.name == entry.name.text }) else {
        let own = inputs.filter { isOwn($0) }.map(\.name)
        report(.unknownInput(entry.name, suggestion(for: entry.name.text, among: own)))
        _ = infer(entry.value)
        continue
      }
      check(entry.value, Expectation(input.type, of: "input '\(input.name)'", code: .typeMismatch))
      draft.inputs.append((entry.name, entry.value))
    }
  }

  private func isOwn(_ input: CheckedInput) -> Bool { input.declaration.span.source == tree.source }

  /// A run of the runbook needs all that has no default.
  private mutating func checkGivenInputs(_ draft: TestDraft, _ test: TestDeclaration) {
    let given = Set(draft.inputs.map(\.name.text))
    let missing = inputs.filter { input in
      if case .optional = input.type { return false }
      return isOwn(input) && input.declaration.defaultValue == nil && !given.contains(input.name)
    }
    if !missing.isEmpty { report(.inputsNotGiven(test.name.span, missing.map(\.name))) }
  }

  /// The emulator's forms of a fault, as far as the text alone tells; nil when there is nothing wrong.
  private func faultProblem(_ text: String) -> String? {
    let words = text.split(separator: " ")
    if let first = words.first, ["sold-out", "storm", "skew"].contains(first) {
      let wanted = first == "storm" ? 3 : 2
      return words.count == wanted ? nil : "'\(first)' takes \(wanted - 1) more: see docs/emulator.md"
    }
    let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3 else { return "it must be ACTION:NTH:KIND, as in ecm.CreateListener:1:throttled" }
    let isGroup = parts[0] == "*" || parts[0].hasSuffix(".*") && Catalog.service(String(parts[0].dropLast(2))) != nil
    guard isGroup || Catalog.action(ActionID(parts[0])) != nil else {
      let names = Catalog.serviceNames.flatMap { name in
        Catalog.service(name)?.actionNames.map { "\(name).\($0)" } ?? []
      }
      return "there is no action '\(parts[0])'\(Suggestion(for: parts[0], among: names))"
    }
    let isMoment = Int(parts[1]).map { $0 >= 0 } ?? (parts[1].hasPrefix("every=") || parts[1].hasPrefix("p="))
    guard isMoment else { return "'\(parts[1])' is not a number of a call: 1, 2, …, or 0 for every call" }
    let kind = parts[2].prefix { $0 != "=" }
    guard CheckedTest.faultKinds.contains(String(kind)) else {
      return "there is no kind '\(kind)'\(Suggestion(for: String(kind), among: CheckedTest.faultKinds))"
    }
    return nil
  }

  // MARK: run

  private mutating func checkRun(_ recipe: Expression?, _ span: Span) {
    var result: ValueType?
    if let recipe {
      guard case .function(let invocation) = recipe.kind else {
        _ = infer(recipe)
        return report(.wrongRun(recipe.span))
      }
      let type = infer(invocation, recipe, standsAlone: true)
      note(type, of: recipe)
      if let id = invocations[recipe.id.index], routines[id.index].routine.kind != .recipe {
        report(.wrongRun(recipe.span))
      }
      result = type
    } else if tree.header?.kind == .library {
      report(.runOfLibrary(span))
    }
    for fact in CheckedTest.facts(outputs: outputFields, result: result) {
      declare(Binding(name: Name(fact.name, span), type: fact.type, origin: .value, mayBeUnused: true))
    }
  }

  private var outputFields: [ValueType.RecordField] {
    tree.body.statements.compactMap { statement in
      guard case .output(let name, let value) = statement.kind else { return nil }
      return .init(name.text, type(of: value))
    }
  }
}

extension TestStep {
  /// Whether a look at the run has that name in it.
  fileprivate func mentions(_ name: String) -> Bool {
    switch kind {
    case .binding(_, let value): value.mentions.contains(name)
    case .expect(let condition, let message):
      condition.mentions.contains(name) || message?.mentions.contains(name) == true
    case .given, .run, .missing: false
    }
  }
}

extension Diagnostic {
  fileprivate static func unnamedTest(_ span: Span) -> Diagnostic {
    Diagnostic(.badTest, span, "a test is named by a plain text", hint: "write test \"what it shows\" { … }")
  }

  fileprivate static func testTwice(_ span: Span, _ earlier: Span) -> Diagnostic {
    Diagnostic(
      .badTest, span, "another test has this name", hint: "say what this one shows",
      notes: [DiagnosticNote("the first is here", earlier)])
  }

  fileprivate static func testWithoutRun(_ span: Span) -> Diagnostic {
    Diagnostic(.badTest, span, "the test runs nothing", hint: "write 'run' behind what is given")
  }

  fileprivate static func testWithoutExpectation(_ span: Span) -> Diagnostic {
    Diagnostic(.badTest, span, "the test expects nothing", hint: "write 'expect outcome == \"succeeded\"' behind 'run'")
  }

  fileprivate static func givenAfterRun(_ name: Name) -> Diagnostic {
    Diagnostic(.badTest, name.span, "what is given stands before 'run'")
  }

  fileprivate static func runTwice(_ span: Span) -> Diagnostic {
    Diagnostic(.badTest, span, "a test runs one thing", hint: "make it two tests")
  }

  fileprivate static func beforeRun(_ span: Span) -> Diagnostic {
    Diagnostic(.badTest, span, "there is nothing to look at before 'run'", hint: "put it behind 'run'")
  }

  fileprivate static func wrongGiven(_ span: Span, _ message: String) -> Diagnostic {
    Diagnostic(.badTest, span, message)
  }

  fileprivate static func unknownGiven(_ name: Name, _ near: Suggestion) -> Diagnostic {
    Diagnostic(
      .badTest, name.span, "'\(name.text)' cannot be given\(near)",
      hint: "a test is given inputs, fault, seed, cancel, world or plan", fixes: near.fixes(name.span))
  }

  fileprivate static func badFault(_ span: Span, _ problem: String) -> Diagnostic {
    Diagnostic(.badTest, span, "this is no fault: \(problem)")
  }

  fileprivate static func unknownInput(_ name: Name, _ near: Suggestion) -> Diagnostic {
    Diagnostic(.unknownName, name.span, "there is no input '\(name.text)'\(near)", fixes: near.fixes(name.span))
  }

  fileprivate static func inputsNotGiven(_ span: Span, _ names: [String]) -> Diagnostic {
    Diagnostic(
      .badTest, span, "the test does not give \(names.map { "'\($0)'" }.joined(separator: ", "))",
      hint: "write 'given inputs { \(names.map { "\($0): …" }.joined(separator: ", ")) }'")
  }

  fileprivate static func wrongRun(_ span: Span) -> Diagnostic {
    Diagnostic(.badTest, span, "'run' stands alone, or before the recipe that is to be run")
  }

  fileprivate static func runOfLibrary(_ span: Span) -> Diagnostic {
    Diagnostic(.badTest, span, "a library has no steps of its own", hint: "name a recipe: 'run network(…)'")
  }
}
