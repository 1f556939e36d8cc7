import CloudCatalog
import Testing
import Values

@testable import RunEngine

@Suite struct LockTableTests {
  private static func holder(_ index: Int) -> LockTable.Holder { .init(run: RunSlot(0), lock: LockID(index)) }

  private static func request(_ action: ActionID, _ arguments: Record, isUndo: Bool = false) throws -> LockRequest {
    let meaning = try #require(Catalog.meaning(action))
    return try #require(LockRequest(CloudCall(action, arguments), meaning, isUndo: isUndo))
  }

  private static func register(_ balancer: Value, _ targets: Int = 1, isUndo: Bool = false) throws -> LockRequest {
    let list = (0..<targets).map { Value.record(["ListenerId": "lbl", "Port": .int($0)]) }
    return try request(
      "ecm.BatchRegisterTargets", ["LoadBalancerId": balancer, "Targets": .list(list)], isUndo: isUndo)
  }

  private static func modify(_ balancer: Value, isUndo: Bool = false) throws -> LockRequest {
    try request("ecm.ModifyLoadBalancerAttributes", ["LoadBalancerId": balancer], isUndo: isUndo)
  }

  private static func text(_ decisions: [LockTable.Decision]) -> [String] {
    decisions.map { decision in
      switch decision {
      case .granted(let party): "granted \(party.map { String($0.lock.index) }.joined(separator: "+"))"
      case .blocked(let holder, let key): "blocked \(holder.lock.index) by \(key)"
      case .wanted(let holder): "wanted \(holder.lock.index)"
      }
    }
  }

  @Test func oneAtATimeInTheOrderOfArrival() throws {
    var table = LockTable()
    for index in 0..<3 { table.request(try Self.modify("lb-1"), for: Self.holder(index)) }
    table.request(try Self.modify("lb-2"), for: Self.holder(3))
    #expect(Self.text(table.decide()) == ["granted 0", "blocked 1 by lb-1", "blocked 2 by lb-1", "granted 3"])
    #expect(Self.text(table.decide()) == [])
    table.settle(Self.holder(0))
    // Who waits first makes the holder look after its work, once.
    #expect(Self.text(table.decide()) == ["wanted 0"])
    table.release(Self.holder(0))
    #expect(Self.text(table.decide()) == ["granted 1"])
    table.release(Self.holder(1))
    #expect(Self.text(table.decide()) == ["granted 2"])
  }

  @Test func undoGoesFirst() throws {
    var table = LockTable()
    table.request(try Self.modify("lb-1"), for: Self.holder(0))
    _ = table.decide()
    table.request(try Self.modify("lb-1"), for: Self.holder(1))
    table.request(try Self.modify("lb-1", isUndo: true), for: Self.holder(2))
    _ = table.decide()
    table.release(Self.holder(0))
    #expect(Self.text(table.decide()) == ["granted 2"])
  }

  @Test func oneKindIsGrantedTogetherUpToItsSize() throws {
    var table = LockTable()
    for index in 0..<5 { table.request(try Self.register("lb-1", 40), for: Self.holder(index)) }
    #expect(Self.text(table.decide()).first == "granted 0+1")
    table.release(Self.holder(0))
    #expect(Self.text(table.decide()) == [])
    table.release(Self.holder(1))
    #expect(Self.text(table.decide()).first == "granted 2+3")
  }

  /// What came before in the queue is not passed by those who want the same.
  @Test func aPartyDoesNotPassOthers() throws {
    var table = LockTable()
    table.request(try Self.register("lb-1"), for: Self.holder(0))
    table.request(try Self.modify("lb-1"), for: Self.holder(1))
    table.request(try Self.register("lb-1"), for: Self.holder(2))
    #expect(Self.text(table.decide()).first == "granted 0")
  }

  @Test func severalKeysAreTakenAtOnce() throws {
    var table = LockTable()
    let associate = { (address: Value, instance: Value) in
      try Self.request("ecm.AssociateAddress", ["AddressId": address, "InstanceId": instance])
    }
    table.request(try associate("eip-1", "ein-1"), for: Self.holder(0))
    table.request(try associate("eip-2", "ein-1"), for: Self.holder(1))
    table.request(try associate("eip-2", "ein-2"), for: Self.holder(2))
    #expect(Self.text(table.decide()) == ["granted 0", "blocked 1 by ein-1", "blocked 2 by eip-2"])
    table.release(Self.holder(0))
    #expect(Self.text(table.decide()) == ["granted 1"])
    table.release(Self.holder(1))
    #expect(Self.text(table.decide()) == ["granted 2"])
  }

  @Test func separatedOnesGoOneAfterTheOther() throws {
    var table = LockTable()
    let requests = try (0..<3).map { _ in try Self.register("lb-1") }
    for (index, request) in requests.enumerated() { table.request(request, for: Self.holder(index)) }
    #expect(Self.text(table.decide()) == ["granted 0+1+2"])
    table.request(try Self.modify("lb-1"), for: Self.holder(3))
    table.separate(requests.enumerated().map { (Self.holder($0), $1) })
    #expect(Self.text(table.decide()) == ["granted 0", "blocked 3 by lb-1"])
    table.release(Self.holder(0))
    #expect(Self.text(table.decide()) == ["granted 1"])
  }

  @Test func whatACallOfNoConflictsNeeds() throws {
    let meaning = try #require(Catalog.meaning("ecm.CreateVpc"))
    #expect(LockRequest(CloudCall("ecm.CreateVpc", [:]), meaning, isUndo: false) == nil)
  }
}
