import EmulatorServer
import RunPlanner
import Synchronization
import Values

/// How far a drill is, on a terminal: a bar with the time that is left, painted over in place. Nothing anywhere else.
final class DrillMeter: Sendable {
  private struct State {
    var paintedAt: Instant?
    var startedAt: Instant?
    var depth = 0
    var isShown = false
  }
  /// A drill that ends sooner shows nothing.
  private static let patience = Duration.milliseconds(400)
  private static let tick = Duration.milliseconds(100)
  private static let cells = 30

  private let context: CommandContext
  private let now: @Sendable () -> Instant
  private let state = Mutex(State())

  init(_ context: CommandContext, now: @escaping @Sendable () -> Instant = WallClock.now) {
    self.context = context
    self.now = now
  }

  func show(_ progress: Drill.Progress) {
    guard context.errorStyle.isInteractive else { return }
    let now = now()
    let line = state.withLock { state -> String? in
      if state.depth != progress.depth { (state.depth, state.startedAt, state.paintedAt) = (progress.depth, now, nil) }
      guard let start = state.startedAt, now - start >= DrillMeter.patience,
        state.paintedAt.map({ now - $0 >= DrillMeter.tick }) ?? true
      else { return nil }
      (state.paintedAt, state.isShown) = (now, true)
      return DrillMeter.line(progress, elapsed: now - start, context.errorStyle)
    }
    if let line { context.error.write("\r\u{1B}[2K\(line)") }
  }

  func finish() {
    if state.withLock({ $0.isShown }) { context.error.write("\r\u{1B}[2K") }
  }

  /// `drill  ━━━━━━━━━╌╌╌╌╌  1204 of 3800 · 12.3s left`
  static func line(_ progress: Drill.Progress, elapsed: Duration, _ style: TerminalStyle) -> String {
    let share = progress.total == 0 ? 1 : Double(progress.done) / Double(progress.total)
    let full = Int(share * Double(cells))
    let (done, open) = style.unicode ? ("━", "╌") : ("#", ".")
    var line = StyledLine("drill ")
    if progress.depth > 1 { line.add("the ways back ") }
    line.add(" " + String(repeating: done, count: full), .good)
    line.add(String(repeating: open, count: cells - full) + "  ", .dim)
    line.add("\(progress.done) of \(progress.total)")
    if progress.done > 0 {
      let left = Double(elapsed.milliseconds) * Double(progress.total - progress.done) / Double(progress.done)
      line.add(" · \(Duration.milliseconds(Int64(left)).watchText) left", .dim)
    }
    return line.clipped(to: max(1, style.width - 1)).text(style)
  }
}
