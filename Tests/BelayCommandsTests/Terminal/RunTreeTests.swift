import Diagnostics
import RunEngine
import Testing
import Values

@testable import BelayCommands

@Suite struct RunTreeTests {
  private func style(_ width: Int, _ height: Int = 100, unicode: Bool = true) -> TerminalStyle {
    TerminalStyle(colour: false, unicode: unicode, width: width, height: height, isInteractive: true)
  }

  private func tree(_ script: RunScript, at second: Double, _ style: TerminalStyle) -> RunTree {
    RunTree(script.progress(until: second), now: RunScript.time(second), style: style)
  }

  private func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }

  @Test(arguments: [40, 80, 120]) func midway(width: Int) {
    Golden.check("tree-midway-\(width)", text(tree(RunSamples.success(), at: 12.3, style(width)).fitted()))
  }

  @Test(arguments: [40, 80, 120]) func success(width: Int) {
    Golden.check("tree-success-\(width)", text(tree(RunSamples.success(), at: 60, style(width)).whole()))
  }

  @Test func undoing() {
    Golden.check("tree-undoing-100", text(tree(RunSamples.undoing(), at: 37, style(100)).fitted()))
  }

  @Test func rolledBack() {
    Golden.check("tree-rolled-back-100", text(tree(RunSamples.rolledBack(), at: 60, style(100)).whole()))
  }

  @Test func needsAttention() {
    Golden.check("tree-needs-attention-100", text(tree(RunSamples.needsAttention(), at: 60, style(100)).whole()))
  }

  @Test(arguments: [40, 80, 120]) func oddities(width: Int) {
    Golden.check("tree-oddities-\(width)", text(tree(RunSamples.oddities(), at: 2.5, style(width)).fitted()))
  }

  @Test func wideNames() {
    let script = RunSamples.success(zones: ["杭州一区", "上海二区"])
    Golden.check("tree-cjk-80", text(tree(script, at: 22, style(80)).fitted()))
  }

  @Test func asciiOnly() {
    Golden.check("tree-ascii-80", text(tree(RunSamples.undoing(), at: 37, style(80, unicode: false)).fitted()))
  }

  @Test(arguments: [30, 24, 18, 14, 10, 6]) func foldsToFit(height: Int) {
    let lines = tree(RunSamples.success(), at: 18.6, style(80, height)).fitted()
    #expect(lines.count < height)
    Golden.check("tree-folded-\(height)", text(lines))
  }

  @Test func foldsTheUndoToFit() {
    let lines = tree(RunSamples.undoing(), at: 37, style(100, 18)).fitted()
    #expect(lines.count < 18)
    Golden.check("tree-undoing-folded-18", text(lines))
  }

  @Test func colour() {
    var style = style(80)
    style.colour = true
    Golden.check("tree-colour-80", text(tree(RunSamples.undoing(), at: 37, style).fitted()))
  }

  /// At no moment and in no size is a line too wide or a frame too high.
  @Test(arguments: [1, 7, 39, 71, 72]) func neverExceedsTheTerminal(width: Int) {
    for script in [RunSamples.success(zones: ["杭州一区", "上海二区"]), RunSamples.rolledBack(), RunSamples.oddities()] {
      for second in stride(from: 0.0, through: 46, by: 4.1) {
        for height in [3, 9, 17, 60] {
          let lines = tree(script, at: second, style(width, height)).fittedLines()
          #expect(lines.allSatisfy { $0.width <= width })
          #expect(lines.count < height)
        }
      }
    }
  }

  @Test func columnsStandStillWhileValuesChange() {
    let first = tree(RunSamples.success(), at: 12.3, style(100)).fitted()
    let second = tree(RunSamples.success(), at: 13.1, style(100)).fitted()
    #expect(first.count == second.count)
    for (before, after) in zip(first, second) {
      #expect(before.firstIndex(of: "C")?.utf16Offset(in: before) == after.firstIndex(of: "C")?.utf16Offset(in: after))
    }
  }
}
