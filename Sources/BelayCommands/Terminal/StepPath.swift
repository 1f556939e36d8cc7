import RunEngine

/// A step address taken apart at its dots: `fleet["a","b"].vm["ein-1"].eip` is fleet with a key, vm with a key, eip.
struct StepPath: Sendable {
  struct Segment: Hashable, Sendable {
    let name: String
    /// With its brackets; nil when the segment is no round of a loop.
    let key: String?
    var text: String { name + (key ?? "") }

    fileprivate init(_ piece: Substring) {
      guard let bracket = piece.utf8.firstIndex(of: UInt8(ascii: "[")), piece.utf8.last == UInt8(ascii: "]") else {
        (name, key) = (String(piece), nil)
        return
      }
      (name, key) = (String(piece[..<bracket]), String(piece[bracket...]))
    }
  }
  let segments: [Segment]

  init(_ address: StepAddress) { self.init(address.text) }

  /// Long plans take tens of thousands apart: by bytes, since all that has a meaning is ASCII.
  init(_ text: String) {
    var segments: [Segment] = []
    var start = text.startIndex
    var depth = 0
    var (isQuoted, isEscaped) = (false, false)
    for index in text.utf8.indices {
      let byte = text.utf8[index]
      if !isQuoted, depth == 0, byte == UInt8(ascii: ".") {
        segments.append(Segment(text[start..<index]))
        start = text.utf8.index(after: index)
      } else if isEscaped {
        isEscaped = false
      } else if isQuoted, byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\""), depth > 0 {
        isQuoted.toggle()
      } else if !isQuoted, byte == UInt8(ascii: "[") {
        depth += 1
      } else if !isQuoted, byte == UInt8(ascii: "]"), depth > 0 {
        depth -= 1
      }
    }
    self.segments = segments + [Segment(text[start...])]
  }
}
