import CloudCatalog
import Testing
import Values

@testable import RunEngine

/// Undo calls that are made row by row, or with what the one before them made.
@Suite struct UndoRowsTests {
  /// Makes one call and fails.
  private struct OneCall: RunProgram {
    let call: CloudCall
    private var hasAsked = false
    private var isAnswered = false

    init(_ call: CloudCall) { self.call = call }

    mutating func advance() -> [ProgramEvent] {
      guard hasAsked else {
        hasAsked = true
        return [
          .call(
            AskID(0), .root,
            CallAsk(
              address: StepAddress("step"), call: call,
              terms: CallTerms(place: Place(path: "x", line: 1, column: 1))))
        ]
      }
      guard isAnswered else { return [] }
      isAnswered = false
      return [.failed(.root, RunFailure(.failed, "enough"))]
    }

    mutating func answer(_ ask: AskID, _ answer: Answer) { isAnswered = true }
    func undoActions(_ block: UndoBlockID) -> [ActionID] { [] }
    mutating func startUndo(_ block: UndoBlockID, result: Value) -> FiberID { FiberID(1) }
    mutating func rescue(_ block: BlockID, _ failure: RunFailure) {}
    mutating func startAlways(_ block: BlockID) -> FiberID { FiberID(1) }
  }

  /// Runs it to its end; the calls that change something, in order.
  private func changes(_ call: CloudCall, _ cloud: (CloudCall) -> Record) -> ([CloudCall], RunStatus) {
    var machine = RunMachine(program: OneCall(call), mark: "run")
    var changes: [CloudCall] = []
    var events: [MachineEvent] = [.start]
    var now = Instant(milliseconds: 0)
    while !events.isEmpty, changes.count < 20 {
      for intent in machine.handle(events.removeFirst(), at: now) {
        switch intent {
        case .send(let outgoing):
          if Catalog.meaning(outgoing.call.action)?.effect != .read { changes.append(outgoing.call) }
          events.append(.replied(outgoing.id, .outcome(.done(cloud(outgoing.call), requestID: "r"))))
        case .request(.lock(let lock, _)): events.append(.locked(lock))
        case .request(.watch(let watch, _)): events.append(.watched(watch, .done))
        case .wake(let timer, let at):
          now = max(now, at)
          events.append(.woke(timer))
        case .append, .request, .notice, .askApproval, .finish, .mismatch: break
        }
      }
    }
    return (changes, machine.status)
  }

  @Test func aCallForEachGroupOfRows() {
    let call = CloudCall(
      "ecm.ModifyInstancesAttribute", ["InstanceIdSet": ["ein-1", "ein-2", "ein-3"], "InstanceName": "new"])
    let (changes, status) = changes(call) { call in
      guard call.action == "ecm.DescribeInstances" else { return [:] }
      return [
        "TotalCount": 3,
        "InstanceSet": [
          ["InstanceId": "ein-1", "InstanceName": "a"], ["InstanceId": "ein-2", "InstanceName": "b"],
          ["InstanceId": "ein-3", "InstanceName": "a"],
        ],
      ]
    }
    #expect(status == .rolledBack)
    #expect(
      changes.dropFirst().map(\.arguments) == [
        ["InstanceIdSet": ["ein-1", "ein-3"], "InstanceName": "a"], ["InstanceIdSet": ["ein-2"], "InstanceName": "b"],
      ])
  }

  @Test func aCallWithWhatTheOneBeforeMade() {
    let (changes, status) = changes(CloudCall("ecm.DeleteRouteTable", ["RouteTableId": "rtb-1"])) { call in
      switch call.action {
      case "ecm.DescribeRouteTables" where call.arguments["RouteTableIds"] != nil:
        [
          "TotalCount": 1,
          "RouteTableSet": [
            [
              "RouteTableId": "rtb-1", "VpcId": "vpc-1", "RouteTableName": "t",
              "RouteSet": [["RouteItemId": "rti-1", "DestinationCidrBlock": "10.1.0.0/16", "GatewayType": "EIP"]],
            ]
          ],
        ]
      case "ecm.DescribeVpcs": ["TotalCount": 1, "VpcSet": [["VpcId": "vpc-1", "Region": "ap-xian-ecm"]]]
      case "ecm.CreateRouteTable": ["RouteTable": ["RouteTableId": "rtb-2"]]
      default: [:]
      }
    }
    #expect(status == .rolledBack)
    #expect(changes.map(\.action.name) == ["DeleteRouteTable", "CreateRouteTable", "CreateRoutes"])
    #expect(changes.last?.arguments["RouteTableId"] == "rtb-2")
    #expect(
      changes.last?.arguments["Routes"] == [["DestinationCidrBlock": "10.1.0.0/16", "GatewayType": "EIP"]])
  }
}
