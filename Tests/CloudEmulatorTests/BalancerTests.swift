import Testing
import Values

@testable import CloudEmulator

@Suite("Load balancers")
struct BalancerTests {
  @Test("a balancer runs when its task, which goes by the RequestId, ends")
  func create() throws {
    var bench = Bench()
    let before = bench.inventory
    let (answer, requestID) = try bench.callWithID(
      "CreateLoadBalancer",
      [
        "EcmRegion": .text(Bench.region), "LoadBalancerType": "OPEN", "VipIsp": "CUCC", "LoadBalancerName": "front",
        "InternetAccessible": ["InternetMaxBandwidthOut": "2000"], "Tags": [["TagKey": "a", "TagValue": "b"]],
      ])
    let id = try answer.text("LoadBalancerIds[0]")
    func status() throws -> Value {
      try bench.call("DescribeLoadBalanceTaskStatus", ["TaskId": .text(requestID)]).at("Status")
    }
    #expect(try status() == 2)
    let early: Record = ["LoadBalancerId": .text(id), "Ports": [80], "Protocol": "TCP"]
    #expect(bench.refusal("CreateListener", early) == "FailedOperation")
    bench.settle()
    #expect(try status() == 0)
    let shown = try bench.call("DescribeLoadBalancers", ["Filters": [["Name": "tag-key", "Values": ["a"]]]])
    #expect(shown.at("LoadBalancerSet[0].Status") == 1)
    #expect(shown.at("LoadBalancerSet[0].LoadBalancerName") == "front")
    #expect(shown.at("LoadBalancerSet[0].NetworkAttributes.InternetMaxBandwidthOut") == 2000)
    #expect(shown.at("LoadBalancerSet[0].Tags") == [["TagKey": "a", "TagValue": "b"]])
    try bench.call("DeleteLoadBalancer", ["LoadBalancerIds": [.text(id)]])
    #expect(bench.inventory == before)
    #expect(bench.refusal("DeleteLoadBalancer", ["LoadBalancerIds": [.text(id)]]) == "InvalidParameter.LBIdNotFound")
    #expect(try bench.call("DescribeLoadBalanceTaskStatus", ["TaskId": "unknown"]).at("Status") == .null)
  }

  @Test("listeners are made one a port, shown and deleted")
  func listeners() throws {
    var bench = Bench()
    let id = try bench.makeBalancer()
    let before = bench.inventory
    var parameters: Record = [
      "LoadBalancerId": .text(id), "Ports": [80, 443, 8080], "Protocol": "TCP", "ListenerNames": ["a", "b", "c"],
      "HealthCheck": ["TimeOut": 3],
    ]
    let ids = try bench.call("CreateListener", parameters)["ListenerIds"]?.asList ?? []
    #expect(ids.count == 3)
    #expect(bench.refusal("CreateListener", parameters) == "FailedOperation")
    parameters["Protocol"] = "UDP"
    try bench.call("CreateListener", parameters)
    parameters["ListenerNames"] = ["a"]
    #expect(bench.refusal("CreateListener", parameters) == "InvalidParameterValue.Length")
    let shown = try bench.call("DescribeListeners", ["LoadBalancerId": .text(id), "Protocol": "TCP", "Port": 443])
    #expect(shown.at("TotalCount") == 1)
    #expect(shown.at("Listeners[0].ListenerName") == "b")
    #expect(shown.at("Listeners[0].HealthCheck.TimeOut") == 3)
    #expect(shown.at("Listeners[0].HealthCheck.IntervalTime") == 5)
    try bench.call("DeleteListener", ["LoadBalancerId": .text(id), "ListenerId": ids[0]])
    try bench.call("DeleteLoadBalancerListeners", ["LoadBalancerId": .text(id), "ListenerIds": [ids[1]]])
    #expect(try bench.call("DescribeListeners", ["LoadBalancerId": .text(id)]).at("TotalCount") == 4)
    try bench.call("DeleteLoadBalancerListeners", ["LoadBalancerId": .text(id)])
    #expect(bench.inventory == before)
    let gone: Record = ["LoadBalancerId": .text(id), "ListenerId": ids[0]]
    #expect(bench.refusal("DeleteListener", gone) == "InvalidParameter.ListenerIdNotFound")
  }

  @Test("targets live two seconds after they are registered, and die with their instance")
  func targets() throws {
    var bench = Bench()
    let instances = try bench.run(try bench.makeModule(), 2)
    let id = try bench.makeBalancer()
    let listeners = try bench.call(
      "CreateListener", ["LoadBalancerId": .text(id), "Ports": [80, 81], "Protocol": "TCP"])
    let (web, other) = (listeners.at("ListenerIds[0]"), listeners.at("ListenerIds[1]"))
    func target(_ listener: Value, _ instance: String, _ port: Int = 8080) -> Value {
      ["ListenerId": listener, "InstanceId": .text(instance), "Port": .int(port)]
    }
    let before = bench.inventory
    let answer = try bench.call(
      "BatchRegisterTargets",
      [
        "LoadBalancerId": .text(id),
        "Targets": [target(web, instances[0]), target(web, instances[1]), target("lbl-00000000", instances[0])],
      ])
    #expect(answer["FailListenerIdSet"] == ["lbl-00000000"])
    func health() throws -> Value {
      try bench.call("DescribeTargetHealth", ["LoadBalancerIds": [.text(id)]])
        .at("LoadBalancers[0].Listeners[0].Rules[0].Targets[0].HealthStatusDetail")
    }
    #expect(try health() == "Unknown")
    bench.pass(.seconds(2))
    #expect(try health() == "Alive")
    let again = try bench.call(
      "BatchRegisterTargets",
      ["LoadBalancerId": .text(id), "Targets": [target(web, instances[0]), target(other, instances[0])]])
    #expect(again["FailListenerIdSet"] == [web])
    let shown = try bench.call("DescribeTargets", ["LoadBalancerId": .text(id)])
    #expect(shown.at("Listeners[0].Targets[0].Weight") == 10)
    #expect(shown.at("Listeners[0].Targets[].InstanceId") == .list(instances.map(Value.text)))
    try bench.call("StopInstances", ["InstanceIdSet": [.text(instances[0])]])
    #expect(try health() == "Dead")
    bench.settle()
    try bench.call("StartInstances", ["InstanceIdSet": [.text(instances[0])]])
    bench.settle()
    let gone = try bench.call(
      "BatchDeregisterTargets",
      [
        "LoadBalancerId": .text(id),
        "Targets": [target(web, instances[0]), target(web, instances[1]), target(other, instances[0], 99)],
      ])
    #expect(gone["FailListenerIdSet"] == [other])
    try bench.call("BatchDeregisterTargets", ["LoadBalancerId": .text(id), "Targets": [target(other, instances[0])]])
    #expect(bench.inventory == before)
    try bench.call("BatchRegisterTargets", ["LoadBalancerId": .text(id), "Targets": [target(web, instances[0])]])
    try bench.call("TerminateInstances", ["InstanceIdSet": [.text(instances[0])]])
    bench.settle()
    #expect(!bench.inventory.contains { $0.kind == "Target" })
  }

  @Test("an address of an interface that is plugged in is a target of its own, and is dead without it")
  func interfaceTargets() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let id = try bench.makeBalancer(stock.vpc)
    let listener = try bench.call(
      "CreateListener", ["LoadBalancerId": .text(id), "Ports": [80], "Protocol": "TCP"]
    ).at("ListenerIds[0]")
    let made = try bench.call(
      "CreateNetworkInterface",
      [
        "VpcId": .text(stock.vpc), "SubnetId": .text(stock.subnet), "NetworkInterfaceName": "second",
        "EcmRegion": Stock.region,
      ])
    let (interface, ip) = (
      made.at("NetworkInterface.NetworkInterfaceId"),
      made.at("NetworkInterface.PrivateIpAddressSet[0].PrivateIpAddress")
    )
    bench.settle()
    let target: Value = ["ListenerId": listener, "EniIp": ip, "Port": 8080]
    let register: Record = ["LoadBalancerId": .text(id), "Targets": [target]]
    #expect(try bench.call("BatchRegisterTargets", register)["FailListenerIdSet"] == [listener])
    let plug: Record = [
      "NetworkInterfaceId": interface, "InstanceId": .text(stock.running[0]), "EcmRegion": Stock.region,
    ]
    try bench.call("AttachNetworkInterface", plug)
    bench.settle()
    let own: Value = ["ListenerId": listener, "InstanceId": .text(stock.running[0]), "Port": 8080]
    #expect(
      try bench.call("BatchRegisterTargets", register.merging(["Targets": [target, own]]))["FailListenerIdSet"] == [])
    bench.pass(.seconds(2))
    let shown = try bench.call("DescribeTargets", ["LoadBalancerId": .text(id)])
    #expect(shown.at("Listeners[0].Targets[0].PrivateIpAddresses[0]") == ip)
    #expect(shown.at("Listeners[0].Targets[0].EniId") == interface)
    #expect(shown.at("Listeners[0].Targets[1].EniId") != interface)
    func health() throws -> Value {
      try bench.call("DescribeTargetHealth", ["LoadBalancerIds": [.text(id)]])
        .at("LoadBalancers[0].Listeners[0].Rules[0].Targets[].HealthStatusDetail")
    }
    #expect(try health() == ["Alive", "Alive"])
    try bench.call(
      "ModifyTargetWeight",
      [
        "LoadBalancerId": .text(id), "ListenerId": listener, "Weight": 3, "Targets": [["EniIp": ip, "Port": 8080]],
      ])
    let weights = try bench.call("DescribeTargets", ["LoadBalancerId": .text(id)]).at("Listeners[0].Targets[].Weight")
    #expect(weights == [3, 10])
    try bench.call("DetachNetworkInterface", plug)
    bench.settle()
    #expect(try health() == ["Dead", "Alive"])
  }

  @Test("balancers are found by what they are and what stands behind them")
  func search() throws {
    var bench = Bench()
    let vpc = try bench.makeVpc()
    let id = try bench.makeBalancer(vpc)
    _ = try bench.makeBalancer()
    func found(_ parameters: Record) throws -> Value {
      try bench.call("DescribeLoadBalancers", parameters).at("TotalCount")
    }
    #expect(try found([:]) == 2)
    #expect(try found(["VpcId": .text(vpc)]) == 1)
    #expect(try found(["LoadBalancerIds": [.text(id)]]) == 1)
    #expect(try found(["WithBackend": 1]) == 0)
    #expect(try found(["WithBackend": 0, "EcmRegion": .text(Bench.region)]) == 2)
    #expect(try found(["EcmRegion": "ap-xian-ecm"]) == 0)
    #expect(bench.refusal("DescribeLoadBalancers", ["EcmRegion": "x"]) == "InvalidParameter.RegionNotFound")
    #expect(bench.refusal("DeleteVpc", ["VpcId": .text(vpc), "EcmRegion": .text(Bench.region)]) == "ResourceInUse")
    let bad: Record = ["EcmRegion": .text(Bench.region), "LoadBalancerType": "INNER", "VipIsp": "CUCC"]
    #expect(bench.refusal("CreateLoadBalancer", bad) == "InvalidParameterValue.InvalidLoadBalancerType")
  }
}
