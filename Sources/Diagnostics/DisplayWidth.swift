/// How many terminal cells a text takes: wide East Asian characters and emoji take two, combining marks none.
package func displayWidth(_ text: some StringProtocol) -> Int {
  // What a problem spans may be a whole line of many kilobytes, and a line may have a thousand problems.
  if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text.utf8.count }
  return text.reduce(0) { $0 + displayWidth($1) }
}

package func displayWidth(_ character: Character) -> Int {
  // What a category costs to find out is most of the work of an excerpt, and most characters are plain.
  if let byte = character.asciiValue, (0x20..<0x7F).contains(byte) { return 1 }
  guard let first = character.unicodeScalars.first else { return 0 }
  if first.value < 0x20 || first.value == 0x7F { return 0 }
  if character.unicodeScalars.contains(where: { $0.value == 0xFE0F }) { return 2 }
  switch first.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format: return 0
  default: return isWide(first.value) ? 2 : 1
  }
}

/// Unicode's East Asian Width W and F, by block.
private func isWide(_ value: UInt32) -> Bool {
  switch value {
  case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
    0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
    true
  default: false
  }
}

/// The text padded with spaces to a number of terminal cells; never cut.
package func padded(_ text: String, to width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - displayWidth(text)))
}

/// The text cut to a number of terminal cells, ending in `…` where something was left out.
package func clipped(_ text: String, to width: Int) -> String {
  guard displayWidth(text) > width else { return text }
  var used = 0
  var result = ""
  for character in text {
    let next = displayWidth(character)
    if used + next > width - 1 { break }
    used += next
    result.append(character)
  }
  return width > 0 ? result + "…" : ""
}
