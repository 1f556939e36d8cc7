import RunEngine

/// A step address taken apart at its dots: `fleet["a","b"].vm["ein-1"].eip` is fleet with a key, vm with a key, eip.
struct StepPath: Sendable {
  struct Segment: Hashable, Sendable {
    let name: String
    /// With its brackets; nil when the segment is no round of a loop.
    let key: String?
    var text: String { name + (key ?? "") }

    fileprivate init(_ piece: Slice<UnsafeBufferPointer<UInt8>>) {
      guard piece.last == UInt8(ascii: "]"), let bracket = piece.firstIndex(of: UInt8(ascii: "[")) else {
        (name, key) = (String(decoding: piece, as: UTF8.self), nil)
        return
      }
      name = String(decoding: piece[..<bracket], as: UTF8.self)
      key = String(decoding: piece[bracket...], as: UTF8.self)
    }
  }
  let segments: [Segment]

  init(_ address: StepAddress) { self.init(address.text) }

  /// Long plans take a hundred thousand apart: by bytes, since all that has a meaning is ASCII.
  init(_ text: String) {
    var text = text
    segments = text.withUTF8 { bytes in
      var segments: [Segment] = []
      var start = 0
      var depth = 0
      var (isQuoted, isEscaped) = (false, false)
      for (index, byte) in bytes.enumerated() {
        if !isQuoted, depth == 0, byte == UInt8(ascii: ".") {
          segments.append(Segment(bytes[start..<index]))
          start = index + 1
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
      segments.append(Segment(bytes[start...]))
      return segments
    }
  }
}
