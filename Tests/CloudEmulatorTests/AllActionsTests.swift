import CloudCatalog
import Foundation
import Testing
import Values

@testable import CloudEmulator

@Suite("All actions of ECM")
struct AllActionsTests {
  @Test("every action of the catalog is there, and answers with exactly the documented members")
  func answers() throws {
    let stock = try Stock.shared()
    let calls = stock.calls
    let actions = Catalog.service("ecm")?.actionNames ?? []
    #expect(actions.count == 124)
    #expect(Set(actions) == Set(ActionTable.ecm.keys))
    #expect(Set(actions) == Set(calls.keys))
    for action in actions.sorted() {
      guard let parameters = calls[action] else { continue }
      var bench = stock.bench
      _ = try? bench.call(action, parameters)
      if bench.cloud.nextEvent != nil {
        #expect(try EmulatedCloud(decoding: bench.cloud.encoded).encoded == bench.cloud.encoded, "after \(action)")
      }
      bench.settle()
      #expect(Invariants.problems(bench.world) == [], "after \(action)")
    }
  }

  @Test("every action says which required parameter is missing, and does nothing with an unknown one")
  func parameters() throws {
    let stock = try Stock.shared()
    for (action, parameters) in stock.calls {
      var bench = stock.bench
      func code(_ changes: Record) -> String? {
        bench.pass(.milliseconds(60))
        guard case .refused(let error) = bench.reply(action, parameters.merging(changes)) else { return nil }
        return error.code
      }
      #expect(code(["NoSuchThing": 1]) == "UnknownParameter")
      for member in Catalog.action(ActionID("ecm", action))?.parameters ?? [] where member.required {
        #expect(code([member.name: .null]) == "MissingParameter")
      }
      #expect(bench.inventory == stock.bench.inventory)
    }
  }

  /// Examples that cannot succeed, and how they end: a number in quotation marks stands where the type of a disk
  /// belongs.
  private static let refused = ["DescribePriceRunInstance": "InvalidParameterValue.InvalidSystemDiskType"]

  @Test("the books' example requests are answered, with their ids put in the place of the stock's")
  func examples() throws {
    let stock = try Stock.shared()
    let calls = stock.calls
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/examples/ecm")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    #expect(files.count == 124)
    for file in files.sorted(by: { $0.lastPathComponent < $1.lastPathComponent }) {
      let action = file.deletingPathExtension().lastPathComponent
      let own = try #require(calls[action])
      let examples = try JSON.parse(String(contentsOf: file, encoding: .utf8)).asList ?? []
      for example in examples {
        let request = example.asRecord?["request"]?.asRecord ?? Record()
        var bench = stock.bench
        let replayed = Replay(stock: stock, own: own).fitted(request, action)
        if let code = AllActionsTests.refused[action] {
          #expect(bench.refusal(action, replayed) == code)
        } else {
          _ = try? bench.call(action, replayed)
        }
      }
    }
  }
}

/// Puts the stock's ids, addresses and days in the place of an example's.
struct Replay {
  let stock: Stock
  let own: Record

  private static let named: Set = [
    "EcmRegion", "Zone", "TaskSet", "Targets", "ModifyList", "PrivateIpAddresses", "PrivateIpAddress", "Ipv6Addresses",
    "ZoneInstanceCountISPSet", "TerminateTime", "StartTime", "EndTime", "SecurityGroup", "SecurityGroups",
    "InstanceIdSet", "SecurityGroupIdSet", "ImageIDSet", "Month",
  ]

  func fitted(_ request: Record, _ action: String) -> Record {
    var result = Record()
    for (name, value) in request {
      let isNamed = Replay.named.contains(name) || name.hasSuffix("Id") || name.hasSuffix("Ids")
      result[name] = (isNamed && name != "DefaultImageId" && action != "ImportImage" ? own[name] : nil) ?? value
    }
    if action == "CreateSubnet" { result["CidrBlock"] = own["CidrBlock"] }
    if action == "CreateVpc" { result["VpcName"] = own["VpcName"] }
    if let routes = result["Routes"]?.asList { result["Routes"] = .list(routes.map(route)) }
    if var set = result["SecurityGroupPolicySet"]?.asRecord, set["Version"] != nil {
      set["Version"] = "1"
      result["SecurityGroupPolicySet"] = .record(set)
    }
    return result
  }

  private func route(_ value: Value) -> Value {
    var record = value.asRecord ?? Record()
    if record["RouteId"] != nil { record["RouteId"] = .int(stock.route) }
    if record["GatewayId"] != nil { record["GatewayId"] = "10.0.0.7" }
    return .record(record)
  }
}
