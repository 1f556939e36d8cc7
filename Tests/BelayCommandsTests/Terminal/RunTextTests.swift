import RunEngine
import Testing
import Values

@testable import BelayCommands

@Suite struct RunTextTests {
  private let style = TerminalStyle(colour: false, unicode: true, width: 100, height: 24, isInteractive: false)

  private func lines(_ script: RunScript, _ style: TerminalStyle) -> String {
    var lines = RunLines(id: RunScript.id, style: style)
    return script.observations.flatMap { lines.take($0.observation) }.map { $0 + "\n" }.joined()
  }

  @Test func linesOfSuccess() { Golden.check("lines-success", lines(RunSamples.success(), style)) }

  @Test func linesOfNeedsAttention() {
    Golden.check("lines-needs-attention", lines(RunSamples.needsAttention(), style))
  }

  @Test func linesOfOddities() { Golden.check("lines-oddities", lines(RunSamples.oddities(), style)) }

  @Test func summaryOfSuccess() {
    Golden.check("summary-success", RunSummaryText(RunSamples.success().progress(), style: style).text)
  }

  @Test func summaryPutsLongListsOnLines() {
    var narrow = style
    narrow.width = 40
    Golden.check("summary-success-40", RunSummaryText(RunSamples.success().progress(), style: narrow).text)
  }

  @Test func summaryOfRollback() {
    Golden.check("summary-rolled-back", RunSummaryText(RunSamples.rolledBack().progress(), style: style).text)
  }

  @Test func summaryOfNeedsAttention() {
    let text = RunSummaryText(RunSamples.needsAttention().progress(), style: style).text
    Golden.check("summary-needs-attention", text)
    #expect(!text.contains("$secret"))
  }

  @Test func summaryOfARunThatGoesOn() {
    let progress = RunSamples.success().progress(until: 12)
    Golden.check("summary-running", RunSummaryText(progress, style: style, namesNextCommand: false).text)
  }

  @Test func summaryOfACancelledRunThatKeepsSomething() {
    var script = RunSamples.oddities()
    script.record(3, .notSent(StepAddress("net")))
    script.record(3, .unknown(StepAddress("pool[\"杭州一区\"].vms"), reason: "the connection was dropped"))
    script.record(3, .notSent(StepAddress("pool[\"上海二区\"].vms")))
    script.record(3, .failed(RunFailure(.cancelled, "interrupted by SIGINT")))
    script.record(3, .undoBegan)
    script.record(3.4, .undone(StepAddress("tags")))
    script.record(3.5, .finished(.needsAttention))
    Golden.check("summary-cancelled", RunSummaryText(script.progress(), style: style).text)
  }

  @Test func wordingHidesSecrets() {
    let live = Value.secret(Secret(name: "password", text: "hunter2"))
    let value: Value = ["Password": live, "List": [["$secret": "password"]], "Text": "a\"b", "None": .null]
    #expect(value.wording == #"{ Password: ***, List: [***], Text: "a\"b", None: null }"#)
  }

  @Test func tableAlignsWideNames() {
    var table = TextTable([
      .init("RUN"), .init("RUNBOOK", isFlexible: true), .init("STATUS"), .init("TOOK", .right),
    ])
    table.add(["r-20261121-7k2m9x", "ecm.web_fleet 1.0.0", "succeeded", "36.5s"])
    table.add(["r-20261120-1a2b3c", "ecm.杭州机群 1.0.0", "needs-attention", "1m 05s"])
    table.add(["r-20261119-zzzzzz"])
    var narrow = style
    (narrow.width, narrow.isInteractive) = (60, true)
    let text = (table.lines(style) + [""] + table.lines(narrow)).map { $0 + "\n" }.joined()
    Golden.check("table", text)
  }
}
