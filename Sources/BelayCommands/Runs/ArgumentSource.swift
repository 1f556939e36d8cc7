import RunEngine
import Values

/// One argument of a step's call: as the runbook writes it, what it was, and from which inputs and results it came.
/// Read off the text that the run was started with.
struct ArgumentSource {
  enum Source: Hashable {
    case input(String)
    case step(StepAddress)
    /// A value of the runbook's own.
    case local(String)

    var text: String {
      switch self {
      case .input(let name): "input \(name)"
      case .step(let address): "step \(address)"
      case .local(let name): "let \(name)"
      }
    }
  }
  let name: String
  let expression: String
  /// Nil where the journal does not keep the arguments: those of a read.
  let value: Value?
  let sources: [Source]

  static func all(of step: RunReport.Step, in report: RunReport) -> [ArgumentSource] {
    let lines = (report.source(at: step.place.path) ?? "").split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(step.place.line - 1) else { return [] }
    let rest = lines[(step.place.line - 1)...].joined(separator: "\n").dropFirst(step.place.column - 1)
    return pieces(rest).compactMap { piece in
      guard let colon = piece.firstIndex(of: ":") else { return nil }
      let name = piece[..<colon].trimmed
      let expression = piece[piece.index(after: colon)...].trimmed
      return ArgumentSource(
        name: name, expression: expression, value: step.arguments[name],
        sources: sources(of: expression, step.address, report))
    }
  }

  /// What stands between the commas of the first parentheses, whole.
  private static func pieces(_ text: Substring) -> [Substring] {
    guard let open = text.firstIndex(of: "(") else { return [] }
    var pieces: [Substring] = []
    var start = text.index(after: open)
    var (depth, isText, isEscaped) = (1, false, false)
    for index in text[start...].indices {
      let letter = text[index]
      if isText {
        if isEscaped {
          isEscaped = false
        } else if letter == "\\" {
          isEscaped = true
        } else if letter == "\"" {
          isText = false
        }
        continue
      }
      switch letter {
      case "\"": isText = true
      case "(", "[", "{": depth += 1
      case ")", "]", "}":
        depth -= 1
        if depth == 0 { return pieces + [text[start..<index]] }
      case "," where depth == 1:
        pieces.append(text[start..<index])
        start = text.index(after: index)
      default: continue
      }
    }
    return pieces
  }

  /// The names of an expression that stand for something, each once. A name behind a dot or before a colon is a member.
  private static func sources(of expression: String, _ step: StepAddress, _ report: RunReport) -> [Source] {
    var found: [Source] = []
    var word = ""
    var before: Character = " "
    for letter in expression + " " {
      if letter.isLetter || letter == "_" || (letter.isNumber && !word.isEmpty) {
        word.append(letter)
        continue
      }
      if !word.isEmpty, before != ".", letter != ":", letter != "(", let source = source(word, step, report),
        !found.contains(source)
      {
        found.append(source)
      }
      if !word.isEmpty { word = "" }
      before = letter
    }
    return found
  }

  private static func source(_ name: String, _ step: StepAddress, _ report: RunReport) -> Source? {
    // Names of the same round come before those outside.
    var scope = step.text[...]
    while let dot = scope.lastIndex(of: ".") {
      scope = scope[..<dot]
      if report.step(StepAddress("\(scope).\(name)")) != nil { return .step(StepAddress("\(scope).\(name)")) }
    }
    if report.step(StepAddress(name)) != nil { return .step(StepAddress(name)) }
    if report.inputs[name] != nil { return .input(name) }
    return report.source.contains("let \(name) ") ? .local(name) : nil
  }
}

extension Substring {
  fileprivate var trimmed: String {
    var text = self
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
