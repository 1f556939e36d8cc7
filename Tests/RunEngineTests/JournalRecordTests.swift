import CloudCatalog
import Testing
import Values

@testable import RunEngine

@Suite struct JournalRecordTests {
  private static let step = StepAddress(#"fleet["a/b", "日本"].RunInstances"#)
  private static let place = Place(path: "a.belay", line: 3, column: 9)
  private static let error = CloudError(code: "A.B", message: "no\n\"x\"", requestID: "q-1")

  static let all = forward + backward + asked + RunStatus.allCases.map { .finished($0) }

  private static let forward: [JournalRecord] = [
    .created(
      runbook: "r", version: "1.0.0", path: "p", source: "let x = \"\u{0}\"\n",
      inputs: ["a": [1, .null]], cloud: "c", files: ["lib/a.belay": "library a 1.0.0\n"]),
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
    .undoDone(step, "ecm.DeleteVpc", result: ["Id": "x"], requestID: "q", note: ""),
    .undoDone(step, "ecm.DeleteVpc", result: [:], requestID: "", note: "gone"), .undone(step),
    .undoFailed(step, reason: "r"),
  ]

  private static let asked: [JournalRecord] = [
    .asked(.resume, by: "me"), .asked(.cancel(reason: "late"), by: "me"), .asked(.rollback, by: "me"),
    .asked(.retry, by: "me"), .asked(.skip(step, result: .null), by: "me"),
    .asked(.skip(step, result: ["a": 1]), by: "me"), .asked(.accept(step, result: ["Id": "x"]), by: "me"),
    .asked(.accept(step, result: nil), by: "me"),
  ]

  @Test(arguments: all) func roundTrip(_ record: JournalRecord) throws {
    let stored = record.stored(sequence: 7, at: Instant(milliseconds: 5))
    #expect(stored.kind == record.kind && stored.sequence == 7 && stored.at == Instant(milliseconds: 5))
    let payload = try #require(try JSON.parse(stored.payload).asRecord)
    #expect(JournalRecord(kind: stored.kind, payload: payload) == record)
    #expect(!stored.payload.contains("\n"))
  }

  @Test func timesAreStampsBesideTheRecord() throws {
    var times = CallTimes()
    (times.bucket, times.latency) = (.milliseconds(1500), .milliseconds(40))
    let record = JournalRecord.done(Self.step, result: [:], requestID: "q", attempts: 1, adopted: false)
    let stored = record.stored(sequence: 1, at: Instant(milliseconds: 5), times: times)
    let payload = try #require(try JSON.parse(stored.payload).asRecord)
    #expect(CallTimes(payload) == times && CallTimes(record.payload) == nil)
    #expect(JournalRecord(kind: stored.kind, payload: payload) == record)
  }

  @Test func everyKindIsHere() {
    let kinds = Set(Self.all.map(\.kind))
    #expect(kinds.count == 20)
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
    let text = record.stored(sequence: 0, at: Instant(milliseconds: 0)).payload
    #expect(!text.contains("Hunter2") && text.contains(#"{"$secret":"password"}"#))
  }
}

@Suite struct UndoTapeTests {
  private static func text(_ entry: UndoTape.Entry?) -> String {
    switch entry {
    case nil: "-"
    case .step(let step)?: step.text
    case .loop(let loop, let fibers)?: "\(loop):\(fibers.map(\.index))"
    }
  }

  @Test func mirrorsTheRun() {
    var tape = UndoTape()
    tape.push(StepAddress("a"), on: .root)
    tape.start(FiberID(1), parent: .root, loop: 1)
    tape.start(FiberID(2), parent: .root, loop: 1)
    tape.push(StepAddress("b"), on: FiberID(2))
    tape.start(FiberID(3), parent: .root, loop: 2)
    tape.push(StepAddress("c"), on: .root)
    let own = (0..<5).map { _ in Self.text(tape.pop(.root)) }
    #expect(own == ["c", "2:[3]", "1:[1, 2]", "a", "-"])
    let rounds = [2, 1].map { Self.text(tape.pop(FiberID($0))) }
    #expect(rounds == ["b", "-"])
    #expect(tape.parents[FiberID(3)] == .root)
  }

  @Test func clearForgets() {
    var tape = UndoTape()
    tape.push(StepAddress("a"), on: .root)
    tape.start(FiberID(1), parent: .root, loop: 1)
    tape.clear()
    let left = tape.pop(.root) == nil
    #expect(left && tape.parents.isEmpty)
  }
}
