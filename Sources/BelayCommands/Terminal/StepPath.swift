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
    var start = 0
    // Where the key begins, if the segment ends with it.
    var bracket: Int?
    var (depth, last, place) = (0, UInt8(0), 0)
    var (isQuoted, isEscaped) = (false, false)
    func piece(_ end: Int) -> Substring {
      let bytes = text.utf8
      let first = bytes.index(bytes.startIndex, offsetBy: start)
      return text[first..<bytes.index(first, offsetBy: end - start)]
    }
    func visit(upTo end: Int) { body(piece(end), piece(last == UInt8(ascii: "]") ? bracket ?? end : end)) }
    for byte in text.utf8 {
      if !isQuoted, depth == 0, byte == UInt8(ascii: ".") {
        visit(upTo: place)
        (start, bracket) = (place + 1, nil)
      } else if isEscaped {
        isEscaped = false
      } else if isQuoted, byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\""), depth > 0 {
        isQuoted.toggle()
      } else if !isQuoted, byte == UInt8(ascii: "[") {
        bracket = bracket ?? place
        depth += 1
      } else if !isQuoted, byte == UInt8(ascii: "]"), depth > 0 {
        depth -= 1
      }
      last = byte
      place += 1
    }
    visit(upTo: place)
  }
}
