import Foundation
import RunDriver
import RunEngine
import Synchronization
import Testing
import Values

@testable import BelayCommands

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A pipe whose far end the test reads.
private struct Pipe {
  let readEnd: Int32
  let writeEnd: Int32

  init?() {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  /// Returns as soon as there is something to read. Waits in a thread of its own: the ticker that is waited for needs
  /// those of the tasks.
  func hasBytes() async -> Bool {
    await withCheckedContinuation { continuation in
      Thread { [readEnd] in
        var request = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        continuation.resume(returning: poll(&request, 1, -1) == 1)
      }.start()
    }
  }

  /// Everything written so far; closes the writing end.
  func drained() -> String {
    close(writeEnd)
    defer { close(readEnd) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = read(readEnd, &buffer, buffer.count), count > 0 { bytes += buffer.prefix(count) }
    return String(decoding: bytes, as: UTF8.self)
  }
}

@Suite struct LivePainterTests {
  private func style(isInteractive: Bool) -> TerminalStyle {
    TerminalStyle(colour: false, unicode: true, width: 81, height: 30, isInteractive: isInteractive)
  }

  @Test func repaintsInPlaceAndLeavesTheWholeTree() throws {
    let pipe = try #require(Pipe())
    let clock = Mutex(RunScript.start)
    let painter = LivePainter(
      id: RunScript.id, style: style(isInteractive: true), writer: FileDescriptorWriter(fd: pipe.writeEnd),
      now: { clock.withLock { $0 } })
    painter.paint()
    for (second, observation) in RunSamples.success().observations {
      painter.observe(observation)
      guard second == 0 || second == 0.4 else { continue }
      clock.withLock { $0 = RunScript.time(second) }
      painter.paint()
      painter.paint()
    }
    painter.finish()
    painter.finish()
    painter.paint()
    let text = pipe.drained().replacing("\u{1B}", with: "␛").replacing("\r", with: "␍")
    Golden.check("painter-80", text)
    #expect(text.hasSuffix("␛[J␛[?25h"))
  }

  @Test func addsLinesWhereTheCursorCannotMove() throws {
    let pipe = try #require(Pipe())
    let painter = LivePainter(
      id: RunScript.id, style: style(isInteractive: false), writer: FileDescriptorWriter(fd: pipe.writeEnd),
      now: { RunScript.start })
    painter.start()
    for (_, observation) in RunSamples.success().observations { painter.observe(observation) }
    painter.finish()
    Golden.check("lines-success", pipe.drained())
  }

  @Test func ticksPaint() async throws {
    let pipe = try #require(Pipe())
    let painter = LivePainter(
      id: RunScript.id, style: style(isInteractive: true), writer: FileDescriptorWriter(fd: pipe.writeEnd),
      now: { RunScript.start })
    if let first = RunSamples.success().observations.first { painter.observe(first.observation) }
    painter.start(tick: .zero)
    let ready = await pipe.hasBytes()
    painter.finish()
    #expect(ready)
    #expect(pipe.drained().contains("ecm.web_fleet 1.0.0"))
  }

  @Test func aReaderThatWentAwayIsNoProblem() throws {
    let pipe = try #require(Pipe())
    close(pipe.readEnd)
    let writer = FileDescriptorWriter(fd: pipe.writeEnd)
    writer.write("nobody reads this\n")
    #expect(writer.isBroken)
    writer.write("nor this\n")
    close(pipe.writeEnd)
  }

  @Test func clearsTheRowsThatANarrowerTerminalHasBroken() {
    var canvas = TerminalCanvas()
    var style = style(isInteractive: true)
    style.width = 80
    let line = StyledLine(String(repeating: "x", count: 80))
    _ = canvas.repaint([line, StyledLine("y")], style)
    style.width = 39
    #expect(canvas.repaint([StyledLine("z")], style) == "\r\u{1B}[3A\u{1B}[2Kz\r\n\u{1B}[J")
    #expect(canvas.repaint([StyledLine("z")], style).isEmpty)
  }

  @Test func styleFollowsTheEnvironment() throws {
    let pipe = try #require(Pipe())
    let environment = ["TERM": "xterm", "LANG": "zh_CN.UTF-8", "COLUMNS": "66", "LINES": "0"]
    var style = TerminalStyle.detect(fd: pipe.writeEnd, environment: environment)
    #expect(style == TerminalStyle(colour: false, unicode: true, width: 66, height: 24, isInteractive: false))
    style = TerminalStyle.detect(fd: pipe.writeEnd, environment: ["LC_ALL": "C", "LANG": "en_GB.UTF-8"])
    #expect(!style.unicode)
    _ = pipe.drained()
  }

  @Test func whatTheCloudSaysCannotMoveTheCursor() {
    let style = style(isInteractive: true)
    #expect(StyledLine("a\u{1B}[2Jb\nc\u{202E}d").text(style) == "a [2Jb c d")
  }
}

@Suite struct StepPathTests {
  @Test(arguments: [
    ("net", ["net"]),
    (#"fleet["a","b"].vm["ein-1"].eip"#, [#"fleet["a","b"]"#, #"vm["ein-1"]"#, "eip"]),
    (#"x["a.b]\".c"].y"#, [#"x["a.b]\".c"]"#, "y"]),
    (#"x[1.5].y is done"#, ["x[1.5]", "y is done"]),
    (#"x[["a"]].y#2"#, [#"x[["a"]]"#, "y#2"]),
  ])
  func splitsAtDotsOutsideKeys(address: String, segments: [String]) {
    #expect(StepPath(StepAddress(address)).segments.map(\.text) == segments)
  }
}
