import CloudCatalog
import Diagnostics
import Foundation
import RunbookSyntax
import Values

/// A shipped runbook with one fault put into it.
struct Mutant: Sendable {
  enum Kind: String, CaseIterable, Sendable {
    case misspelt = "misspelt word"
    case dropped = "dropped required parameter"
    case mistyped = "wrong type"
    case wrongID = "id of another kind"
    case unawaited = "deleted wait"
    case notUndone = "deleted undo or commit"
    case outOfRange = "constant out of range"
    case leak = "secret in the open"
    case unasked = "deleted approval"
  }

  let kind: Kind
  let path: String
  let line: Int
  /// What was changed into what.
  let what: String
  let file: SourceFile

  /// One line of the page.
  var wording: String { "`\(path):\(line)` \(kind.rawValue): \(what)" }
}

/// Every single fault of the kinds above, in the order of the text.
struct MutantMaker {
  private let file: SourceFile
  private let tree: RunbookTree
  private(set) var mutants: [Mutant] = []

  static func mutants(of file: SourceFile) -> [Mutant] {
    var maker = MutantMaker(file)
    maker.misspell()
    maker.mutateInputs()
    maker.mutate(maker.tree.body)
    maker.leakIntoOutput()
    return maker.mutants
  }

  private init(_ file: SourceFile) {
    self.file = file
    tree = RunbookParser.parse(file, id: SourceID(0)).tree
  }

  private mutating func add(_ kind: Mutant.Kind, _ span: Span, _ replacement: String, _ what: String? = nil) {
    let old = file.text(Int(span.lower)..<Int(span.upper))
    let (changed, _) = file.applying([Fix("", span, replacement)])
    mutants.append(
      Mutant(
        kind: kind, path: file.path, line: file.line(at: Int(span.lower)),
        what: what ?? "`\(short(old))` → `\(short(replacement))`", file: changed))
  }

  /// On one line.
  private func short(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " } }.joined(separator: " ")
    return line.count > 50 ? String(line.prefix(49)) + "…" : line
  }

  // MARK: Words

  /// Doubles the last letter of every word that names something. What a word of its own introduces, such as the name of
  /// an output, is what the text calls it; texts and comments are for people.
  private mutating func misspell() {
    let bytes = file.bytes
    var at = 0
    var previous = ""
    var holes = 0
    var isInText = false
    while at < bytes.count {
      let byte = bytes[at]
      if isInText, holes == 0 {
        if byte == UInt8(ascii: "\\") { at += 1 }
        if byte == UInt8(ascii: "\"") { isInText = false }
        if byte == UInt8(ascii: "$"), at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "{") { holes = 1 }
        at += 1
      } else if byte == UInt8(ascii: "/"), at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "/") {
        while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
      } else if byte == UInt8(ascii: "\"") {
        isInText.toggle()
        at += 1
      } else if byte == UInt8(ascii: "}"), holes > 0 {
        holes = 0
        at += 1
      } else if isWordStart(byte), at == 0 || !isWordPart(bytes[at - 1]) {
        var end = at
        while end < bytes.count, isWordPart(bytes[end]) { end += 1 }
        let word = String(decoding: bytes[at..<end], as: UTF8.self)
        let isHeader = file.line(at: at) == file.line(at: Int(tree.header?.span.lower ?? 0))
        if !isHeader || word == "runbook", !["output", "role"].contains(previous) {
          let last = String(word.last ?? "x")
          add(.misspelt, Span(SourceID(0), at, end), word + last)
        }
        previous = word
        at = end
      } else {
        at += 1
      }
    }
  }

  private func isWordStart(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "_")
  }

  private func isWordPart(_ byte: UInt8) -> Bool { isWordStart(byte) || (48...57).contains(byte) }

  // MARK: Inputs

  private mutating func mutateInputs() {
    for input in tree.inputs {
      guard let value = input.defaultValue else { continue }
      mistype(value)
      if input.condition != nil, case .int = value.kind { add(.outOfRange, value.span, "10_000_000") }
      if input.condition != nil, case .list = value.kind { add(.outOfRange, value.span, "[]") }
    }
  }

  /// A number for a text, a text for anything else.
  private mutating func mistype(_ value: RunbookSyntax.Expression, _ type: ValueType? = nil) {
    let isText =
      switch type {
      case .text?, .id?, .enumeration?: true
      case nil: if case .text = value.kind { true } else { false }
      default: false
      }
    add(.mistyped, value.span, isText ? "7" : "\"seven\"")
  }

  // MARK: Statements

  private mutating func mutate(_ block: Block) { for statement in block.statements { mutate(statement) } }

  private mutating func mutate(_ statement: Statement) {
    switch statement.kind {
    case .binding(_, let value), .effect(let value): mutate(value, statement)
    case .when(let when): mutate(when)
    case .match(let match): for item in match.cases { mutate(item.body) }
    case .parallel(let block): mutate(block)
    case .notify(let message, _), .fail(let message): leak(message)
    case .commit(let message):
      leak(message)
      add(.notUndone, statement.span, "")
    case .assert(let condition, let message):
      mistype(condition, .bool)
      if let message { leak(message) }
    case .output(_, let value): leak(value)
    case .give, .missing: break
    }
  }

  private mutating func mutate(_ value: Effectful, _ statement: Statement) {
    switch value {
    case .pure: break
    case .call(let call): mutate(call)
    case .wait(let wait):
      add(.unawaited, statement.span, "", "`\(short(file.text(Int(wait.span.lower)..<Int(wait.span.upper))))`")
      if case .until(let call, let condition) = wait.kind {
        mutate(call)
        mistype(condition, .bool)
      }
      for duration in [wait.every, wait.within].compactMap({ $0 }) {
        add(.outOfRange, duration.span, "0s")
        add(.mistyped, duration.span, "5")
      }
      if let why = wait.otherwise { leak(why) }
    case .loop(let loop):
      if let width = loop.width { add(.outOfRange, width.span, "0") }
      mistype(loop.sequence, .list(.unknown))
      if let key = loop.key { leak(key) }
      mutate(loop.body)
    case .attempt(let attempt):
      mutate(attempt.body)
      if let rescue = attempt.rescue { mutate(rescue.body) }
      if let always = attempt.always { mutate(always) }
    case .timeout(let timeout):
      add(.outOfRange, timeout.limit.span, "0s")
      mutate(timeout.body)
    case .approve(let approve):
      leak(approve.message)
      let body = file.text(Int(approve.body.span.lower) + 1..<Int(approve.body.span.upper) - 1)
      add(.unasked, approve.span, body, "`approve`")
      mutate(approve.body)
    }
  }

  private mutating func mutate(_ when: If) {
    mistype(when.condition, .bool)
    mutate(when.then)
    switch when.otherwise {
    case .block(let block)?: mutate(block)
    case .when(let next)?: mutate(next)
    case nil: break
    }
  }

  // MARK: Calls

  private mutating func mutate(_ call: Call) {
    guard let catalog = Catalog.service(call.service.text), let facts = catalog.action(call.action.text) else { return }
    let secrets = Catalog.meaning(facts.id)?.secrets ?? []
    for (place, argument) in call.arguments.enumerated() {
      guard let name = argument.name, let parameter = facts.parameter(name.text) else { continue }
      let type = catalog.type(of: parameter)
      if parameter.required { drop(call, place) }
      mistype(argument.value, type)
      mistake(argument, type)
      exceed(argument, parameter)
      if !secrets.contains(name.text), type == .text { leak(argument.value) }
    }
    if let every = call.retry?.every { add(.outOfRange, every.span, "0s") }
    if let upTo = call.retry?.upTo { add(.outOfRange, upTo.span, "0") }
    for reason in [call.keep, call.irreversible].compactMap({ $0 }) {
      leak(reason)
      let word = call.keep == nil ? "irreversible" : "keep"
      let before = file.text(0..<Int(reason.span.lower))
      guard let start = before.range(of: word, options: .backwards)?.lowerBound else { continue }
      let lower = before[..<start].utf8.count
      add(.notUndone, Span(SourceID(0), lower, Int(reason.span.upper)), "")
    }
  }

  private mutating func drop(_ call: Call, _ place: Int) {
    var (lower, upper) = (Int(call.arguments[place].span.lower), Int(call.arguments[place].span.upper))
    if place + 1 < call.arguments.count {
      upper = Int(call.arguments[place + 1].span.lower)
    } else if place > 0 {
      lower = Int(call.arguments[place - 1].span.upper)
    }
    add(.dropped, Span(SourceID(0), lower, upper), "", "`\(call.arguments[place].name?.text ?? "")`")
  }

  /// An id of another kind: a literal, and every input that is one.
  private mutating func mistake(_ argument: Argument, _ type: ValueType) {
    let isList: Bool
    let kind: String
    switch type {
    case .id(_, let name): (kind, isList) = (name, false)
    case .list(.id(_, let name)): (kind, isList) = (name, true)
    default: return
    }
    guard let known = IDKind.named(kind, service: "ecm"), !known.prefixes.isEmpty else { return }
    let literal = known.prefixes.contains("vpc-") ? "\"subnet-12345678\"" : "\"vpc-12345678\""
    add(.wrongID, argument.value.span, isList ? "[\(literal)]" : literal)
    for input in tree.inputs {
      guard case .named(_, let other) = input.type.kind, other.text.hasSuffix("Id"), other.text != kind else {
        continue
      }
      add(.wrongID, argument.value.span, isList ? "[\(input.name.text)]" : input.name.text)
    }
  }

  private mutating func exceed(_ argument: Argument, _ parameter: MemberFacts) {
    let limits = parameter.constraints
    if let maximum = limits.maximum { add(.outOfRange, argument.value.span, "\(Int(maximum) + 1)") }
    if let minimum = limits.minimum { add(.outOfRange, argument.value.span, "\(Int(minimum) - 1)") }
    if let length = limits.maximumLength {
      add(.outOfRange, argument.value.span, "\"\(String(repeating: "x", count: length + 1))\"")
    }
    if !limits.enumeration.isEmpty { add(.outOfRange, argument.value.span, "\"NONSENSE\"") }
  }

  // MARK: Secrets

  private var secret: String? {
    tree.inputs.first { input in if case .secret = input.type.kind { true } else { false } }?.name.text
  }

  private mutating func leak(_ value: RunbookSyntax.Expression) {
    if let secret { add(.leak, value.span, secret) }
  }

  private mutating func leakIntoOutput() {
    guard let secret else { return }
    add(.leak, Span(SourceID(0), file.bytes.count, file.bytes.count), "output leaked = \"x${\(secret)}\"\n")
  }
}
