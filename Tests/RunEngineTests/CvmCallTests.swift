import CloudCatalog
import Testing
import Values

@testable import RunEngine

/// What only calls of CVM need: a region, a token, and whose operation a row speaks of.
@Suite struct CvmCallTests {
  private static let start = Instant(milliseconds: 0)

  private func activity(_ action: ActionID, _ arguments: Record) throws -> CallActivity {
    CallActivity(
      call: CloudCall(action, region: "ap-tokyo", arguments), meaning: try #require(Catalog.meaning(action)),
      retry: nil, isUndo: false, mark: "run/step")
  }

  private func poll(_ action: ActionID, _ context: TemplateContext) throws -> PollActivity {
    let wait = try #require(Catalog.meaning(action)?.wait)
    return try #require(PollActivity(wait, context, region: "ap-tokyo", deadline: Self.start + .minutes(5)))
  }

  private func row(_ state: Value, _ operation: Value, of request: Value) -> Reply {
    .outcome(
      .done(
        [
          "InstanceSet": [
            [
              "InstanceId": "ins-1", "InstanceState": state, "LatestOperationState": operation,
              "LatestOperationRequestId": request, "LatestOperationErrorMsg": "no room",
            ]
          ]
        ], requestID: "other"))
  }

  private func text(_ request: PollActivity.Request) -> String {
    switch request {
    case .read(let call): "read in \(call.region ?? "nowhere")"
    case .rest: "rest"
    case .conclude(.done): "done"
    case .conclude(.failed(let why)): why
    case .conclude(.deadlinePassed): "late"
    }
  }

  @Test func theTokenIsTheMark() throws {
    #expect(try activity("cvm.RunInstances", [:]).call.arguments["ClientToken"] == "run/step")
    #expect(try activity("cvm.RunInstances", ["ClientToken": .null]).call.arguments["ClientToken"] == "run/step")
    #expect(try activity("cvm.RunInstances", ["ClientToken": "own"]).call.arguments["ClientToken"] == "own")
    #expect(try activity("cvm.StartInstances", [:]).call.arguments["ClientToken"] == nil)
  }

  @Test func theCallAsksForWhatItsUndoNeeds() throws {
    #expect(try activity("cvm.SyncImages", [:]).call.arguments["ImageSetRequired"] == true)
    #expect(try activity("cvm.SyncImages", ["ImageSetRequired": false]).call.arguments["ImageSetRequired"] == false)
  }

  @Test func theTokenFitsTheParameter() throws {
    let activity = CallActivity(
      call: CloudCall("cvm.RunInstances", [:]), meaning: try #require(Catalog.meaning("cvm.RunInstances")), retry: nil,
      isUndo: false, mark: String(repeating: "r", count: 100) + "/é1")
    let token = activity.call.arguments["ClientToken"]?.asText
    #expect(token?.utf8.count == 64 && token?.hasSuffix("r/1") == true)
  }

  @Test func anOlderSuccessIsNotTheCallsOwn() throws {
    var context = TemplateContext()
    context.arguments = ["InstanceIds": ["ins-1"]]
    context.requestID = "own"
    var poll = try poll("cvm.RebootInstances", context)
    #expect(text(poll.begin()) == "read in ap-tokyo")
    #expect(text(poll.received(row("RUNNING", "SUCCESS", of: "older"), at: Self.start)) == "rest")
    #expect(poll.lastSeen == "not begun yet")
    #expect(text(poll.received(row("RUNNING", "OPERATING", of: "own"), at: Self.start)) == "rest")
    #expect(text(poll.received(row("RUNNING", "SUCCESS", of: "own"), at: Self.start)) == "done")
  }

  /// Somebody else's operation has followed: the call's own is over.
  @Test func anotherOperationIsALaterOneAfterAWhile() throws {
    var context = TemplateContext()
    context.arguments = ["InstanceIds": ["ins-1"]]
    context.requestID = "own"
    var poll = try poll("cvm.RebootInstances", context)
    #expect(text(poll.received(row("RUNNING", "SUCCESS", of: "later"), at: Self.start)) == "rest")
    let later = Self.start + Poll.originPatience
    #expect(text(poll.received(row("RUNNING", "SUCCESS", of: "later"), at: later)) == "done")
  }

  @Test func aStartThatFailedIsNotWaitedFor() throws {
    var context = TemplateContext()
    context.arguments = ["InstanceIds": ["ins-1"]]
    context.requestID = "own"
    var poll = try poll("cvm.StartInstances", context)
    #expect(text(poll.received(row("STOPPED", "FAILED", of: "own"), at: Self.start)) == "ins-1 is FAILED: no room")
    context.requestID = nil
    var adopted = try self.poll("cvm.StartInstances", context)
    #expect(text(adopted.received(row("STOPPED", "FAILED", of: "older"), at: Self.start)) == "rest")
    #expect(text(adopted.received(row("RUNNING", "SUCCESS", of: "own"), at: Self.start)) == "done")
  }

  @Test func aCopyIsAwaitedWhereItIs() throws {
    var context = TemplateContext()
    context.result = ["ImageSet": [["ImageId": "img-1", "Region": "ap-seoul"]]]
    var poll = try poll("cvm.SyncImages", context)
    #expect(text(poll.begin()) == "read in ap-seoul")
  }
}
