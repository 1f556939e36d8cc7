/// Texts put together of texts and numbers, written once into the room that they take.
enum JoinedText {
  typealias Bytes = UnsafeMutableBufferPointer<UInt8>

  static func of(_ first: String, _ second: String) -> String {
    String(unsafeUninitializedCapacity: first.utf8.count + second.utf8.count) { bytes in
      let middle = write(first, bytes, 0)
      return write(second, bytes, middle)
    }
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
