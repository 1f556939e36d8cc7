/// The table of docs/architecture.md: what each target may import. The page is the data; this reads it.
struct ArrowTable {
  struct Row {
    let target: String
    let layer: Int
    /// The line in the page.
    let line: Int
    let internals: [String]
    let outside: [String]
  }
  static let page = "docs/architecture.md"
  private(set) var rows: [Row] = []

  /// Reads `| \`Target\` | layer | what it is | may import | from outside |`; other tables have other columns.
  init(_ text: String) {
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map(String.init)
      guard cells.count == 5, let target = ArrowTable.names(cells[0]).first, let layer = ArrowTable.number(cells[1])
      else { continue }
      rows.append(
        Row(
          target: target, layer: layer, line: index + 1, internals: ArrowTable.names(cells[3]),
          outside: ArrowTable.names(cells[4])))
    }
  }

  func row(_ target: String) -> Row? { rows.first { $0.target == target } }

  /// The words between backquotes.
  private static func names(_ cell: String) -> [String] { cell.matches(of: /`(\w+)`/).map { String($0.1) } }

  private static func number(_ cell: String) -> Int? {
    cell.firstMatch(of: /^\s*(\d+)\s*$/).flatMap { Int($0.1) }
  }
}
