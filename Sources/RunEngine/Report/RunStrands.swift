import Values

/// Which steps of a run can have waited for which: rounds of one loop that were under way at the same time did not wait
/// for each other. What is undone goes back through rounds of its own.
struct RunStrands {
  /// Of all spans one after the other, a round and those around it, outermost first, by their number in `rounds`.
  private var paths: [Int] = []
  /// Where in `paths` that of each span ends.
  private var ends: [Int] = []
  private struct Round {
    /// The loop that it is a round of, with what is around that.
    let loop: Substring
    var from: Instant
    var to: Instant
  }
  private var rounds: [Round] = []

  init(_ spans: [RunWhy.Span]) {
    var numbers: [Substring: Int] = [:]
    for span in spans {
      let text = span.kind == .undo ? "undo " + span.address.text : span.address.text
      for (round, loop) in RunStrands.rounds(of: text) {
        let number = numbers[round] ?? rounds.count
        if number == rounds.count {
          numbers[round] = number
          rounds.append(Round(loop: loop, from: span.from, to: span.to))
        }
        rounds[number].from = min(rounds[number].from, span.from)
        rounds[number].to = max(rounds[number].to, span.to)
        paths.append(number)
      }
      ends.append(paths.count)
    }
  }

  private func path(_ span: Int) -> ArraySlice<Int> { paths[(span == 0 ? 0 : ends[span - 1])..<ends[span]] }

  func mayFollow(_ later: Int, _ earlier: Int) -> Bool {
    for (one, other) in zip(path(later), path(earlier)) where one != other {
      guard rounds[one].loop == rounds[other].loop else { return true }
      return rounds[one].from >= rounds[other].to || rounds[other].from >= rounds[one].to
    }
    return true
  }

  /// Of `fleet["a"].vm["b"].eip`: `fleet["a"]` of `fleet`, and `fleet["a"].vm["b"]` of `fleet["a"].vm`.
  private static func rounds(of address: String) -> [(round: Substring, loop: Substring)] {
    var found: [(round: Substring, loop: Substring)] = []
    guard address.utf8.contains(UInt8(ascii: "[")) else { return found }
    var (open, depth, isQuoted, isEscaped) = (address.startIndex, 0, false, false)
    for index in address.utf8.indices {
      let byte = address.utf8[index]
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\"), isQuoted {
        isEscaped = true
      } else if byte == UInt8(ascii: "\""), depth > 0 {
        isQuoted.toggle()
      } else if !isQuoted, byte == UInt8(ascii: "[") {
        if depth == 0 { open = index }
        depth += 1
      } else if !isQuoted, byte == UInt8(ascii: "]"), depth > 0 {
        depth -= 1
        if depth == 0 { found.append((address[...index], address[..<open])) }
      }
    }
    return found
  }
}
