import RunEngine

/// A step address taken apart at its dots: `fleet["a","b"].vm["ein-1"].eip` is fleet with a key, vm with a key, eip.
struct StepPath: Sendable {
  struct Segment: Hashable, Sendable {
    let name: String
    /// With its brackets; nil when the segment is no round of a loop.
    let key: String?
    var text: String { name + (key ?? "") }
  }
  let segments: [Segment]

  init(_ address: StepAddress) {
    var pieces: [String] = [""]
    var depth = 0
    var isQuoted = false
    var isEscaped = false
    for character in address.text {
      if !isQuoted, depth == 0, character == "." {
        pieces.append("")
        continue
      }
      pieces[pieces.count - 1].append(character)
      if isEscaped {
        isEscaped = false
      } else if isQuoted, character == "\\" {
        isEscaped = true
      } else if character == "\"", depth > 0 {
        isQuoted.toggle()
      } else if !isQuoted {
        depth += character == "[" ? 1 : character == "]" && depth > 0 ? -1 : 0
      }
    }
    segments = pieces.map { piece in
      guard let bracket = piece.firstIndex(of: "["), piece.hasSuffix("]") else { return Segment(name: piece, key: nil) }
      return Segment(name: String(piece[..<bracket]), key: String(piece[bracket...]))
    }
  }
}
