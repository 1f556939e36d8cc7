import Diagnostics

/// How a piece of a line is drawn where colour is allowed.
enum Ink: Sendable {
  case plain, bold, dim, good, bad, warning, accent

  fileprivate var code: String {
    switch self {
    case .plain: ""
    case .bold: "1"
    case .dim: "2"
    case .good: "32"
    case .bad: "31"
    case .warning: "33"
    case .accent: "36"
    }
  }
}

/// One line for a terminal, measured in cells. Control characters never get into it.
struct StyledLine: Hashable, Sendable {
  private struct Piece: Hashable, Sendable {
    let text: String
    let ink: Ink
  }
  private var pieces: [Piece] = []
  private(set) var width = 0

  init() {}
  init(_ text: String, _ ink: Ink = .plain) { add(text, ink) }

  var isEmpty: Bool { width == 0 }

  mutating func add(_ text: String, _ ink: Ink = .plain) {
    guard !text.isEmpty else { return }
    // Most of what is shown is plain ASCII, of which each byte is a cell.
    let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    let clean = isPlain ? text : StyledLine.cleaned(text)
    pieces.append(Piece(text: clean, ink: ink))
    width += isPlain ? clean.utf8.count : displayWidth(clean)
  }

  mutating func add(_ other: StyledLine) {
    pieces += other.pieces
    width += other.width
  }

  mutating func pad(to column: Int) { if column > width { add(String(repeating: " ", count: column - width)) } }

  /// Cut to a number of cells, ending in `…` where something was left out.
  func clipped(to limit: Int) -> StyledLine {
    guard width > limit else { return self }
    var line = StyledLine()
    for piece in pieces {
      let room = limit - line.width
      if displayWidth(piece.text) < room {
        line.add(piece.text, piece.ink)
      } else {
        // The space makes a piece that just fits be cut too: something follows it.
        line.add(Diagnostics.clipped(piece.text + "  ", to: room), piece.ink)
        break
      }
    }
    return line
  }

  /// Over as many lines as it needs, cut at spaces but those of U+00A0; further lines stand in by two.
  func wrapped(to limit: Int) -> [StyledLine] {
    var lines: [StyledLine] = []
    var line = StyledLine()
    for piece in pieces {
      for (index, part) in piece.text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
        // A space that holds two words together has done its work here.
        let word = String(part).replacing("\u{A0}", with: " ")
        let gap = index == 0 ? "" : " "
        if index > 0, line.width + 1 + displayWidth(word) > limit, line.width > 2 {
          lines.append(line)
          line = StyledLine("  ")
          line.add(word, piece.ink)
        } else {
          line.add(gap + word, piece.ink)
        }
      }
    }
    return lines + [line]
  }

  /// Without a line end and without spaces at the end.
  func text(_ style: TerminalStyle) -> String {
    var text = ""
    let last = pieces.lastIndex { $0.text.contains { $0 != " " } } ?? -1
    for (index, piece) in pieces.prefix(last + 1).enumerated() {
      var shown = style.unicode ? piece.text : StyledLine.inASCII(piece.text)
      if index == last { shown.removeLast(shown.reversed().prefix { $0 == " " }.count) }
      text += style.colour && piece.ink != .plain ? "\u{1B}[\(piece.ink.code)m\(shown)\u{1B}[0m" : shown
    }
    return text
  }

  /// What the cloud and the author say may hold line ends, escape sequences and marks that turn the direction.
  private static func cleaned(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnruly) else { return text }
    var clean = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { clean.append(isUnruly(scalar) ? " " : scalar) }
    return String(clean)
  }

  private static func isUnruly(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  private static func inASCII(_ text: String) -> String { String(text.map { asciiByGlyph[$0] ?? $0 }) }

  /// One cell for one cell, so that widths stay true.
  private static let asciiByGlyph: [Character: Character] = [
    "≈": "~", "→": ">", "−": "-", "◷": "o", "‼": "!", "✓": "+", "✗": "x", "↺": "<", "↩": "-", "•": ".", "⚑": "*",
    "…": "~", "·": "-", "×": "x", "–": "-", "▾": "v",
    "⠋": "|", "⠙": "/", "⠹": "-", "⠸": "\\", "⠼": "|", "⠴": "/", "⠦": "-", "⠧": "\\", "⠇": "|", "⠏": "/",
  ]
}

extension [StyledLine] {
  /// Each line with its line end.
  func text(_ style: TerminalStyle) -> String { map { $0.text(style) + "\n" }.joined() }
}
