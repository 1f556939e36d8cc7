import Diagnostics
import RunEngine
import RunbookChecker
import Values

/// What came of an expectation that does not hold.
package struct TestMiss: Sendable {
  package let place: Place
  package let message: String
  /// Of a comparison; nil otherwise.
  package let sides: (actual: Value, expected: Value)?

  package init(place: Place, message: String, sides: (actual: Value, expected: Value)?) {
    self.place = place
    self.message = message
    self.sides = sides
  }
}

extension RunbookProgram {
  /// A program for what a test runs, with the inputs that it gives.
  package static func prepare(
    _ test: TestCode, of runbook: CheckedRunbook, code: RunbookCode
  ) -> (program: RunbookProgram?, inputs: Record, problems: [Diagnostic]) {
    var given = Record()
    for input in test.givens {
      let (registers, problem) = evaluate(code, from: input.entry, [Value](repeating: .null, count: code.registerCount))
      if let problem {
        let message = "the input '\(input.name)' of the test cannot be computed: \(problem)"
        return (nil, given, [Diagnostic(.badTest, test.test.declaration.name.span, message)])
      }
      given[input.name] = registers[input.value.index]
    }
    // A recipe sees the inputs of its runbook, but needs none that it does not use.
    let prepared = prepare(runbook, code: code, inputs: given, needsAll: test.entry == nil)
    guard let program = prepared.program, let entry = test.entry else { return prepared }
    return (program.beginning(at: entry), prepared.inputs, prepared.problems)
  }

  /// The expectations of a test that do not hold, in their order. `facts` are by the names of ``CheckedTest/facts``.
  package static func misses(_ test: TestCode, code: RunbookCode, facts: Record) -> [TestMiss] {
    var registers = [Value](repeating: .null, count: code.registerCount)
    for fact in test.facts { registers[fact.register.index] = facts[fact.name] ?? .null }
    var misses: [TestMiss] = []
    for look in test.looks {
      let (after, problem) = evaluate(code, from: look.entry, registers)
      guard let condition = look.condition else {
        if let problem { misses.append(TestMiss(place: look.place, message: problem, sides: nil)) }
        registers = after
        continue
      }
      let sides = look.sides.map { (actual: after[$0.left.index], expected: after[$0.right.index]) }
      if let problem {
        misses.append(TestMiss(place: look.place, message: "it cannot be told: \(problem)", sides: sides))
      } else if after[condition.index] != .bool(true) {
        let message = look.message.map { after[$0.index].display } ?? "it does not hold"
        misses.append(TestMiss(place: look.place, message: message, sides: sides))
      }
    }
    return misses
  }
}
