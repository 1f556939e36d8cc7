import Diagnostics
import RunbookChecker
import RunbookEvaluator
import Values

/// What is said of the codes: on a terminal, for machines, and in docs/generated/diagnostics.md.
enum ExplanationPage {
  static let families = [
    ("B00", "Text and tokens"), ("B01", "Grammar"), ("B02", "Names"), ("B03", "Types"), ("B04", "Calls"),
    ("B05", "Undo"), ("B06", "Order and shape"), ("B07", "Inputs"), ("B08", "Tests and modules"), ("B09", "Advice"),
  ]

  static var list: [StyledLine] {
    DiagnosticExplanation.all.map { explanation in
      var line = StyledLine(explanation.code.rawValue, .bold)
      line.add("  ")
      line.add(explanation.title.description)
      return line
    }
  }

  static func lines(of explanation: DiagnosticExplanation) -> [StyledLine] {
    var head = StyledLine("\(explanation.code.severity.rawValue)[\(explanation.code.rawValue)]", .bold)
    head.add(": \(explanation.title)")
    var lines = [head, StyledLine()]
    lines += wrapped(explanation.text.description, width: 80).map { StyledLine($0) }
    guard let examples = explanation.examples else { return lines }
    lines += [StyledLine(), StyledLine("Wrong:", .bold), StyledLine()] + indented(examples.wrong, .bad)
    lines += [StyledLine()] + verdict(on: explanation).map { StyledLine("  \($0)", .dim) }
    lines += [StyledLine(), StyledLine("Right:", .bold), StyledLine()] + indented(examples.right, .good)
    return lines
  }

  private static func indented(_ example: StaticString, _ ink: Ink) -> [StyledLine] {
    example.description.split(separator: "\n", omittingEmptySubsequences: false).map { StyledLine("  \($0)", ink) }
  }

  /// What the checker says of the wrong example.
  private static func verdict(on explanation: DiagnosticExplanation) -> [String] {
    guard let wrong = explanation.examples?.wrong else { return [] }
    let file = SourceFile(path: "wrong.belay", bytes: DiagnosticExplanation.bytes(of: wrong))
    let result = RunbookCheck.check(file, functions: StandardLibrary.signatures)
    return result.diagnostics.flatMap { problem in
      ["\(problem.severity.rawValue)[\(problem.code.rawValue)]: \(problem.message)"]
        + problem.help.map { "help: \($0)" }
    }
  }

  static func record(of explanation: DiagnosticExplanation) -> Record {
    [
      "code": .text(explanation.code.rawValue), "severity": .text(explanation.code.severity.rawValue),
      "title": .text(explanation.title.description), "text": .text(explanation.text.description),
      "wrong": explanation.examples.map { .text($0.wrong.description) } ?? .null,
      "right": explanation.examples.map { .text($0.right.description) } ?? .null,
    ]
  }

  /// docs/generated/diagnostics.md
  static var markdown: String {
    var text = """
      # Problems and their codes

      Generated from the table behind `belay explain` by `UPDATE_GOLDEN=1 swift test --filter ExplanationTests`. Do not
      edit.

      Every problem of a runbook has a code that stays what it is; `belay explain CODE` shows what stands here. An
      example without a header continues a runbook that uses `ecm` with a region. In examples `⟨FF⟩` is a byte and
      `⟨3 × text⟩` a repetition.

      """
    for (prefix, title) in families {
      let members = DiagnosticExplanation.all.filter { $0.code.rawValue.hasPrefix(prefix) }
      guard !members.isEmpty else { continue }
      text += "\n## \(title)\n"
      for member in members { text += "\n" + markdown(of: member) }
    }
    return text
  }

  private static func markdown(of explanation: DiagnosticExplanation) -> String {
    let kind = explanation.code.severity == .warning ? " (a warning)" : ""
    var text = "### \(explanation.code.rawValue): \(explanation.title)\(kind)\n\n"
    text += wrapped(explanation.text.description, width: 120).joined(separator: "\n") + "\n"
    guard let examples = explanation.examples else { return text }
    let said = verdict(on: explanation).map { "// \($0)\n" }.joined()
    text += "\n```text\n\(examples.wrong)\n\n\(said)```\n\n```text\n\(examples.right)\n```\n"
    return text
  }
}
