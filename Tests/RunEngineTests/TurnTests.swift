import CloudCatalog
import Testing
import Values

@testable import RunEngine

/// How much a machine does at a time.
@Suite struct TurnTests {
  /// Asks for a call on each of many fibers, some at a time.
  private struct Crowd: RunProgram {
    static let count = 20_000
    private var begun = 0

    var isReady: Bool { begun < Crowd.count }

    mutating func advance() -> [ProgramEvent] {
      let start = begun
      begun = min(begun + 1000, Crowd.count)
      return (start..<begun).flatMap { index -> [ProgramEvent] in
        let ask = CallAsk(
          address: StepAddress("v\(index)"), call: CloudCall("ecm.CreateVpc", ["VpcName": .text("v\(index)")]),
          terms: CallTerms(place: Place(path: "x", line: 1, column: 1)))
        let fiber = FiberID(index + 1)
        return [.started(fiber, parent: .root, loop: 0), .call(AskID(index), fiber, ask)]
      }
    }

    mutating func answer(_ ask: AskID, _ answer: Answer) {}
    func undoActions(_ block: UndoBlockID) -> [ActionID] { [] }
    mutating func startUndo(_ block: UndoBlockID, result: Value) -> FiberID { FiberID(-1) }
    mutating func rescue(_ block: BlockID, _ failure: RunFailure) {}
    mutating func startAlways(_ block: BlockID) -> FiberID { FiberID(-1) }
  }

  private func sends(_ intents: [MachineIntent]) -> [OutgoingCall] {
    intents.compactMap { if case .send(let call) = $0 { call } else { nil } }
  }

  @Test func aWideRunBeginsInParts() throws {
    let now = Instant(milliseconds: 0)
    var machine = RunMachine(program: Crowd(), mark: "run")
    var sent = sends(machine.handle(.start, at: now))
    let first = try #require(sent.first)
    #expect(machine.hasMore && sent.count < Crowd.count / 2)
    // What happens meanwhile is dealt with; more begins when the machine is told to go on.
    let intents = machine.handle(.replied(first.id, .outcome(.done(["Vpc": ["VpcId": "v"]], requestID: "q"))), at: now)
    #expect(!intents.isEmpty && sends(intents).isEmpty && machine.hasMore)
    while machine.hasMore {
      let part = sends(machine.handle(.goOn, at: now))
      #expect(!part.isEmpty && part.count < Crowd.count / 2)
      sent += part
    }
    #expect(sent.map { $0.call.arguments["VpcName"] } == (0..<Crowd.count).map { .text("v\($0)") })
  }
}
