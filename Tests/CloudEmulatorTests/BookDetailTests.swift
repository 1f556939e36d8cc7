import Testing
import Values

@testable import CloudEmulator

/// Small things that a page says and its neighbour does not.
@Suite("Details of the books")
struct BookDetailTests {
  @Test("the names of networks, subnets, route tables and interfaces are made of at most 60 bytes")
  func bytes() throws {
    let stock = try Stock.shared()
    let names = [
      ("CreateVpc", "VpcName"), ("CreateSubnet", "SubnetName"), ("CreateRouteTable", "RouteTableName"),
      ("CreateNetworkInterface", "NetworkInterfaceName"),
    ]
    let (fitting, long) = (String(repeating: "网", count: 20), String(repeating: "网", count: 21))
    for (action, member) in names {
      var bench = stock.bench
      let own = try #require(stock.calls[action])
      let code = bench.refusal(action, own.merging([member: .text(long)]))
      #expect(code.hasPrefix("InvalidParameterValue"), "\(action): \(code)")
      try bench.call(action, own.merging([member: .text(fitting)]))
    }
  }

  @Test(
    "a new password of CVM needs three kinds of letters, that of a new instance of Linux two",
    arguments: [("abcdefgh1", false), ("/Abcdefgh1", false), ("Abcdefgh1", true), ("ab-cdefg1", true)])
  func passwords(_ password: String, _ isTaken: Bool) throws {
    var bench = CvmBench()
    let id = try bench.stopped(1, ["LoginSettings": ["Password": "abcdefgh1"]])[0]
    let call: Record = ["InstanceIds": [.text(id)], "Password": .text(password)]
    if isTaken {
      try bench.call("ResetInstancesPassword", call)
    } else {
      #expect(bench.refusal("ResetInstancesPassword", call) == "InvalidParameterValue.InvalidPassword")
    }
  }
}
