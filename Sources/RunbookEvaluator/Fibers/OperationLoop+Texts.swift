import RunbookSyntax
import Values

/// What texts come to: sums, and what interpolation puts together.
extension OperationLoop {
  /// Texts are joined so often that they have a way of their own.
  @inline(__always) func add(
    _ left: Frame, _ right: Frame, _ result: Frame, _ fuel: inout Int
  ) throws(ProgramProblem) {
    if case .int(let a) = left.pointee, case .int(let b) = right.pointee {
      let (sum, overflow) = a.addingReportingOverflow(b)
      if !overflow { return result.put(.int(sum), 0) }
    }
    guard left != right, left != result, right != result else {
      return result.put(try sum(left.pointee, right.pointee, &fuel), 0)
    }
    let value = try looking(at: left) { left throws(ProgramProblem) in
      try looking(at: right) { right throws(ProgramProblem) in
        if case .text(let first) = left, case .text(let second) = right {
          return Value.text(try joined(first, second, result, &fuel))
        }
        return try sum(left, right, &fuel)
      }
    }
    result.put(value, 0)
  }

  /// Where a round of a loop leaves a text that nobody else has, the next round writes its own into the same room.
  private func joined(
    _ first: String, _ second: String, _ result: Frame, _ fuel: inout Int
  ) throws(ProgramProblem) -> String {
    let length = first.utf8.count + second.utf8.count
    guard length <= Builtins.maximumTextLength else { throw Operators.textTooLong }
    fuel -= length >> 4
    var text = length <= OperationLoop.reusedLength ? emptied(result) : ""
    text.reserveCapacity(length)
    text.append(first)
    text.append(second)
    return text
  }

  private func emptied(_ place: Frame) -> String {
    defer { place.initialize(to: .null) }
    // Taken out of its register, so that the room is this function's alone.
    guard case .text(var text) = place.move(), text.utf8.count <= OperationLoop.reusedLength else { return "" }
    text.removeAll(keepingCapacity: true)
    return text
  }

  private func sum(_ left: Value, _ right: Value, _ fuel: inout Int) throws(ProgramProblem) -> Value {
    let sum = try Operators.apply(.add, left, right)
    fuel -= sum.size
    return sum
  }

  /// Whether the sum of two is a third. Of texts the sum is not made for it.
  @inline(__always) func isSum(
    _ left: Frame, _ right: Frame, _ wanted: Frame, _ fuel: inout Int
  ) throws(ProgramProblem) -> Bool {
    if case .int(let a) = left.pointee, case .int(let b) = right.pointee, case .int(let c) = wanted.pointee {
      let (sum, overflow) = a.addingReportingOverflow(b)
      if !overflow { return sum == c }
    }
    return try looking(at: left) { left throws(ProgramProblem) in
      try looking(at: right) { right throws(ProgramProblem) in
        try looking(at: wanted) { wanted throws(ProgramProblem) in
          guard case .text(let first) = left, case .text(let second) = right, case .text(let text) = wanted else {
            return try Operators.holds(.equal, try sum(left, right, &fuel), wanted)
          }
          let length = first.utf8.count + second.utf8.count
          guard length <= Builtins.maximumTextLength else { throw Operators.textTooLong }
          fuel -= length >> 4
          return JoinedText.areEqual(first, second, to: text)
        }
      }
    }
  }

  func textOf(_ value: Frame) throws(ProgramProblem) -> Value {
    if case .int(let number) = value.pointee { return .text(JoinedText.of(number)) }
    return try Operators.call(Builtins.Known.text, [value.pointee])
  }

  @inline(__always) func shown(_ value: Frame, _ fuel: inout Int) throws(ProgramProblem) -> Value {
    if case .int(let number) = value.pointee { return .text(JoinedText.of(number)) }
    return try concealed([value.pointee], &fuel)
  }

  /// A text with a secret in it is secret.
  func text(_ parts: [Instruction.TextPart], _ frame: Frame, _ fuel: inout Int) throws(ProgramProblem) -> Value {
    var length = 0
    for part in parts {
      guard let piece = JoinedText.length(of: part, frame) else { return try mixedText(parts, frame, &fuel) }
      length += piece
    }
    guard length <= Builtins.maximumTextLength else { throw Operators.textTooLong }
    fuel -= length >> 4
    return .text(JoinedText.of(parts, frame, length))
  }

  /// The same when more than texts and numbers stand in it.
  private func mixedText(
    _ parts: [Instruction.TextPart], _ frame: Frame, _ fuel: inout Int
  ) throws(ProgramProblem) -> Value {
    let pieces = parts.map { part -> Value in
      switch part {
      case .literal(let text): .text(text)
      case .hole(let register): frame[register.index]
      }
    }
    return try concealed(pieces, &fuel)
  }

  private func concealed(_ pieces: [Value], _ fuel: inout Int) throws(ProgramProblem) -> Value {
    var text = ""
    var secret: String?
    for piece in pieces {
      if piece.holdsSecret { secret = secret ?? Operators.secretName(piece) ?? "secret" }
      text += piece.revealed.display
    }
    guard text.utf8.count <= Builtins.maximumTextLength else { throw Operators.textTooLong }
    fuel -= text.utf8.count >> 4
    return secret.map { .secret(Secret(name: $0, text: text)) } ?? .text(text)
  }
}
