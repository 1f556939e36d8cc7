import Diagnostics

/// Columns aligned by what people see: wide characters count as two cells.
package struct TextTable: Sendable {
  package enum Alignment: Sendable { case left, right }
  package struct Column: Sendable {
    package let title: String
    package let alignment: Alignment
    /// Whether it gives way, down to 8 cells, when the table is wider than it may be.
    package let isFlexible: Bool

    package init(_ title: String, _ alignment: Alignment = .left, isFlexible: Bool = false) {
      self.title = title
      self.alignment = alignment
      self.isFlexible = isFlexible
    }
  }
  private static let gap = 2
  private static let narrowest = 8
  private let columns: [Column]
  private var rows: [[String]] = []

  package init(_ columns: [Column]) { self.columns = columns }

  /// Cells that are missing are empty; cells too many are left out.
  package mutating func add(_ cells: [String]) {
    rows.append(columns.indices.map { cells.indices.contains($0) ? cells[$0] : "" })
  }

  /// The titles, then the rows; never wider than the style says where the descriptor is a terminal.
  package func lines(_ style: TerminalStyle) -> [String] {
    let widths = widths(in: style)
    var titles = StyledLine()
    for piece in pieces(columns.map(\.title), widths) { titles.add(piece, .dim) }
    let body = rows.map { row in
      pieces(row, widths).reduce(into: StyledLine()) { $0.add($1) }
    }
    return ([titles] + body).map { (style.isInteractive ? $0.clipped(to: style.width) : $0).text(style) }
  }

  private func widths(in style: TerminalStyle) -> [Int] {
    var widths = columns.indices.map { column in
      max(displayWidth(columns[column].title), rows.map { displayWidth($0[column]) }.max() ?? 0)
    }
    guard style.isInteractive else { return widths }
    var excess = widths.reduce(0, +) + TextTable.gap * max(0, columns.count - 1) - style.width
    while excess > 0,
      let widest = columns.indices.filter({ columns[$0].isFlexible && widths[$0] > TextTable.narrowest })
        .max(by: { widths[$0] < widths[$1] })
    {
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }

  private func pieces(_ cells: [String], _ widths: [Int]) -> [String] {
    columns.indices.map { column in
      let text = clipped(cells[column], to: widths[column])
      let room = String(repeating: " ", count: max(0, widths[column] - displayWidth(text)))
      let gap = column == columns.count - 1 ? "" : String(repeating: " ", count: TextTable.gap)
      return columns[column].alignment == .left ? text + room + gap : room + text + gap
    }
  }
}
