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
    if let header = tree.header { parts.append("(runbook \(header.name.text) \(header.version.text))") }
    for use in tree.uses { parts.append(self.use(use)) }
    for input in tree.inputs { parts.append(self.input(input)) }
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
    }
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
    case .cidr(let text), .name(let text): return text
    case .text(let segments): return text(segments)
    case .it: return "it"
    case .member(let value, let name): return list([".\(name.text)", expression(value)])
    case .index(let value, let index): return list(["at", expression(value), expression(index)])
    case .each(let value, let name): return list(["[].\(name.text)", expression(value)])
    case .list(let elements): return "[" + elements.map { expression($0) }.joined(separator: " ") + "]"
    case .record(let entries):
      return "{" + entries.map { "\($0.name.text): " + expression($0.value) }.joined(separator: " ") + "}"
    case .comprehension(let comprehension): return self.comprehension(comprehension)
    case .not(let value): return list(["not", expression(value)])
    case .negate(let value): return list(["-", expression(value)])
    case .binary(let operation, let left, let right):
      return list([operation.rawValue, expression(left), expression(right)])
    case .range(let first, let last): return list(["...", expression(first), expression(last)])
    case .choice(let condition, let then, let otherwise):
      return list(["if", expression(condition), expression(then), expression(otherwise)])
    case .function(let name, let arguments): return name.text + self.arguments(arguments)
    case .call(let call): return "call " + self.call(call)
    case .missing: return "MISSING"
    }
  }

  private mutating func comprehension(_ comprehension: Comprehension) -> String {
    var parts = ["for", list(comprehension.pattern.map(\.text)), expression(comprehension.sequence)]
    if let condition = comprehension.condition { parts += ["if", expression(condition)] }
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
