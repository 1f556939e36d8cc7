import Values

extension Value {
  /// As a runbook would write it, on one line. A secret shows as `***`, also one that a journal keeps by its name.
  var wording: String {
    switch self {
    case .text, .null: JSON.print(self)
    case .bool, .int, .float, .duration, .quantity, .cidr, .secret: display
    case .list(let elements): "[\(elements.map(\.wording).joined(separator: ", "))]"
    case .record(let record):
      if isJournaledSecret {
        Secret.mask
      } else if record.isEmpty {
        "{}"
      } else {
        "{ \(record.map { "\($0.key): \($0.value.wording)" }.joined(separator: ", ")) }"
      }
    }
  }

  /// The lines of an output: one where it fits, else one for each element or member, broken on in the same way.
  func outputLines(width: Int) -> [String] {
    guard case .list(let elements) = self, !elements.isEmpty else { return broken(width: width, bareWording) }
    let line = elements.map(\.bareWording).joined(separator: ", ")
    if line.count <= width { return [line] }
    return elements.flatMap { $0.broken(width: width, $0.bareWording) }
  }

  /// `line`, or what stands in it on lines of its own.
  private func broken(width: Int, _ line: String) -> [String] {
    if line.count <= width { return [line] }
    switch self {
    case .list(let elements) where !elements.isEmpty:
      return ["["] + elements.flatMap { indented($0.broken(width: width - 2, $0.wording)) } + ["]"]
    case .record(let record) where !record.isEmpty && !isJournaledSecret:
      let members = record.flatMap { key, value in
        let lines = value.broken(width: width - key.count - 4, value.wording)
        return indented(["\(key): \(lines[0])"] + lines.dropFirst())
      }
      return ["{"] + members + ["}"]
    case .text, .null, .bool, .int, .float, .duration, .quantity, .cidr, .secret, .list, .record: return [line]
    }
  }

  private func indented(_ lines: [String]) -> [String] { lines.map { "  \($0)" } }

  /// A text without quotes, since nothing stands around it.
  private var bareWording: String { if case .text(let text) = self { text } else { wording } }

  private var isJournaledSecret: Bool { asRecord.map { $0.count == 1 && $0["$secret"] != nil } ?? false }
}
