import RunEngine
import RunbookChecker
import RunbookSyntax
import Values

/// A test made ready: stretches of pure code over the registers of the runbook, and an entry for what it runs.
package struct TestCode: Sendable {
  /// What stands behind `run`, as the program sees it.
  struct Given: Sendable {
    let name: String
    let entry: Target
    let value: Register
  }
  /// A `let`, or an `expect` with what it shows when it does not hold.
  struct Look: Sendable {
    let entry: Target
    /// Nil for a `let`.
    let condition: Register?
    let message: Register?
    /// The two sides of a comparison.
    let sides: (left: Register, right: Register)?
    let place: Place
  }
  package let test: CheckedTest
  let givens: [Given]
  /// Of the recipe; nil where the runbook itself is run.
  let entry: Target?
  let facts: [(name: String, register: Register)]
  let looks: [Look]
}

extension RunbookCompiler {
  /// The code of a runbook with that of its tests. A run does without the latter.
  package static func compileTests(_ runbook: CheckedRunbook) -> (code: RunbookCode, tests: [TestCode]) {
    var compiler = compiler(of: runbook)
    let tests = runbook.tests.map { compiler.compile($0) }
    compiler.code.countSteps()
    var doors = CodeDoors()
    for test in tests { test.open(&doors) }
    compiler.code.assemble(doors)
    return (compiler.code, tests)
  }

  private mutating func compile(_ test: CheckedTest) -> TestCode {
    var code: TestCode?
    inScope(ofAddresses: true) { compiler in
      let givens = test.inputs.map { name, value in
        let entry = compiler.here
        let register = compiler.compile(value)
        compiler.emit(.end)
        return TestCode.Given(name: name, entry: entry, value: register)
      }
      let entry = test.recipe.map { compiler.compile(recipe: $0) }
      let facts = CheckedTest.facts(outputs: [], result: test.recipe.map { _ in .unknown }).map { fact in
        let register = compiler.fresh()
        compiler.bind(fact.name, register)
        return (name: fact.name, register: register)
      }
      let looks = test.declaration.steps.compactMap { compiler.compile($0) }
      code = TestCode(test: test, givens: givens, entry: entry, facts: facts, looks: looks)
    }
    guard let code else { preconditionFailure("the scope's body has run") }
    return code
  }

  /// What the recipe gives is the run's output `result`.
  private mutating func compile(recipe: Expression) -> Target {
    let entry = here
    guard case .function(let invocation) = recipe.kind, let id = runbook.invocations[recipe.id.index] else {
      emit(.end)
      return entry
    }
    let value = compile(id, invocation.arguments, label: uniqueLabel(invocation.name.text), recipe.span)
    emit(.output(TestCode.result, value))
    emit(.end)
    return entry
  }

  private mutating func compile(_ step: TestStep) -> TestCode.Look? {
    let entry = here
    switch step.kind {
    case .given, .run, .missing: return nil
    case .binding(let name, let value):
      bind(name.text, compile(value))
      emit(.end)
      return TestCode.Look(entry: entry, condition: nil, message: nil, sides: nil, place: place(step.span))
    case .expect(let condition, let message):
      // The sides first, so that they are there to be shown even where comparing them fails.
      var sides: (left: Register, right: Register)?
      if case .binary(let operation, let left, let right) = condition.kind, operation.isComparison {
        sides = (compile(left), compile(right))
      }
      let holds = compile(condition)
      let text = message.map { compile($0) }
      emit(.end)
      return TestCode.Look(entry: entry, condition: holds, message: text, sides: sides, place: place(condition.span))
    }
  }
}

extension TestCode {
  static let result = "result"

  /// Where it is entered, and what is looked at there.
  fileprivate func open(_ doors: inout CodeDoors) {
    if let entry { doors.entries.append(entry) }
    doors.filled += facts.map(\.register)
    for given in givens {
      doors.entries.append(given.entry)
      doors.read.append(given.value)
    }
    for look in looks {
      doors.entries.append(look.entry)
      doors.read += [look.condition, look.message, look.sides?.left, look.sides?.right].compactMap(\.self)
    }
  }
}

extension BinaryOperator {
  fileprivate var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .isIn: true
    case .or, .and, .add, .subtract, .multiply, .divide, .remainder: false
    }
  }
}
