#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How lines may look where they are shown.
package struct TerminalStyle: Hashable, Sendable {
  package var colour: Bool
  package var unicode: Bool
  /// In cells.
  package var width: Int
  package var height: Int
  /// Whether the cursor can be moved: a terminal that is not dumb.
  package var isInteractive: Bool

  package init(colour: Bool, unicode: Bool, width: Int, height: Int, isInteractive: Bool) {
    self.colour = colour
    self.unicode = unicode
    self.width = width
    self.height = height
    self.isInteractive = isInteractive
  }

  /// What the descriptor and the environment allow: `TERM`, `NO_COLOR`, the locale, and `COLUMNS` and `LINES` where
  /// there is no terminal to ask.
  package static func detect(fd: Int32, environment: [String: String]) -> TerminalStyle {
    let terminal = environment["TERM"] ?? ""
    let isInteractive = isatty(fd) == 1 && terminal != "dumb" && !terminal.isEmpty
    let size = TerminalSize.of(fd)
    let isPlain = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    return TerminalStyle(
      colour: isInteractive && !isPlain,
      unicode: terminal != "linux" && isUTF8(environment),
      width: size?.width ?? positive(environment["COLUMNS"]) ?? 100,
      height: size?.height ?? positive(environment["LINES"]) ?? 24,
      isInteractive: isInteractive)
  }

  /// The first of the three that is set decides, as the C library has it.
  private static func isUTF8(_ environment: [String: String]) -> Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    let lowered = locale.lowercased()
    return lowered.contains("utf-8") || lowered.contains("utf8")
  }

  private static func positive(_ text: String?) -> Int? { text.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } }
}

package struct TerminalSize: Hashable, Sendable {
  package let width: Int
  package let height: Int

  package init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Nil when the descriptor is no terminal, or one that does not know its size.
  package static func of(_ fd: Int32) -> TerminalSize? {
    var size = winsize()
    guard ioctl(fd, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
    return TerminalSize(width: Int(size.ws_col), height: Int(size.ws_row))
  }
}
