import Diagnostics
import RunEngine
import Values

/// What went wrong, as the runbook's author needs it: the place, the line, the call, the cloud's words.
extension RunSummaryText {
  var failure: [StyledLine] {
    guard let failure = report.failure else { return [] }
    let step = failure.step.flatMap { report.step($0) }
    var head = StyledLine()
    if let place = failure.place ?? step?.place { head.add("\(place): ", .bold) }
    head.add("\(title(failure.kind)): ", .bad)
    head.add(failure.message, .bold)
    return [head] + excerpt(failure.place ?? step?.place) + facts(failure, step)
  }

  private func title(_ kind: RunFailure.Kind) -> String {
    switch kind {
    case .cancelled: "cancelled"
    case .refused, .unknown, .wait, .failed, .program, .unreachable, .timeout, .denied, .budget: "error"
    }
  }

  /// What the step's note says beyond the failure's own message; nil when that is nothing.
  private func cloudWords(_ note: String, _ failure: RunFailure) -> String? {
    var words = note
    if let code = failure.code, words.hasPrefix(code + ": ") { words.removeFirst(code.count + 2) }
    return words.isEmpty || failure.message.contains(words) ? nil : words
  }

  /// The line of the runbook with a mark under the place, as problems of a runbook look.
  private func excerpt(_ place: Place?) -> [StyledLine] {
    guard let place, let source = report.source(at: place.path) else { return [] }
    let file = SourceFile(path: place.path, text: source)
    guard (1...file.lineCount).contains(place.line), !file.bytes.isEmpty else { return [] }
    let text = file.text(file.lineRange(place.line))
    let before = text.prefix(max(0, place.column - 1)).replacing("\t", with: "  ")
    var line = StyledLine(" \(place.line) | ", .dim)
    let gutter = line.width
    line.add(text.replacing("\t", with: "  "))
    var mark = StyledLine(String(repeating: " ", count: gutter - 2) + "| ", .dim)
    mark.add(String(repeating: " ", count: displayWidth(before)))
    mark.add("^", .bad)
    return [line.clipped(to: style.width), mark.clipped(to: style.width)]
  }

  private func facts(_ failure: RunFailure, _ step: RunReport.Step?) -> [StyledLine] {
    var rows: [(name: String, lines: [String])] = []
    if let address = failure.step { rows.append(("step", [address.text])) }
    if let action = step?.action ?? failure.action {
      rows.append(("call", [action.description]))
      let arguments = step?.arguments ?? Record()
      let width = arguments.names.map { displayWidth($0) }.max() ?? 0
      let lines = arguments.map { "\(padded($0.key, to: width))  \($0.value.wording)" }
      if !lines.isEmpty { rows.append(("arguments", lines)) }
    }
    if let code = failure.code { rows.append(("code", [code])) }
    // The note of an undone step is of its undo.
    if let step, step.state != .undone, let words = cloudWords(step.note, failure) { rows.append(("message", [words])) }
    if let id = failure.requestID ?? step?.requestID, !id.isEmpty { rows.append(("RequestId", [id])) }
    if let attempts = step?.attempts, attempts > 1 { rows.append(("attempts", ["\(attempts)"])) }
    guard !rows.isEmpty else { return [] }
    return table("", rows).dropFirst().map { $0.clipped(to: max(style.width, 40)) }
  }
}
