import Diagnostics
import RunbookSyntax

/// A tree as one line of text, without its places: what two texts of the same meaning have in common.
struct TreeText {
  /// Of all nodes, in the order of the walk.
  private(set) var nodes: [NodeID] = []

  static func of(_ tree: RunbookTree) -> String {
    var text = TreeText()
    return text.runbook(tree)
  }

  static func nodes(of tree: RunbookTree) -> [NodeID] {
    var text = TreeText()
    _ = text.runbook(tree)
    return text.nodes
  }

  mutating func runbook(_ tree: RunbookTree) -> String {
    var parts = tree.documentation.map { "/// \($0)" }
    if let header = tree.header { parts.append("(\(header.kind) \(header.name.text) \(header.version.text))") }
    for item in tree.imports { parts.append(list(["use", item.path.text, item.alias.text])) }
    for use in tree.uses { parts.append(self.use(use)) }
    for input in tree.inputs { parts.append(self.input(input)) }
    for bound in tree.bounds { parts.append(self.bound(bound)) }
    for routine in tree.routines { parts.append(self.routine(routine)) }
    for test in tree.tests { parts.append(self.test(test)) }
    parts += tree.body.statements.map { statement($0) }
    return parts.joined(separator: "\n")
  }

  private mutating func use(_ use: Use) -> String {
    var parts = ["use", use.service.text]
    if let alias = use.alias { parts += ["as", alias.text] }
    if let region = use.region { parts += ["in", expression(region)] }
    if !use.defaults.isEmpty { parts += ["with", arguments(use.defaults)] }
    return list(parts)
  }

  private mutating func bound(_ bound: Bound) -> String {
    list(
      ["bound", bound.subject.text] + [bound.service, bound.kind].compactMap { $0?.text } + [expression(bound.limit)])
  }

  private mutating func routine(_ routine: Routine) -> String {
    nodes.append(routine.id)
    var parts = routine.documentation.map { "/// \($0)" } + [routine.kind.rawValue, routine.name.text]
    parts += routine.parameters.map { input($0) }
    if let result = routine.result { parts.append(type(result)) }
    return list(parts + [block(routine.body)])
  }

  private mutating func test(_ test: TestDeclaration) -> String {
    nodes.append(test.id)
    var parts = ["test", expression(test.name)]
    for step in test.steps {
      switch step.kind {
      case .given(let name, let value): parts += ["given", name.text, expression(value)]
      case .run(let value): parts += ["run"] + (value.map { [expression($0)] } ?? [])
      case .expect(let condition, let message):
        parts += ["expect", expression(condition)] + (message.map { ["else", expression($0)] } ?? [])
      case .binding(let name, let value): parts += ["let", name.text, expression(value)]
      case .missing: parts.append("MISSING")
      }
    }
    return list(parts)
  }

  private mutating func input(_ input: InputDeclaration) -> String {
    var parts = input.documentation.map { "/// \($0)" } + ["input", input.name.text, type(input.type)]
    if let ownership = input.ownership { parts.append(ownership.rawValue) }
    if let condition = input.condition { parts += ["where", expression(condition)] }
    if let value = input.defaultValue { parts += ["=", expression(value)] }
    return list(parts)
  }

  private func type(_ type: TypeExpression) -> String {
    switch type.kind {
    case .named(let service, let name): (service.map { $0.text + "." } ?? "") + name.text
    case .list(let element): "[\(self.type(element))]"
    case .optional(let value): self.type(value) + "?"
    case .secret(let value): "secret \(self.type(value))"
    case .map(let key, let value): "{[\(self.type(key))]: \(self.type(value))}"
    case .record(let fields): "{" + fields.map { "\($0.name.text): \(self.type($0.type))" }.joined(separator: " ") + "}"
    case .missing: "MISSING"
    }
  }

  private func list(_ parts: [String]) -> String { "(" + parts.joined(separator: " ") + ")" }

  mutating func block(_ block: Block) -> String {
    "{" + block.statements.map { statement($0) }.joined(separator: "; ") + "}"
  }

  mutating func statement(_ statement: Statement) -> String {
    nodes.append(statement.id)
    switch statement.kind {
    case .binding(let name, let value): return list(["let", name.text, effectful(value)])
    case .effect(let effect): return effectful(effect)
    case .when(let when): return self.when(when)
    case .match(let match):
      return list(
        ["match", expression(match.subject)]
          + match.cases.map { ($0.pattern.map { expression($0) } ?? "else") + " => " + block($0.body) })
    case .parallel(let block): return list(["parallel", self.block(block)])
    case .notify(let message, let channel):
      return list(["notify", expression(message)] + (channel.map { ["to", expression($0)] } ?? []))
    case .commit(let reason): return list(["commit", expression(reason)])
    case .fail(let reason): return list(["fail", expression(reason)])
    case .output(let name, let value): return list(["output", name.text, expression(value)])
    case .give(let value): return list(["give", expression(value)])
    case .assert(let condition, let message):
      return list(["assert", expression(condition)] + (message.map { ["else", expression($0)] } ?? []))
    case .missing: return "MISSING"
    }
  }

  private mutating func when(_ when: If) -> String {
    var parts = ["if", expression(when.condition), block(when.then)]
    switch when.otherwise {
    case .block(let block): parts += ["else", self.block(block)]
    case .when(let next): parts += ["else", self.when(next)]
    case nil: break
    }
    return list(parts)
  }

  private mutating func effectful(_ effect: Effectful) -> String {
    switch effect {
    case .pure(let value): expression(value)
    case .call(let call): self.call(call)
    case .wait(let wait): self.wait(wait)
    case .loop(let loop): self.loop(loop)
    case .attempt(let attempt): self.attempt(attempt)
    case .timeout(let timeout): self.timeout(timeout)
    case .approve(let approve): self.approve(approve)
    }
  }

  private mutating func attempt(_ attempt: Attempt) -> String {
    nodes.append(attempt.id)
    var parts = ["attempt", block(attempt.body)]
    if let rescue = attempt.rescue {
      parts += ["rescue"] + (rescue.name.map { [$0.text] } ?? []) + (rescue.keepsWork ? ["keep"] : [])
      parts.append(block(rescue.body))
    }
    if let always = attempt.always { parts += ["always", block(always)] }
    return list(parts)
  }

  private mutating func timeout(_ timeout: Timeout) -> String {
    nodes.append(timeout.id)
    return list(["timeout", expression(timeout.limit), block(timeout.body)])
  }

  private mutating func approve(_ approve: Approve) -> String {
    nodes.append(approve.id)
    var parts = ["approve", expression(approve.message)]
    parts += approve.approvers.map { "\($0.kind) \($0.name.text)" }
    if approve.excludesRequester { parts.append("not-requester") }
    if let within = approve.within { parts += ["within", expression(within)] }
    return list(parts + [block(approve.body)])
  }

  private mutating func call(_ call: Call) -> String {
    nodes.append(call.id)
    var parts = ["\(call.service.text).\(call.action.text)" + arguments(call.arguments)]
    if let retry = call.retry {
      parts += ["retry"] + retry.codes.map(\.text)
      if let every = retry.every { parts += ["every", expression(every)] }
      if let upTo = retry.upTo { parts += ["up-to", expression(upTo)] }
    }
    if let undo = call.undo { parts += ["undo", block(undo)] }
    if let reason = call.irreversible { parts += ["irreversible", expression(reason)] }
    if let reason = call.keep { parts += ["keep", expression(reason)] }
    return parts.count == 1 ? parts[0] : list(parts)
  }

  private mutating func arguments(_ arguments: [Argument]) -> String {
    list(arguments.map { ($0.name.map { $0.text + ": " } ?? "") + expression($0.value) })
  }

  private mutating func wait(_ wait: Wait) -> String {
    nodes.append(wait.id)
    var parts = ["wait"]
    switch wait.kind {
    case .state(let value, let state): parts += [expression(value), "is", state.text]
    case .until(let call, let condition): parts += [self.call(call), "until", expression(condition)]
    }
    if let every = wait.every { parts += ["every", expression(every)] }
    if let within = wait.within { parts += ["within", expression(within)] }
    if let otherwise = wait.otherwise { parts += ["else-fail", expression(otherwise)] }
    return list(parts)
  }

  private mutating func loop(_ loop: Loop) -> String {
    nodes.append(loop.id)
    var parts = loop.isParallel ? ["parallel"] : []
    if let width = loop.width { parts.append(expression(width)) }
    parts += ["each", list(loop.pattern.map(\.text)), expression(loop.sequence)]
    if let key = loop.key { parts += ["key", expression(key)] }
    return list(parts + [block(loop.body)])
  }

  mutating func expression(_ value: Expression) -> String {
    nodes.append(value.id)
    switch value.kind {
    case .null: return "null"
    case .bool(let bool): return "\(bool)"
    case .int(let int): return "\(int)"
    case .float(let float): return "\(float)"
    case .duration(let duration): return "\(duration)"
    case .quantity(let text), .cidr(let text), .name(let text): return text
    case .text(let segments): return text(segments)
    case .it: return "it"
    case .member(let value, let name): return list([".\(name.text)", expression(value)])
    case .index(let value, let index): return list(["at", expression(value), expression(index)])
    case .each(let value, let name): return list(["[].\(name.text)", expression(value)])
    case .list(let elements): return "[" + elements.map { expression($0) }.joined(separator: " ") + "]"
    case .record(let entries):
      return "{" + entries.map { "\($0.name.text): " + expression($0.value) }.joined(separator: " ") + "}"
    case .map(let entries):
      return "{" + entries.map { "[\(expression($0.key))]: " + expression($0.value) }.joined(separator: " ") + "}"
    case .match(let subject, let cases):
      return list(
        ["match", expression(subject)]
          + cases.map { ($0.pattern.map { expression($0) } ?? "else") + " => " + expression($0.body) })
    case .comprehension(let comprehension): return self.comprehension(comprehension)
    case .not(let value): return list(["not", expression(value)])
    case .negate(let value): return list(["-", expression(value)])
    case .binary(let operation, let left, let right):
      return list([operation.rawValue, expression(left), expression(right)])
    case .range(let first, let last): return list(["...", expression(first), expression(last)])
    case .choice(let condition, let then, let otherwise):
      return list(["if", expression(condition), expression(then), expression(otherwise)])
    case .function(let invocation):
      return (invocation.module.map { $0.text + "." } ?? "") + invocation.name.text + arguments(invocation.arguments)
    case .call(let call): return "call " + self.call(call)
    case .missing: return "MISSING"
    }
  }

  private mutating func comprehension(_ comprehension: Comprehension) -> String {
    var parts = ["for", list(comprehension.pattern.map(\.text)), expression(comprehension.sequence)]
    if let condition = comprehension.condition { parts += ["if", expression(condition)] }
    if let key = comprehension.key { parts += ["key", expression(key)] }
    return list(parts + ["=>", expression(comprehension.body)])
  }

  private mutating func text(_ segments: [TextSegment]) -> String {
    let parts = segments.map { segment in
      switch segment {
      case .literal(let text): text.replacing("\n", with: "\\n")
      case .hole(let value): "${" + expression(value) + "}"
      }
    }
    return "\"" + parts.joined() + "\""
  }
}
