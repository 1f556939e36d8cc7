import Values

extension Value {
  /// As a runbook would write it, on one line. A secret shows as `***`, also one that a journal keeps by its name.
  var wording: String {
    switch self {
    case .text, .null: JSON.print(self)
    case .bool, .int, .float, .duration, .cidr, .secret: display
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

  /// The lines of an output: one, or one for each element of a list that does not fit.
  func outputLines(width: Int) -> [String] {
    guard case .list(let elements) = self, !elements.isEmpty else { return [bareWording] }
    let line = elements.map(\.bareWording).joined(separator: ", ")
    return line.count <= width ? [line] : elements.map(\.bareWording)
  }

  /// A text without quotes, since nothing stands around it.
  private var bareWording: String { if case .text(let text) = self { text } else { wording } }

  private var isJournaledSecret: Bool { asRecord.map { $0.count == 1 && $0["$secret"] != nil } ?? false }
}
