import Testing

/// One breach of a house rule, told so that it can be acted on: `path:line: rule: what to do`.
struct Finding: Hashable, CustomStringConvertible {
  let path: String
  /// From 1.
  let line: Int
  let rule: String
  let advice: String

  init(_ path: String, _ line: Int, _ rule: String, _ advice: String) {
    self.path = path
    self.line = line
    self.rule = rule
    self.advice = advice
  }

  var description: String { "\(path):\(line): \(rule): \(advice)" }
}

/// Fails with all findings, one to a line.
func expectNone(_ findings: [Finding], sourceLocation: SourceLocation = #_sourceLocation) {
  guard !findings.isEmpty else { return }
  let list = findings.map(\.description).sorted().joined(separator: "\n")
  Issue.record("\(findings.count) to mend:\n\(list)", sourceLocation: sourceLocation)
}
