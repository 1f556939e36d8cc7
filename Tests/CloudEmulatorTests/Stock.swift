import Testing
import Values

@testable import CloudEmulator

/// An account that holds something of every kind, at rest, and the ids of it.
struct Stock {
  var bench = Bench()
  var vpc = ""
  var emptyVpc = ""
  var subnet = ""
  var emptySubnet = ""
  var module = ""
  var unusedModule = ""
  /// Two of each, in `subnet`.
  var running: [String] = []
  var stopped: [String] = []
  var image = ""
  var importTask = ""
  var imageTask = ""
  var addressTask = ""
  var balancerTask = ""
  var looseAddress = ""
  var boundAddress = ""
  var balancer = ""
  var listener = ""
  var group = ""
  var freeGroup = ""
  var key = ""
  var haVip = ""
  var table = ""
  var freeTable = ""
  var route = 0
  /// Loose; on `running[0]`, with a second address.
  var looseInterface = ""
  var attachedInterface = ""
  var secondAddress = ""
  var primaryInterface = ""
  var ipv6 = ""

  static let region = Value.text(Bench.region)

  private static let made = Result { try Stock() }

  /// The same for every test, which changes its own copy.
  static func shared() throws -> Stock { try made.get() }

  private init() throws {
    try addNetworks()
    try addCompute()
    try addInterfaces()
    try addAddresses()
    try addBalancer()
    bench.settle()
  }

  private mutating func addNetworks() throws {
    vpc = try bench.makeVpc("10.0.0.0/16")
    emptyVpc = try bench.makeVpc("10.11.0.0/16", name: "empty")
    emptySubnet = try bench.makeSubnet(vpc, "10.0.9.0/24")
    subnet = try bench.makeSubnet(vpc, "10.0.0.0/24")
    func makeTable(_ name: Value) throws -> String {
      try bench.call("CreateRouteTable", ["VpcId": .text(vpc), "RouteTableName": name, "EcmRegion": Stock.region])
        .text("RouteTable.RouteTableId")
    }
    table = try makeTable("used")
    freeTable = try makeTable("free")
    let made = try bench.call(
      "CreateRoutes",
      [
        "RouteTableId": .text(table),
        "Routes": [["DestinationCidrBlock": "172.20.0.0/16", "GatewayType": "NORMAL_CVM", "GatewayId": "10.0.0.5"]],
      ])
    route = try #require(made.at("RouteTableSet[0].RouteSet[0].RouteId").asInt)
    haVip = try bench.call(
      "CreateHaVip", ["VpcId": .text(vpc), "SubnetId": .text(subnet), "HaVipName": "vip", "Vip": "10.0.0.99"]
    )
    .text("HaVip.HaVipId")
    freeGroup = try makeGroup("free")
    group = try makeGroup("used")
    func rule(_ port: String, _ cidr: String) -> Value {
      ["Protocol": "tcp", "Port": .text(port), "CidrBlock": .text(cidr), "Action": "accept"]
    }
    try bench.call(
      "ModifySecurityGroupPolicies",
      [
        "SecurityGroupId": .text(group),
        "SecurityGroupPolicySet": [
          "Egress": [rule("80", "10.9.89.9/25"), rule("443", "10.0.0.0/16")],
          "Ingress": [rule("80", "10.0.0.0/16"), rule("22", "10.0.0.0/16")],
        ],
      ])
  }

  private mutating func makeGroup(_ name: Value) throws -> String {
    try bench.call("CreateSecurityGroup", ["GroupName": name, "GroupDescription": "about"])
      .text("SecurityGroup.SecurityGroupId")
  }

  private mutating func addCompute() throws {
    module = try bench.makeModule()
    unusedModule = try bench.makeModule("idle")
    key = try bench.call("CreateKeyPair", ["KeyName": "first"]).text("KeyPair.KeyId")
    let inside: Record = ["VpcId": .text(vpc), "SubnetId": .text(subnet)]
    running = try bench.run(module, 2, ["SecurityGroupIds": [.text(group)]], inside: inside)
    stopped = try bench.run(module, 2, ["KeyIds": [.text(key)]], inside: inside)
    bench.settle()
    try bench.call("StopInstances", ["InstanceIdSet": .list(stopped.map(Value.text))])
    bench.settle()
    imageTask = try bench.call("CreateImage", ["InstanceId": .text(stopped[0]), "ImageName": "golden"]).text("TaskId")
    try bench.call(
      "ImportImage", ["ImageId": "img-elsewhere", "ImageDescription": "about", "SourceRegion": "ap-chengdu"])
    bench.settle()
    importTask = try #require(bench.world.imageImports.all.first?.id)
    image = try #require(bench.world.images.all.first { $0.name == "golden" }?.id)
  }

  private mutating func makeInterface(_ extra: Int) throws -> String {
    try bench.call(
      "CreateNetworkInterface",
      [
        "VpcId": .text(vpc), "SubnetId": .text(subnet), "EcmRegion": Stock.region, "NetworkInterfaceName": "nic",
        "SecondaryPrivateIpAddressCount": .int(extra),
      ]
    ).text("NetworkInterface.NetworkInterfaceId")
  }

  private mutating func addInterfaces() throws {
    looseInterface = try makeInterface(0)
    attachedInterface = try makeInterface(1)
    bench.settle()
    try bench.call(
      "AttachNetworkInterface",
      [
        "NetworkInterfaceId": .text(attachedInterface), "InstanceId": .text(running[0]), "EcmRegion": Stock.region,
      ])
    secondAddress = try #require(bench.world.interfaces[attachedInterface]?.addresses.last?.text)
    primaryInterface = try #require(bench.world.instances[running[0]]?.interfaceID)
    ipv6 = try bench.call(
      "AssignIpv6Addresses", ["EcmRegion": Stock.region, "NetworkInterfaceId": .text(primaryInterface)]
    ).text("Ipv6AddressSet[0].Address")
    bench.settle()
  }

  private mutating func addAddresses() throws {
    let made = try bench.allocate(2)
    (looseAddress, boundAddress) = (made.ids[0], made.ids[1])
    bench.settle()
    addressTask = try bench.call(
      "AssociateAddress",
      ["EcmRegion": Stock.region, "AddressId": .text(boundAddress), "InstanceId": .text(running[1])]
    )
    .text("TaskId")
    bench.settle()
  }

  private mutating func addBalancer() throws {
    balancer = try bench.makeBalancer(vpc)
    listener = try bench.call("CreateListener", ["LoadBalancerId": .text(balancer), "Ports": [80], "Protocol": "TCP"])
      .text("ListenerIds[0]")
    balancerTask = try bench.callWithID(
      "BatchRegisterTargets",
      [
        "LoadBalancerId": .text(balancer),
        "Targets": [["ListenerId": .text(listener), "InstanceId": .text(running[0]), "Port": 80]],
      ]
    ).requestID
  }
}
