import RunDriver
import RunEngine
import Synchronization
import Values

/// Shows a run while it goes on: takes observations from any thread, repaints in place on a terminal, adds lines
/// anywhere else.
package final class LivePainter: Sendable {
  private struct State {
    var progress: RunProgress
    var lines: RunLines
    var isFinished = false
    /// Whether somebody is being asked something below the last frame.
    var isPaused = false
    var ticker: Task<Void, Never>?

    /// What there is to show at the end; nil when that has been shown.
    mutating func close() -> RunProgress? {
      guard !isFinished else { return nil }
      isFinished = true
      ticker?.cancel()
      ticker = nil
      return progress
    }
  }
  private let state: Mutex<State>
  /// Taken before `state`, never after it. Held while a frame is drawn, which must not keep observers waiting.
  private let canvas = Mutex(TerminalCanvas())
  private let style: TerminalStyle
  private let writer: FileDescriptorWriter
  private let now: @Sendable () -> Instant

  /// `now` is the clock of the run's world. The first frame comes one tick after ``start(tick:)``.
  package init(
    id: RunID, style: TerminalStyle, writer: FileDescriptorWriter, now: @escaping @Sendable () -> Instant
  ) {
    self.style = style
    self.writer = writer
    self.now = now
    state = Mutex(State(progress: RunProgress(id: id), lines: RunLines(id: id, style: style)))
  }

  /// Repaints at every tick until ``finish()``. Without a terminal that can move its cursor it does nothing.
  package func start(tick: Duration = .milliseconds(100)) {
    guard style.isInteractive else { return }
    state.withLock { state in
      guard state.ticker == nil, !state.isFinished else { return }
      state.ticker = Task { [weak self] in
        while !Task.isCancelled {
          try? await Task.sleep(for: tick)
          guard let self, !Task.isCancelled else { return }
          self.paint()
        }
      }
    }
  }

  package func observe(_ observation: RunObservation) {
    state.withLock { state in
      state.progress.apply(observation)
      guard !style.isInteractive, !state.isFinished else { return }
      writer.write(state.lines.take(observation).map { $0 + "\n" }.joined())
    }
  }

  /// What a run that is taken up has behind it.
  func observe(_ records: [(Instant, JournalRecord)]) {
    state.withLock { state in for (at, record) in records { state.progress.apply(record, at: at) } }
  }

  /// What has been observed so far, for the summary.
  package var progress: RunProgress { state.withLock { $0.progress } }

  /// Leaves the last frame where it is and gives the cursor back, until ``resume()``.
  package func pause() {
    canvas.withLock { canvas in
      let progress = state.withLock { state in
        state.isPaused = true
        return state.isFinished ? nil : state.progress
      }
      guard let progress, style.isInteractive, progress.report.createdAt != nil else { return }
      writer.write(canvas.close(RunTree(progress, now: now(), style: currentStyle).fittedLines(), currentStyle))
      canvas = TerminalCanvas()
    }
  }

  package func resume() { state.withLock { $0.isPaused = false } }

  /// One frame now; what a tick does.
  package func paint() {
    guard style.isInteractive else { return }
    canvas.withLock { canvas in
      let progress = state.withLock { $0.isFinished || $0.isPaused ? nil : $0.progress }
      guard let progress, progress.report.createdAt != nil else { return }
      let style = currentStyle
      writer.write(canvas.repaint(RunTree(progress, now: now(), style: style).fittedLines(), style))
    }
  }

  /// Leaves everything that happened on the screen, unfolded, and gives the cursor back. Later observations are not
  /// shown. To be called however the run ended; a second time does nothing.
  package func finish() {
    canvas.withLock { canvas in
      let progress = state.withLock { $0.close() }
      guard let progress, style.isInteractive else { return }
      let style = currentStyle
      let isEmpty = progress.report.createdAt == nil
      let lines = isEmpty ? [] : RunTree(progress, now: now(), style: style).wholeLines()
      writer.write(canvas.close(lines, style))
    }
  }

  /// The terminal's size may change at any time. One column stays free: a terminal whose last column is written may
  /// wrap.
  private var currentStyle: TerminalStyle {
    var style = style
    if let size = TerminalSize.of(writer.fd) { (style.width, style.height) = (size.width, size.height) }
    style.width = max(1, style.width - 1)
    return style
  }
}

/// What of a terminal is painted over again and again: the bytes that replace one frame by the next. Pure.
struct TerminalCanvas: Sendable {
  private var previous: [StyledLine] = []
  private var isHidden = false

  /// Empty when the frame is the one that stands there.
  mutating func repaint(_ lines: [StyledLine], _ style: TerminalStyle) -> String {
    guard lines != previous || !isHidden else { return "" }
    let hide = isHidden ? "" : "\u{1B}[?25l"
    isHidden = true
    return hide + replace(by: lines, style)
  }

  mutating func close(_ lines: [StyledLine], _ style: TerminalStyle) -> String {
    let show = isHidden ? "\u{1B}[?25h" : ""
    isHidden = false
    return replace(by: lines, style) + show
  }

  /// Up to where the last frame began, then each line after clearing its row, then clear what is below.
  private mutating func replace(by lines: [StyledLine], _ style: TerminalStyle) -> String {
    // A terminal that got narrower has broken the lines that it showed.
    let columns = style.width + 1
    let rows = previous.reduce(0) { $0 + max(1, ($1.width + columns - 1) / columns) }
    previous = lines
    var text = rows > 0 ? "\r\u{1B}[\(rows)A" : "\r"
    for line in lines { text += "\u{1B}[2K\(line.clipped(to: style.width).text(style))\r\n" }
    return text + "\u{1B}[J"
  }
}
