import TestSupport

/// Writes random runbooks that only compute: functions of the types below, well typed, with everything that may go
/// wrong when they run.
struct ComputingProgram {
  private enum Kind: CaseIterable {
    case int, bool, text, ints, texts, map, records

    var spelling: String {
      switch self {
      case .int: "Int"
      case .bool: "Bool"
      case .text: "Text"
      case .ints: "[Int]"
      case .texts: "[Text]"
      case .map: "{ [Text]: Int }"
      case .records: "[{ n: Int, t: Text }]"
      }
    }
  }

  private var generator: SeededGenerator
  private var scope: [(name: String, kind: Kind)] = []
  private var functions: [(name: String, parameters: [Kind], result: Kind)] = []
  private var count = 0

  static func text(seed: UInt64) -> String {
    var program = ComputingProgram(generator: SeededGenerator(seed: seed))
    return program.write()
  }

  private init(generator: SeededGenerator) { self.generator = generator }

  private mutating func write() -> String {
    var text = "runbook computing.program 1.0.0\n"
    for number in 0..<(2 + generator.below(3)) { text += "\n" + function("f\(number)") }
    let last = functions[functions.count - 1]
    text += "\noutput value = \(last.name)(\(last.parameters.map { literal($0) }.joined(separator: ", ")))\n"
    return text
  }

  // MARK: Functions

  private mutating func function(_ name: String) -> String {
    let parameters = (0..<generator.below(3)).map { _ in generator.pick(Kind.allCases) }
    let result = generator.pick(Kind.allCases)
    scope = parameters.map { (fresh("p"), $0) }
    let written = scope.map { "\($0.name): \($0.kind.spelling)" }.joined(separator: ", ")
    let head = "func \(name)(\(written)): \(result.spelling)"
    defer { functions.append((name, parameters, result)) }
    if generator.oneIn(3) { return "\(head) = \(value(result, 4))\n" }
    var text = head + " {\n"
    for _ in 0..<generator.below(4) { text += statement() }
    return text + "  give \(value(result, 3))\n}\n"
  }

  private mutating func statement() -> String {
    switch generator.below(8) {
    case 0: return "  assert \(value(.bool, 2)) else \(value(.text, 1))\n"
    case 1: return "  if \(value(.bool, 2)) {\n    assert \(value(.bool, 1))\n  }\n"
    case 2, 3:
      let (list, element) = (value(.ints, 2), fresh("e"))
      let outer = scope
      scope.append((element, .int))
      let inner = fresh("v")
      let first = value(.int, 2)
      scope.append((inner, .int))
      let given = value(.int, 2)
      scope = outer
      let name = fresh("l")
      scope.append((name, .ints))
      return "  let \(name) = each \(element) in \(list) {\n    let \(inner) = \(first)\n    give \(given)\n  }\n"
    default:
      let kind = generator.pick(Kind.allCases)
      let text = value(kind, 3)
      let name = fresh("v")
      scope.append((name, kind))
      return "  let \(name) = \(text)\n"
    }
  }

  private mutating func fresh(_ letter: String) -> String {
    count += 1
    return "\(letter)\(count)"
  }

  // MARK: Values

  private mutating func value(_ kind: Kind, _ depth: Int) -> String {
    if depth == 0 || generator.oneIn(5) { return leaf(kind) }
    if generator.oneIn(8) {
      let (condition, one, other) = (value(.bool, depth - 1), value(kind, depth - 1), value(kind, depth - 1))
      return "(if \(condition) then \(one) else \(other))"
    }
    if generator.oneIn(10), let function = functions.last(where: { $0.result == kind }) {
      let arguments = function.parameters.map { value($0, depth - 1) }
      return "\(function.name)(\(arguments.joined(separator: ", ")))"
    }
    if generator.oneIn(12) {
      let (subject, one) = (value(.int, depth - 1), value(kind, depth - 1))
      let (two, other) = (value(kind, depth - 1), value(kind, depth - 1))
      return "match \(subject) { 0 => \(one), 1...5 => \(two), [7, 9] => \(one), else => \(other) }"
    }
    switch kind {
    case .int: return int(depth - 1)
    case .bool: return bool(depth - 1)
    case .text: return text(depth - 1)
    case .ints: return ints(depth - 1)
    case .texts: return texts(depth - 1)
    case .map: return map(depth - 1)
    case .records: return records(depth - 1)
    }
  }

  private mutating func leaf(_ kind: Kind) -> String {
    let known = scope.filter { $0.kind == kind }
    return known.isEmpty || generator.oneIn(3) ? literal(kind) : generator.pick(known).name
  }

  private mutating func literal(_ kind: Kind) -> String {
    switch kind {
    case .int:
      generator.pick(["0", "1", "2", "3", "7", "40", "-1", "5000000000", "9223372036854775807", "-9223372036854775807"])
    case .bool: generator.pick(["true", "false"])
    case .text:
      // An accent may stand behind its letter, and is one character with it when they are joined.
      generator.pick([
        "\"\"", "\"a\"", "\"key\"", "\"zone-é\"", "\"a text that is longer than fifteen bytes\"", "\"zone-e\"",
        "\"\u{301}\"", "\"a text that is longer\"", "\" than fifteen bytes\"",
      ])
    case .ints: generator.pick(["[1]", "[0, 1, 2]", "[3, 3, -1]", "range(4)", "(1...3)"])
    case .texts: generator.pick(["[\"a\"]", "[\"b\", \"a\", \"b\"]", "[\"key\", \"\"]"])
    case .map: generator.pick(["{ [\"a\"]: 1 }", "{ [\"key\"]: 2, [\"\"]: 0 }"])
    case .records: generator.pick(["[{ n: 1, t: \"a\" }]", "[{ n: 0, t: \"key\" }, { n: 7, t: \"zone-é\" }]"])
    }
  }

  private mutating func int(_ depth: Int) -> String {
    switch generator.below(9) {
    case 0...3:
      let (left, right) = (value(.int, depth), value(.int, depth))
      return "(\(left) \(generator.pick(["+", "-", "*", "/", "%"])) \(right))"
    case 4: return "(\(value(.int, depth)) \(generator.pick(["+", "-", "*", "/", "%"])) \(1 + generator.below(9)))"
    case 5: return "count(\(value(generator.pick([.ints, .texts, .text, .map, .records]), depth)))"
    case 6: return "\(generator.pick(["sum", "max", "first"]))(\(value(.ints, depth)))"
    case 7: return "\(leaf(.ints))[\(value(.int, depth))]"
    default: return "\(leaf(.map))[\(value(.text, depth))]"
    }
  }

  private mutating func bool(_ depth: Int) -> String {
    let comparison = generator.pick(["==", "!=", "<", "<=", ">", ">="])
    switch generator.below(12) {
    case 0, 1: return "(\(value(.int, depth)) \(comparison) \(value(.int, depth)))"
    case 2: return "(\(value(.int, depth)) \(comparison) \(generator.below(5)))"
    case 3: return "(\(value(.text, depth)) \(generator.pick(["==", "!=", "<"])) \(value(.text, depth)))"
    case 4: return "(\(value(.bool, depth)) \(generator.pick(["and", "or"])) \(value(.bool, depth)))"
    case 5: return "(not \(value(.bool, depth)))"
    case 6: return "(\(value(.int, depth)) in \(generator.below(4))...\(generator.below(9)))"
    case 7: return "(\(value(.text, depth)) in \(value(.texts, depth)))"
    case 8:
      let (sum, other) = ("(\(leaf(.text)) + \(leaf(.text)))", leaf(.text))
      return generator.oneIn(2) ? "(\(sum) == \(other))" : "(\(other) == \(sum))"
    case 9, 10:
      let all = comprehension(value(.records, depth), .records, "[", "]", depth) { $0.value(.bool, depth) }
      return "\(generator.pick(["all", "any"]))(\(all))"
    default: return "starts_with(\(value(.text, depth)), \(value(.text, depth)))"
    }
  }

  private mutating func text(_ depth: Int) -> String {
    switch generator.below(4) {
    case 0: return "(\(value(.text, depth)) + \(value(.text, depth)))"
    case 1: return "text(\(value(.int, depth)))"
    case 2: return "\(leaf(.texts))[\(value(.int, depth))]"
    default: return "\"<${\(leaf(.int))}-${\(leaf(.text))}${\(leaf(.ints))}>\""
    }
  }

  private mutating func ints(_ depth: Int) -> String {
    switch generator.below(7) {
    case 0: return "[\(value(.int, depth)), \(value(.int, depth))]"
    case 1: return "(\(value(.ints, depth)) + \(value(.ints, depth)))"
    case 2: return "range(\(generator.pick(["3", "0", leaf(.int)])))"
    case 3: return "\(generator.pick(["reverse", "sort", "unique"]))(\(value(.ints, depth)))"
    case 4: return comprehension(value(.records, depth), .records, "[", "]", depth) { $0.value(.int, depth) }
    default:
      let list = generator.oneIn(3) ? "range(\(generator.below(6)))" : value(.ints, depth)
      return comprehension(list, .int, "[", "]", depth) { $0.value(.int, depth) }
    }
  }

  private mutating func texts(_ depth: Int) -> String {
    switch generator.below(3) {
    case 0: return "[\(value(.text, depth)), \(value(.text, depth))]"
    case 1: return "keys(\(value(.map, depth)))"
    default: return comprehension(value(.texts, depth), .text, "[", "]", depth) { $0.value(.text, depth) }
    }
  }

  private mutating func map(_ depth: Int) -> String {
    if generator.oneIn(3) { return "{ [\(value(.text, depth))]: \(value(.int, depth)) }" }
    return comprehension(value(.ints, depth), .int, "{", "}", depth) { program in
      let key = program.generator.oneIn(2) ? program.value(.text, depth) : "\"k${\(program.leaf(.int))}\""
      return "[\(key)]: \(program.value(.int, depth))"
    }
  }

  private mutating func records(_ depth: Int) -> String {
    switch generator.below(4) {
    case 0: return "[{ n: \(value(.int, depth)), t: \(value(.text, depth)) }]"
    case 1: return "(\(value(.records, depth)) + \(value(.records, depth)))"
    case 2:
      return comprehension(value(.ints, depth), .int, "[", "]", depth) { program in
        "{ n: \(program.value(.int, depth)), t: \(program.value(.text, depth)) }"
      }
    default: return comprehension(value(.records, depth), .records, "[", "]", depth, nil)
    }
  }

  /// Without a body it gives the elements themselves.
  private mutating func comprehension(
    _ list: String, _ kind: Kind, _ open: String, _ close: String, _ depth: Int,
    _ body: ((inout ComputingProgram) -> String)?
  ) -> String {
    let outer = scope
    let element = fresh("x")
    // Of a record, its members.
    scope += kind == .records ? [("\(element).n", .int), ("\(element).t", .text)] : [(element, kind)]
    let condition = generator.oneIn(2) ? " if \(value(.bool, depth))" : ""
    let written = body?(&self) ?? element
    scope = outer
    return "\(open)for \(element) in \(list)\(condition) => \(written)\(close)"
  }
}
