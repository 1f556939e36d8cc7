/// Texts put together of texts and numbers, written once into the room that they take.
enum JoinedText {
  typealias Bytes = UnsafeMutableBufferPointer<UInt8>

  static func of(_ first: String, _ second: String) -> String {
    String(unsafeUninitializedCapacity: first.utf8.count + second.utf8.count) { bytes in
      let middle = write(first, bytes, 0)
      return write(second, bytes, middle)
    }
  }

  /// Whether two texts, one behind the other, are a third. Texts are equal for Swift when their characters are, however
  /// those are written; of all that is plain ASCII, and of most that is not, the bytes alone tell.
  static func areEqual(_ first: String, _ second: String, to text: String) -> Bool {
    let middle = first.utf8.count
    let answer =
      comparison(first, text, from: 0) ?? comparison(second, text, from: middle)
      ?? (middle + second.utf8.count == text.utf8.count ? .equal : .different)
    switch answer {
    case .equal: return true
    case .different: return false
    case .undecided: return of(first, second) == text
    }
  }

  private enum Comparison { case equal, different, undecided }

  /// Nil when all of the part stands at that place of the text.
  private static func comparison(_ part: String, _ text: String, from start: Int) -> Comparison? {
    let found = part.utf8.withContiguousStorageIfAvailable { part in
      text.utf8.withContiguousStorageIfAvailable { text -> Comparison? in
        let count = min(part.count, text.count - start)
        guard let place = firstDifference(part, text, start, count) else {
          // All that the shorter one has is in the longer one, whose further characters are the difference.
          return count == part.count ? nil : .different
        }
        // No other character means the same as two different ones of ASCII, and nothing behind them changes them.
        return part[place] < 0x80 && text[start + place] < 0x80 ? .different : .undecided
      } ?? .undecided
    }
    return found ?? .undecided
  }

  private static func firstDifference(
    _ part: UnsafeBufferPointer<UInt8>, _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int
  ) -> Int? {
    var place = 0
    let (part, text) = (UnsafeRawBufferPointer(part), UnsafeRawBufferPointer(text))
    while place &+ 8 <= count {
      let difference =
        part.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        ^ text.loadUnaligned(fromByteOffset: start &+ place, as: UInt64.self)
      if difference != 0 { return place &+ UInt64(littleEndian: difference).trailingZeroBitCount >> 3 }
      place &+= 8
    }
    while place < count {
      if part[place] != text[start &+ place] { return place }
      place &+= 1
    }
    return nil
  }

  static func of(_ number: Int) -> String {
    String(unsafeUninitializedCapacity: length(of: number)) { write(number, $0, 0) }
  }

  /// All of the length that ``length(of:_:)`` says.
  static func of(_ parts: [Instruction.TextPart], _ frame: OperationLoop.Frame, _ length: Int) -> String {
    String(unsafeUninitializedCapacity: length) { bytes in
      var place = 0
      for part in parts {
        switch part {
        case .literal(let text): place = write(text, bytes, place)
        case .hole(let register):
          if case .text(let text) = frame[register.index] { place = write(text, bytes, place) }
          if case .int(let number) = frame[register.index] { place = write(number, bytes, place) }
        }
      }
      return place
    }
  }

  /// In bytes; nil for what is neither a text nor a number.
  static func length(of part: Instruction.TextPart, _ frame: OperationLoop.Frame) -> Int? {
    switch part {
    case .literal(let text): return text.utf8.count
    case .hole(let register):
      if case .text(let text) = frame[register.index] { return text.utf8.count }
      if case .int(let number) = frame[register.index] { return length(of: number) }
      return nil
    }
  }

  private static func length(of number: Int) -> Int {
    var rest = number.magnitude
    var length = number < 0 ? 2 : 1
    while rest >= 10 {
      rest /= 10
      length += 1
    }
    return length
  }

  private static func write(_ text: String, _ bytes: Bytes, _ place: Int) -> Int {
    let isWritten: Void? = text.utf8.withContiguousStorageIfAvailable { source in
      if let target = bytes.baseAddress, let start = source.baseAddress {
        (target + place).initialize(from: start, count: source.count)
      }
    }
    if isWritten == nil { for (offset, byte) in text.utf8.enumerated() { bytes[place + offset] = byte } }
    return place + text.utf8.count
  }

  private static func write(_ number: Int, _ bytes: Bytes, _ place: Int) -> Int {
    let end = place + length(of: number)
    var rest = number.magnitude
    var next = end - 1
    repeat {
      bytes[next] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
      next -= 1
    } while rest > 0
    if number < 0 { bytes[place] = UInt8(ascii: "-") }
    return end
  }
}
