import CloudCatalog
import Testing
import Values

@testable import RunEngine

@Suite struct JournalRecordTests {
  private static let step = StepAddress(#"fleet["a/b", "日本"].RunInstances"#)
  private static let place = Place(path: "a.belay", line: 3, column: 9)
  private static let error = CloudError(code: "A.B", message: "no\n\"x\"", requestID: "q-1")

  static let all = forward + backward + asked + blocks + RunStatus.allCases.map { .finished($0) }

  private static let forward: [JournalRecord] = [
    .created(
      runbook: "r", version: "1.0.0", path: "p", source: "let x = \"\u{0}\"\n",
      inputs: ["a": [1, .null]], cloud: "c", by: "alice", files: ["lib/a.belay": "library a 1.0.0\n"]),
    .intent(step, "ecm.CreateVpc", arguments: ["A": 1.5], before: ["B": .null], known: ["k"], kept: "why", place),
    .intent(step, "ecm.CreateVpc", arguments: [:], before: .null, known: [], kept: nil, place),
    .read(step, "ecm.DescribeVpcs", result: ["VpcSet": []], requestID: "q", place),
    .done(step, result: ["Id": "x"], requestID: "q", attempts: 3, adopted: false),
    .done(step, result: [:], requestID: "", attempts: 1, adopted: true),
    .refused(step, error, attempts: 2), .unknown(step, reason: "lost"), .notSent(step),
    .waitBegan(step, step: StepAddress("v"), within: .milliseconds(1500), place),
    .waitBegan(step, step: nil, within: .minutes(90), place), .waitEnded(step, problem: nil),
    .waitEnded(step, problem: "late"), .committed(reason: "final"), .output(name: "o", value: .null),
    .output(name: "o", value: ["x": [1, "2", 3.0, true]]),
  ]

  private static let backward: [JournalRecord] = [
    .failed(RunFailure(.refused, "m", step: step, place: place, code: "A.B", requestID: "q")),
    .failed(RunFailure(.cancelled, "m")), .undoBegan,
    .undoIntent(step, "ecm.DeleteVpc", arguments: ["VpcId": "v"], known: ["k"]),
    .undoRefused(step, "ecm.DeleteVpc", error),
    .undoDone(step, "ecm.DeleteVpc", result: ["Id": "x"], requestID: "q", wasGone: false, note: ""),
    .undoDone(step, "ecm.DeleteVpc", result: [:], requestID: "", wasGone: true, note: "gone"), .undone(step),
    .undoFailed(step, reason: "r"),
  ]

  private static let blocks: [JournalRecord] =
    [
      .timeoutBegan(step, within: .minutes(10), place),
      .attemptFailed(step, RunFailure(.timeout, "m", step: step, action: "ecm.CreateVpc", place: place)),
      .rescueBegan(step), .alwaysFailed(step, RunFailure(.failed, "m")),
      .approvalAsked(
        ApprovalAsk(
          address: step, text: "t",
          approvers: [ApprovalAsk.Approver(.role, "ops"), ApprovalAsk.Approver(.person, "wang")], notRequester: true,
          within: .minutes(30), place: place)),
      .approvalAsked(
        ApprovalAsk(address: step, text: "t", approvers: [], notRequester: false, within: nil, place: place)),
      .notified(Notification(address: step, text: "t", channel: "c", place: place)),
      .notified(Notification(address: step, text: "t", channel: nil, place: place)),
    ]
    + ApprovalDecision.Verdict.allCases.map {
      .approvalDecided(step, ApprovalDecision($0, by: "bob", role: "ops", comment: "because"))
    }

  private static let asked: [JournalRecord] = [
    .asked(.resume, by: "me"), .asked(.cancel(reason: "late"), by: "me"), .asked(.rollback, by: "me"),
    .asked(.retry, by: "me"), .asked(.skip(step, result: .null), by: "me"),
    .asked(.skip(step, result: ["a": 1]), by: "me"), .asked(.accept(step, result: ["Id": "x"]), by: "me"),
    .asked(.accept(step, result: nil), by: "me"),
  ]

  @Test(arguments: all) func roundTrip(_ record: JournalRecord) throws {
    let stored = record.stored(sequence: 7, at: Instant(milliseconds: 5))
    #expect(stored.kind == record.kind && stored.sequence == 7 && stored.at == Instant(milliseconds: 5))
    let fields = try #require(stored.fields)
    #expect(JournalRecord(kind: stored.kind, payload: fields) == record)
    // What is shown of it says the same.
    let shown = try #require(try JSON.parse(JSON.print(.record(record.payload))).asRecord)
    #expect(shown == fields && shown.names == fields.names)
  }

  @Test func timesAreStampsBesideTheRecord() throws {
    var times = CallTimes()
    (times.bucket, times.latency) = (.milliseconds(1500), .milliseconds(40))
    let record = JournalRecord.done(Self.step, result: [:], requestID: "q", attempts: 1, adopted: false)
    let stored = record.stored(sequence: 1, at: Instant(milliseconds: 5), times: times)
    let payload = try #require(stored.fields)
    #expect(CallTimes(payload) == times && CallTimes(record.payload) == nil)
    #expect(JournalRecord(kind: stored.kind, payload: payload) == record)
  }

  @Test func everyKindIsHere() {
    let kinds = Set(Self.all.map(\.kind))
    #expect(kinds.count == 27)
    // Without what it is about, no record but the beginning of the undo can be read.
    for kind in kinds where kind != "undo-began" { #expect(JournalRecord(kind: kind, payload: [:]) == nil, "\(kind)") }
  }

  @Test func unknownKindsAndValuesAreRefused() {
    #expect(JournalRecord(kind: "nothing", payload: ["step": "x"]) == nil)
    #expect(JournalRecord(kind: "finished", payload: ["status": "somehow"]) == nil)
    #expect(JournalRecord(kind: "failed", payload: ["kind": "odd", "message": "m"]) == nil)
  }

  @Test func secretsComeOutByName() {
    let secret = Value.secret(Secret(name: "password", text: "Hunter2!"))
    let record = JournalRecord.intent(
      Self.step, "ecm.RunInstances", arguments: ["Password": secret], before: .null, known: [], kept: nil, Self.place)
    let stored = record.stored(sequence: 0, at: Instant(milliseconds: 0))
    #expect(!String(decoding: stored.payload, as: UTF8.self).contains("Hunter2"))
    #expect(stored.fields?["arguments"] == ["Password": ["$secret": "password"]])
  }
}

@Suite struct UndoTapeTests {
  private static func text(_ entry: UndoTape.Entry?) -> String {
    switch entry {
    case nil: "-"
    case .step(let step)?: step.text
    case .loop(let loop, let rounds)?: "\(loop):\(rounds.map(\.index))"
    case .block(let strand)?: "{\(strand.index)}"
    }
  }

  @Test func mirrorsTheRun() {
    var tape = UndoTape()
    tape.push(StepAddress("a"), on: .root)
    let first = tape.branch(.root, loop: 1)
    let second = tape.branch(.root, loop: 1)
    tape.push(StepAddress("b"), on: second)
    let other = tape.branch(.root, loop: 2)
    let block = tape.nest(in: .root)
    tape.push(StepAddress("c"), on: .root)
    let own = (0..<6).map { _ in Self.text(tape.pop(.root)) }
    #expect(own == ["c", "{4}", "2:[3]", "1:[1, 2]", "a", "-"])
    let rounds = [second, first].map { Self.text(tape.pop($0)) }
    #expect(rounds == ["b", "-"])
    #expect(tape.parent(of: other) == .root)
    let inner = tape.nest(in: block)
    #expect(tape.lies(inner, in: block) && tape.lies(block, in: block) && tape.lies(inner, in: .root))
    #expect(!tape.lies(block, in: inner) && !tape.lies(inner, in: other))
  }

  @Test func clearForgets() {
    var tape = UndoTape()
    tape.push(StepAddress("a"), on: .root)
    let round = tape.branch(.root, loop: 1)
    tape.clear()
    let left = tape.pop(.root) == nil
    #expect(left && tape.parent(of: round) == nil)
  }
}
