import CloudCatalog
import Testing
import Values

@testable import RunEngine

/// One call, driven by hand.
@Suite struct CallActivityTests {
  private static let start = Instant(milliseconds: 0)

  /// What an activity asks, in short.
  private static func text(_ request: CallActivity.Request) -> String {
    switch request {
    case .read(let call): "read \(call.action.name)"
    case .send(let call): "send \(call.action.name)"
    case .rest(let duration): "rest \(duration.belayText)"
    case .conclude(.done(_, _, let adopted)): adopted ? "adopted" : "done"
    case .conclude(.refused(let error)): "refused \(error.code)"
    case .conclude(.stuck): "stuck"
    case .conclude(.unreachable): "unreachable"
    case .conclude(.exhausted): "exhausted"
    }
  }

  private struct Call {
    static let mark = StepMark(run: "run", step: StepAddress("step"))
    var activity: CallActivity
    var now = CallActivityTests.start

    init(_ action: ActionID, _ arguments: Record = [:], retry: RetryRule? = nil, isUndo: Bool = false) {
      guard let meaning = Catalog.meaning(action) else { preconditionFailure("\(action) means nothing") }
      activity = CallActivity(
        call: CloudCall(action, arguments), meaning: meaning, retry: retry, isUndo: isUndo, mark: Call.mark)
    }

    mutating func begin() -> String { CallActivityTests.text(activity.begin(at: now)) }
    mutating func rested() -> String { CallActivityTests.text(activity.rested(at: now)) }
    mutating func got(_ reply: Reply, _ siblings: CallActivity.Siblings = .init()) -> String {
      CallActivityTests.text(activity.received(reply, at: now, siblings: siblings))
    }
    mutating func refused(_ code: String) -> String {
      got(.outcome(.refused(CloudError(code: code, message: "m", requestID: "q"))))
    }
    mutating func done(_ result: Record = [:]) -> String { got(.outcome(.done(result, requestID: "q"))) }
    mutating func lost() -> String { got(.outcome(.unknown("lost"))) }
  }

  @Test func plainSuccessWithItsMark() {
    var call = Call("ecm.CreateVpc", ["VpcName": "x"])
    #expect(call.begin() == "send CreateVpc")
    #expect(call.activity.call.arguments["Tags"] == [["Key": "belay-step", "Value": .text(Call.mark.text)]])
    #expect(call.activity.mayHaveTakenEffect)
    #expect(call.done() == "done")
    #expect(!call.activity.mayHaveTakenEffect && call.activity.attempts == 1)
  }

  @Test(arguments: ["InvalidParameterValue", "ResourceInsufficient", "ResourceNotFound", "UnauthorizedOperation"])
  func neverSentAgain(_ code: String) {
    var call = Call("ecm.CreateVpc")
    _ = call.begin()
    #expect(call.refused(code) == "refused \(code)")
  }

  @Test func throttledForAsLongAsItTakes() {
    var call = Call("ecm.CreateVpc")
    _ = call.begin()
    for _ in 0..<100 {
      #expect(call.refused("RequestLimitExceeded.UinLimitExceeded") == "rest 200ms")
      #expect(!call.activity.mayHaveTakenEffect)
      #expect(call.rested() == "send CreateVpc")
    }
    #expect(call.done() == "done")
    #expect(call.activity.attempts == 101)
  }

  @Test func busyPatience() {
    var call = Call("ecm.CreateVpc")
    _ = call.begin()
    call.now = Self.start + .milliseconds(179_999)
    #expect(call.refused("FailedOperation.OperationConflict") == "rest 2s")
    #expect(call.rested() == "send CreateVpc")
    call.now = Self.start + .minutes(3)
    #expect(call.refused("FailedOperation.OperationConflict") == "refused FailedOperation.OperationConflict")
  }

  @Test func dependencyPatience() {
    var create = Call("ecm.CreateVpc")
    _ = create.begin()
    #expect(create.refused("ResourceInUse") == "refused ResourceInUse")
    var undo = Call("ecm.DeleteVpc", isUndo: true)
    #expect(undo.begin() == "send DeleteVpc")
    undo.now = Self.start + .milliseconds(599_999)
    #expect(undo.refused("ResourceInUse") == "rest 2s")
    _ = undo.rested()
    undo.now = Self.start + .minutes(10)
    #expect(undo.refused("ResourceInUse") == "refused ResourceInUse")
  }

  @Test func clockIsSignedAgainTwice() {
    var call = Call("ecm.CreateVpc")
    _ = call.begin()
    for _ in 0..<5 {
      _ = call.refused("RequestLimitExceeded")
      _ = call.rested()
    }
    for _ in 0..<2 {
      #expect(call.refused("AuthFailure.SignatureExpire") == "rest 100ms")
      _ = call.rested()
    }
    #expect(call.refused("AuthFailure.SignatureExpire") == "refused AuthFailure.SignatureExpire")
  }

  @Test func unreachableHasItsPatience() {
    for (isUndo, allowed) in [(false, 3), (true, 10)] {
      var call = Call("ecm.DeleteVpc", isUndo: isUndo)
      var request = call.begin()
      if request.hasPrefix("read") { request = call.done(["VpcSet": []]) }
      #expect(request == "send DeleteVpc")
      for _ in 0..<allowed {
        #expect(call.got(.unreachable("down")).hasPrefix("rest "))
        #expect(!call.activity.mayHaveTakenEffect)
        _ = call.rested()
      }
      #expect(call.got(.unreachable("down")) == "unreachable")
    }
  }

  @Test func authorsRetry() {
    let rule = RetryRule(codes: ["ResourceInsufficient", "InternalError"], every: .seconds(7), upTo: 2)
    var call = Call("ecm.CreateVpc", retry: rule)
    _ = call.begin()
    for _ in 0..<2 {
      #expect(call.refused("ResourceInsufficient.IPQuotaNotEnough") == "rest 7s")
      #expect(call.rested() == "send CreateVpc")
    }
    #expect(call.refused("ResourceInsufficient") == "refused ResourceInsufficient")
    var server = Call("ecm.CreateVpc", retry: rule)
    _ = server.begin()
    #expect(server.refused("InternalError") == "rest 2s")
    #expect(server.rested() == "read DescribeVpcs")
    #expect(!rule.covers("ResourceInsufficientX") && rule.covers("InternalError.X"))
  }

  @Test func lostThenFound() {
    var call = Call("ecm.CreateVpc")
    _ = call.begin()
    #expect(call.lost() == "rest 2s")
    #expect(call.activity.mayHaveTakenEffect)
    #expect(call.rested() == "read DescribeVpcs")
    #expect(call.activity.mayHaveTakenEffect)
    #expect(call.done(["VpcSet": [["VpcId": "vpc-1"]], "TotalCount": 1]) == "adopted")
  }

  @Test func lostThenAbsentTwiceIsSentAgain() {
    var call = Call("ecm.CreateVpc")
    _ = call.begin()
    _ = call.lost()
    _ = call.rested()
    #expect(call.done(["VpcSet": .null]) == "rest 3s")
    // Twice absent is not enough: what was made has its time to show.
    #expect(call.rested() == "read DescribeVpcs")
    call.now = Self.start + .milliseconds(4999)
    #expect(call.done(["VpcSet": []]) == "rest 3s")
    #expect(call.rested() == "read DescribeVpcs")
    call.now = Self.start + .seconds(5)
    #expect(call.done(["VpcSet": []]) == "send CreateVpc")
    #expect(call.activity.attempts == 2)
  }

  @Test func lostAgainAndAgainEnds() {
    var call = Call("ecm.CreateVpc")
    _ = call.begin()
    for _ in 0..<5 {
      #expect(call.lost() == "rest 2s")
      _ = call.rested()
      _ = call.done()
      _ = call.rested()
      call.now = call.now + .seconds(5)
      #expect(call.done() == "send CreateVpc")
    }
    #expect(call.lost() == "stuck")
  }

  @Test func tooManyFoundIsAmbiguous() {
    var call = Call("ecm.CreateVpc")
    _ = call.begin()
    _ = call.lost()
    _ = call.rested()
    #expect(call.done(["VpcSet": [["VpcId": "a"], ["VpcId": "b"]]]) == "stuck")
  }

  @Test func partOfWhatIsMadeIsLookedForFiveTimes() {
    var call = Call("ecm.RunInstances", ["ZoneInstanceCountISPSet": [["InstanceCount": 2], ["InstanceCount": 1]]])
    _ = call.begin()
    _ = call.lost()
    for _ in 0..<4 {
      #expect(call.rested() == "read DescribeInstances")
      #expect(call.done(["InstanceSet": [["InstanceId": "a"], ["InstanceId": "b"]]]) == "rest 3s")
    }
    _ = call.rested()
    #expect(call.done(["InstanceSet": [["InstanceId": "a"], ["InstanceId": "b"]]]) == "stuck")
  }

  @Test func probeReadsEveryPage() {
    var call = Call("ecm.RunInstances", ["ZoneInstanceCountISPSet": [["InstanceCount": 3]]])
    _ = call.begin()
    _ = call.lost()
    _ = call.rested()
    let first: Record = ["InstanceSet": [["InstanceId": "a"], ["InstanceId": "b"]], "TotalCount": 3]
    #expect(call.done(first) == "read DescribeInstances")
    #expect(call.done(["InstanceSet": [["InstanceId": "c"]], "TotalCount": 3]) == "adopted")
  }

  @Test func probeThatIsRefusedOrHasNoAnswer() {
    var call = Call("ecm.CreateVpc")
    _ = call.begin()
    _ = call.lost()
    _ = call.rested()
    #expect(call.refused("RequestLimitExceeded").hasPrefix("rest "))
    #expect(call.rested() == "read DescribeVpcs")
    #expect(call.lost().hasPrefix("rest "))
    #expect(call.rested() == "read DescribeVpcs")
    #expect(call.refused("UnauthorizedOperation") == "stuck")
  }

  @Test func whatIsNewIsToldFromWhatWasThere() {
    var call = Call("ecm.AllocateAddresses", ["EcmRegion": "r", "AddressCount": 1])
    #expect(call.begin() == "read DescribeAddresses")
    #expect(!call.activity.mayHaveTakenEffect)
    #expect(call.done(["AddressSet": [["AddressId": "old"]], "TotalCount": 1]) == "send AllocateAddresses")
    _ = call.lost()
    #expect(call.rested() == "read DescribeAddresses")
    let answer: Record = ["AddressSet": [["AddressId": "old"], ["AddressId": "b"], ["AddressId": "new"]]]
    var siblings = CallActivity.Siblings()
    siblings.areUnderWay = true
    #expect(call.got(.outcome(.done(answer, requestID: "q")), siblings) == "rest 1s")
    _ = call.rested()
    siblings.areUnderWay = false
    siblings.claimed = ["b"]
    guard
      case .conclude(.done(let result, _, true)) = call.activity.received(
        .outcome(.done(answer, requestID: "q")), at: call.now, siblings: siblings)
    else {
      Issue.record("not adopted")
      return
    }
    #expect(result == ["AddressSet": ["new"]])
  }

  /// Another listener of the same protocol is not taken for the one whose answer was lost.
  @Test func listenersAreToldByTheirPorts() {
    var call = Call("ecm.CreateListener", ["LoadBalancerId": "lb-1", "Protocol": "TCP", "Ports": [80]])
    _ = call.begin()
    _ = call.done(["Listeners": []])
    _ = call.lost()
    _ = call.rested()
    let other: Value = ["ListenerId": "lbl-2", "Protocol": "TCP", "Port": 443]
    #expect(call.done(["Listeners": [other]]) == "rest 3s")
    _ = call.rested()
    #expect(call.done(["Listeners": [other, ["ListenerId": "lbl-1", "Protocol": "TCP", "Port": 80]]]) == "adopted")
  }

  @Test func beforeImageThatCannotBeReadStopsTheCall() {
    var refused = Call("ecm.DeleteVpc", ["VpcId": "vpc-1"])
    #expect(refused.begin() == "read DescribeVpcs")
    #expect(refused.refused("UnauthorizedOperation") == "refused UnauthorizedOperation")
    var gone = Call("ecm.DeleteVpc", ["VpcId": "vpc-1"])
    _ = gone.begin()
    #expect(gone.refused("ResourceNotFound") == "send DeleteVpc")
    var silent = Call("ecm.DeleteVpc", ["VpcId": "vpc-1"])
    _ = silent.begin()
    var last = ""
    for _ in 0..<12 {
      last = silent.lost()
      if last.hasPrefix("rest") { #expect(silent.rested() == "read DescribeVpcs") }
    }
    // Nothing was sent.
    #expect(last == "unreachable")
  }

  @Test func resendInDoubt() {
    var call = Call("ecm.DeleteVpc", ["VpcId": "v"], isUndo: false)
    _ = call.begin()
    _ = call.done(["VpcSet": []])
    #expect(call.lost().hasPrefix("rest "))
    #expect(call.activity.mayHaveTakenEffect)
    #expect(call.rested() == "send DeleteVpc")
    var gone = call
    #expect(gone.refused("ResourceNotFound") == "adopted")
    var refused = call
    #expect(refused.refused("UnauthorizedOperation") == "stuck")
    #expect(call.done() == "done")
  }

  @Test func lostReadsAreRepeatedSevenTimes() {
    var call = Call("ecm.DescribeVpcs")
    _ = call.begin()
    for _ in 0..<7 {
      #expect(call.lost().hasPrefix("rest "))
      #expect(!call.activity.mayHaveTakenEffect)
      #expect(call.rested() == "send DescribeVpcs")
    }
    #expect(call.refused("InternalError") == "stuck")
  }
}
