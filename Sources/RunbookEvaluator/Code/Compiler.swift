import Diagnostics
import RunEngine
import RunbookChecker
import RunbookSyntax
import Values

/// Checked runbook → code. The checker has found everything that can be wrong with the text, so this cannot fail; what
/// the tree leaves out (`.missing`) is null.
package struct RunbookCompiler {
  let runbook: CheckedRunbook
  var code = RunbookCode()
  /// Names in scope, innermost last.
  private var scopes: [[String: Register]] = [[:]]
  /// Where the address of the step that a name is bound to stands.
  private var addressScopes: [[String: Register]] = [[:]]
  /// How often each label was used in the scope of addresses, innermost last.
  private var labels: [[String: Int]] = [[:]]
  /// What `it` is just now.
  var it: Register?
  /// Where the value of the round goes.
  var roundValue: Register?

  package static func compile(_ runbook: CheckedRunbook) -> RunbookCode {
    var compiler = RunbookCompiler(runbook)
    compiler.compileInputs()
    compiler.code.entry = compiler.here
    compiler.compile(runbook.tree.body)
    compiler.emit(.end)
    compiler.code.countSteps()
    return compiler.code
  }

  private init(_ runbook: CheckedRunbook) { self.runbook = runbook }

  var here: Target { code.instructions.count }

  @discardableResult
  mutating func emit(_ instruction: Instruction) -> Int {
    code.instructions.append(instruction)
    return code.instructions.count - 1
  }

  mutating func patch(_ index: Int, _ instruction: Instruction) { code.instructions[index] = instruction }

  mutating func fresh() -> Register {
    code.registerCount += 1
    return Register(index: code.registerCount - 1)
  }

  func place(_ span: Span) -> Place {
    let file = runbook.sources[span.source]
    let position = file.position(at: Int(span.lower))
    return Place(path: file.path, line: position.line, column: position.column)
  }

  // MARK: Names

  mutating func bind(_ name: String, _ register: Register, address: Register? = nil) {
    scopes[scopes.count - 1][name] = register
    addressScopes[addressScopes.count - 1][name] = address
  }

  func register(of name: String) -> Register? { scopes.reversed().lazy.compactMap { $0[name] }.first }
  func addressRegister(of name: String) -> Register? { addressScopes.reversed().lazy.compactMap { $0[name] }.first }

  mutating func inScope(ofAddresses: Bool = false, _ body: (inout RunbookCompiler) -> Void) {
    scopes.append([:])
    addressScopes.append([:])
    if ofAddresses { labels.append([:]) }
    body(&self)
    scopes.removeLast()
    addressScopes.removeLast()
    if ofAddresses { labels.removeLast() }
  }

  /// A label that no other step of the same scope of addresses has: the second `x` is `x#2`.
  mutating func uniqueLabel(_ wanted: String) -> String {
    let count = labels[labels.count - 1][wanted, default: 0] + 1
    labels[labels.count - 1][wanted] = count
    return count == 1 ? wanted : "\(wanted)#\(count)"
  }

  // MARK: Inputs

  private mutating func compileInputs() {
    for input in runbook.inputs {
      let register = fresh()
      let fallback = input.declaration.defaultValue.map { expression in
        let entry = here
        let result = compile(expression)
        emit(.end)
        return (entry: entry, result: result)
      }
      let condition = input.declaration.condition.map { expression in
        let it = fresh()
        let entry = here
        let outer = self.it
        self.it = it
        let result = compile(expression)
        self.it = outer
        emit(.end)
        return (entry: entry, it: it, result: result)
      }
      bind(input.name, register)
      code.inputs.append(InputCode(register: register, defaultValue: fallback, condition: condition))
    }
  }
}
