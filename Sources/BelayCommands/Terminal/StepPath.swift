import RunEngine

/// A step address taken apart at its dots: `fleet["a","b"].vm["ein-1"].eip` is fleet with a key, vm with a key, eip.
struct StepPath: Sendable {
  struct Segment: Hashable, Sendable {
    let name: String
    /// With its brackets; nil when the segment is no round of a loop.
    let key: String?
    var text: String { name + (key ?? "") }

    fileprivate init(_ label: Substring, _ name: Substring) {
      self.name = String(name)
      key = name.endIndex < label.endIndex ? String(label[name.endIndex...]) : nil
    }
  }
  let segments: [Segment]

  init(_ address: StepAddress) { self.init(address.text) }

  init(_ text: String) {
    var segments: [Segment] = []
    StepPath.visit(text) { segments.append(Segment($0, $1)) }
    self.segments = segments
  }

  /// Each segment in its turn, as the text has it, and its name. Long plans take a hundred thousand apart: by bytes,
  /// since all that has a meaning is ASCII.
  static func visit(_ text: String, _ body: (_ label: Substring, _ name: Substring) -> Void) {
    let bytes = text.utf8
    var start = bytes.startIndex
    // Where the key begins, if the segment ends with it.
    var bracket: String.Index?
    var (depth, last) = (0, UInt8(0))
    var (isQuoted, isEscaped) = (false, false)
    func visit(upTo end: String.Index) {
      body(text[start..<end], text[start..<(last == UInt8(ascii: "]") ? bracket ?? end : end)])
    }
    for index in bytes.indices {
      let byte = bytes[index]
      if !isQuoted, depth == 0, byte == UInt8(ascii: ".") {
        visit(upTo: index)
        (start, bracket) = (bytes.index(after: index), nil)
      } else if isEscaped {
        isEscaped = false
      } else if isQuoted, byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\""), depth > 0 {
        isQuoted.toggle()
      } else if !isQuoted, byte == UInt8(ascii: "[") {
        bracket = bracket ?? index
        depth += 1
      } else if !isQuoted, byte == UInt8(ascii: "]"), depth > 0 {
        depth -= 1
      }
      last = byte
    }
    visit(upTo: text.endIndex)
  }
}
