import CloudCatalog
import Testing
import Values

@testable import RunEngine

/// What only calls of CVM need: a region, a token, and whose operation a row speaks of.
@Suite struct CvmCallTests {
  private static let start = Instant(milliseconds: 0)
  private let mark = StepMark(run: "run", step: StepAddress("step"))

  private func activity(_ action: ActionID, _ arguments: Record) throws -> CallActivity {
    CallActivity(
      call: CloudCall(action, region: "ap-tokyo", arguments), meaning: try #require(Catalog.meaning(action)),
      retry: nil, isUndo: false, mark: mark)
  }

  private func watch(_ action: ActionID, _ context: TemplateContext) throws -> Watching {
    let completion = try #require(Catalog.meaning(action)?.completion)
    let call = CloudCall(action, region: "ap-tokyo", context.arguments)
    let watch = Watch(call, completion, context, since: Self.start, deadline: Self.start + .minutes(5))
    return Watching(try #require(watch), at: Self.start)
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

  @Test func theTokenIsTheMark() throws {
    #expect(try activity("cvm.RunInstances", [:]).call.arguments["ClientToken"] == .text(mark.text))
    #expect(try activity("cvm.RunInstances", ["ClientToken": .null]).call.arguments["ClientToken"]?.asText == mark.text)
    #expect(try activity("cvm.RunInstances", ["ClientToken": "own"]).call.arguments["ClientToken"] == "own")
    #expect(try activity("cvm.StartInstances", [:]).call.arguments["ClientToken"] == nil)
  }

  @Test func theCallAsksForWhatItsUndoNeeds() throws {
    #expect(try activity("cvm.SyncImages", [:]).call.arguments["ImageSetRequired"] == true)
    #expect(try activity("cvm.SyncImages", ["ImageSetRequired": false]).call.arguments["ImageSetRequired"] == false)
  }

  @Test func theTokenFitsTheParameter() throws {
    let long = StepMark(run: String(repeating: "r", count: 100) + "é", step: mark.step)
    let activity = CallActivity(
      call: CloudCall("cvm.RunInstances", [:]), meaning: try #require(Catalog.meaning("cvm.RunInstances")), retry: nil,
      isUndo: false, mark: long)
    let token = activity.call.arguments["ClientToken"]?.asText
    #expect(token?.utf8.count == 64 && token?.hasSuffix("r" + mark.text.dropFirst("run".count)) == true)
  }

  @Test func anOlderSuccessIsNotTheCallsOwn() throws {
    var context = TemplateContext()
    context.arguments = ["InstanceIds": ["ins-1"]]
    context.requestID = "own"
    var watching = try watch("cvm.RebootInstances", context)
    #expect(watching.look()?.region == "ap-tokyo")
    #expect(watching.answer(row("RUNNING", "SUCCESS", of: "older")) == .running("not begun yet"))
    _ = watching.look()
    #expect(watching.answer(row("RUNNING", "OPERATING", of: "own")) == .running("OPERATING"))
    _ = watching.look()
    #expect(watching.answer(row("RUNNING", "SUCCESS", of: "own")) == .done)
  }

  /// Somebody else's operation has followed: the call's own is over.
  @Test func anotherOperationIsALaterOneAfterAWhile() throws {
    var context = TemplateContext()
    context.arguments = ["InstanceIds": ["ins-1"]]
    context.requestID = "own"
    var watching = try watch("cvm.RebootInstances", context)
    _ = watching.look()
    let first = watching.now
    #expect(watching.answer(row("RUNNING", "SUCCESS", of: "later")) == .running("not begun yet"))
    repeat {
      _ = watching.look()
    } while watching.now < first + Poll.originPatience
      && watching.answer(row("RUNNING", "SUCCESS", of: "later")) == nil
    #expect(watching.answer(row("RUNNING", "SUCCESS", of: "later")) == .done)
  }

  @Test func aStartThatFailedIsNotWaitedFor() throws {
    var context = TemplateContext()
    context.arguments = ["InstanceIds": ["ins-1"]]
    context.requestID = "own"
    var watching = try watch("cvm.StartInstances", context)
    _ = watching.look()
    #expect(watching.answer(row("STOPPED", "FAILED", of: "own")) == .failed("ins-1 is FAILED: no room"))
    context.requestID = nil
    var adopted = try watch("cvm.StartInstances", context)
    _ = adopted.look()
    #expect(adopted.answer(row("STOPPED", "FAILED", of: "older")) == .running("STOPPED"))
    _ = adopted.look()
    #expect(adopted.answer(row("RUNNING", "SUCCESS", of: "own")) == .done)
  }

  @Test func aCopyIsAwaitedWhereItIs() throws {
    var context = TemplateContext()
    context.result = ["ImageSet": [["ImageId": "img-1", "Region": "ap-seoul"]]]
    var watching = try watch("cvm.SyncImages", context)
    #expect(watching.look()?.region == "ap-seoul")
  }
}
