import Testing
import Values

@testable import CloudEmulator

@Suite("CVM instances")
struct CvmInstanceTests {
  @Test("instances are PENDING for 20 to 40 seconds, then RUNNING")
  func launch() throws {
    var bench = CvmBench()
    let ids = try bench.run(2)
    #expect(ids.count == 2)
    #expect(try bench.state(ids[0]) == "PENDING")
    #expect(try bench.member("LatestOperationState", of: ids[0]) == "OPERATING")
    bench.pass(.seconds(41))
    #expect(try bench.state(ids[1]) == "RUNNING")
    let shown = try bench.instance(ids[0]).asRecord ?? Record()
    #expect(shown["LatestOperation"] == "RunInstances" && shown["LatestOperationState"] == "SUCCESS")
    #expect(shown["InstanceName"] == "Unnamed" && shown["InstanceType"] == "S1.SMALL1")
    #expect(shown.at("VirtualPrivateCloud.VpcId") == .text(CvmSubnet.defaultVpc(CvmBench.region)))
    #expect(shown.at("SystemDisk.DiskSize") == 50)
    #expect(shown["PublicIpAddresses"] == .null && shown["RenewFlag"] == .null)
  }

  @Test("power calls go through their states")
  func power() throws {
    var bench = CvmBench()
    let id = try bench.running()[0]
    let ids: Record = ["InstanceIds": [.text(id)]]
    for (action, through, end) in [
      ("RebootInstances", "REBOOTING", "RUNNING"), ("StopInstances", "STOPPING", "STOPPED"),
      ("StartInstances", "STARTING", "RUNNING"),
    ] {
      try bench.call(action, ids)
      #expect(try bench.state(id) == .text(through))
      bench.settle()
      #expect(try bench.state(id) == .text(end))
      #expect(try bench.member("LatestOperation", of: id) == .text(action))
    }
    let rescue: Record = ["InstanceId": .text(id), "Password": "Rescue-2026"]
    #expect(bench.refusal("EnterRescueMode", rescue.merging(["Password": "short"])).hasSuffix("InvalidPassword"))
    try bench.call("EnterRescueMode", rescue)
    #expect(try bench.state(id) == "ENTER_RESCUE_MODE")
    bench.settle()
    #expect(try bench.state(id) == "RESCUE_MODE")
    try bench.call("ExitRescueMode", ["InstanceId": .text(id)])
    #expect(try bench.state(id) == "EXIT_RESCUE_MODE")
    bench.settle()
    #expect(try bench.state(id) == "RUNNING")
  }

  @Test("STOP_CHARGING is for what is billed by the hour, and forbids changes")
  func stopCharging() throws {
    var bench = CvmBench()
    let id = try bench.running()[0]
    let ids: Record = ["InstanceIds": [.text(id)]]
    try bench.call("StopInstances", ids.merging(["StoppedMode": "STOP_CHARGING"]))
    bench.settle()
    #expect(try bench.member("StopChargingMode", of: id) == "STOP_CHARGING")
    let code = bench.refusal("ResetInstancesPassword", ids.merging(["Password": "abc123ABC!@#"]))
    #expect(code == "UnsupportedOperation.StoppedModeStopCharging")
    try bench.call("StartInstances", ids)
    bench.settle()
    #expect(try bench.member("StopChargingMode", of: id) == "NOT_APPLICABLE")
  }

  @Test("termination: protected ones not, prepaid ones in two steps, and at a set time")
  func terminate() throws {
    var bench = CvmBench()
    let id = try bench.running(1, ["DisableApiTermination": true])[0]
    let ids: Record = ["InstanceIds": [.text(id)]]
    #expect(bench.refusal("TerminateInstances", ids) == "UnsupportedOperation.InstancesProtected")
    try bench.call("ModifyInstancesAttribute", ids.merging(["DisableApiTermination": false]))
    bench.settle()
    try bench.call("TerminateInstances", ids)
    #expect(try bench.state(id) == "TERMINATING")
    bench.settle()
    #expect(try bench.call("DescribeInstances", ids)["TotalCount"] == 0)
    #expect(bench.refusal("StartInstances", ids) == "InvalidInstanceId.NotFound")
    let prepaid = try bench.running(1, ["InstanceChargeType": "PREPAID", "InstanceChargePrepaid": ["Period": 1]])[0]
    try bench.call("TerminateInstances", ["InstanceIds": [.text(prepaid)]])
    bench.settle()
    #expect(try bench.state(prepaid) == "SHUTDOWN")
    #expect(try bench.member("IsolatedSource", of: prepaid) == "MANMADE")
    try bench.call("TerminateInstances", ["InstanceIds": [.text(prepaid)]])
    let timer: Record = [
      "ActionTimer": ["TimerAction": "TerminateInstances", "ActionTime": .text((bench.now + .minutes(30)).cvmText)]
    ]
    let timed = try bench.running(1, timer)[0]
    #expect(try bench.state(timed) == "RUNNING")
    bench.pass(.minutes(31))
    #expect(try bench.call("DescribeInstances", ["InstanceIds": [.text(timed)]])["TotalCount"] == 0)
    #expect(CvmInvariants.problems(bench.world) == [])
  }

  @Test("what is changed shows when the operation has succeeded")
  func changes() throws {
    var bench = CvmBench()
    let id = try bench.running(1, ["DataDisks": [["DiskSize": 100, "DiskType": "CLOUD_PREMIUM"]]])[0]
    let ids: Record = ["InstanceIds": [.text(id)]]
    try bench.call("ModifyInstancesAttribute", ids.merging(["InstanceName": "web"]))
    #expect(try bench.member("InstanceName", of: id) == "Unnamed")
    bench.settle()
    #expect(try bench.member("InstanceName", of: id) == "web")
    try bench.call("ModifyInstancesAttribute", ids.merging(["UserData": "TXlVc2VyRGF0YQo="]))
    bench.settle()
    let read = try bench.call("DescribeInstancesAttributes", ids.merging(["Attributes": ["UserData"]]))
    #expect(read.at("InstanceSet[0].Attributes.UserData") == "TXlVc2VyRGF0YQo=")
    try bench.call("ModifyInstancesProject", ids.merging(["ProjectId": 12]))
    bench.settle()
    #expect(try bench.instance(id).asRecord?.at("Placement.ProjectId") == 12)
    try bench.call("ResetInstancesType", ids.merging(["InstanceType": "S5.LARGE8", "ForceStop": true]))
    #expect(try bench.state(id) == "STOPPING")
    bench.settle()
    #expect(try bench.state(id) == "RUNNING")
    #expect(try bench.member("CPU", of: id) == 4)
    let resize: Record = ["InstanceId": .text(id), "ForceStop": true]
    #expect(
      bench.refusal("ResizeInstanceDisks", resize.merging(["DataDisks": [["DiskSize": 90]]])).hasPrefix("Invalid"))
    #expect(bench.refusal("ResizeInstanceDisks", resize) == "MissingParameter.AtLeastOne")
    try bench.call("ResizeInstanceDisks", resize.merging(["DataDisks": [["DiskSize": 200]]]))
    bench.settle()
    #expect(try bench.instance(id).asRecord?.at("DataDisks[0].DiskSize") == 200)
    try bench.call("ResetInstance", ["InstanceId": .text(id), "ImageId": "img-9qabwvbn"])
    bench.settle()
    #expect(try bench.member("OsName", of: id) == "CentOS 7.6 64-bit")
    let limit = try bench.call("DescribeInstancesOperationLimit", ids.merging(["Operation": "INSTANCE_DEGRADE"]))
    #expect(limit.at("InstanceOperationLimitSet[0].LimitCount") == 5)
  }

  @Test("an operation that fails leaves the instance as it was")
  func failure() throws {
    var bench = CvmBench()
    let id = try bench.running()[0]
    bench.cloud.inject(Fault(action: "cvm.ModifyInstancesAttribute", nth: 1, kind: .asyncFailure))
    try bench.call("ModifyInstancesAttribute", ["InstanceIds": [.text(id)], "InstanceName": "web"])
    bench.settle()
    #expect(try bench.member("InstanceName", of: id) == "Unnamed")
    #expect(try bench.member("LatestOperationState", of: id) == "FAILED")
    #expect(try bench.member("LatestOperationErrorMsg", of: id) != .null)
    bench.cloud.inject(Fault(action: "cvm.RunInstances", nth: 1, kind: .asyncFailure))
    let failed = try bench.run()[0]
    bench.pass(.minutes(1))
    #expect(try bench.state(failed) == "LAUNCH_FAILED")
    #expect(bench.refusal("StartInstances", ["InstanceIds": [.text(failed)]]) == "InvalidInstance.NotSupported")
    bench.settle()
    bench.settle()
    #expect(try bench.call("DescribeInstances", ["InstanceIds": [.text(failed)]])["TotalCount"] == 0)
    #expect(CvmInvariants.problems(bench.world) == [])
  }

  @Test("security groups, bandwidth and subnet")
  func network() throws {
    var bench = CvmBench()
    let id = try bench.running(1, ["InternetAccessible": ["InternetMaxBandwidthOut": 5]])[0]
    let ids: Record = ["InstanceIds": [.text(id)]]
    let groups = CvmSecurityGroup.names.map { CvmSecurityGroup.id(CvmBench.region, $0) }
    for group in groups[1...4] {
      try bench.call("AssociateSecurityGroups", ids.merging(["SecurityGroupIds": [.text(group)]]))
    }
    #expect(try bench.member("SecurityGroupIds", of: id) == .texts(Array(groups[0...4])))
    let sixth = ids.merging(["SecurityGroupIds": [.text(groups[5])]])
    #expect(bench.refusal("AssociateSecurityGroups", sixth) == "LimitExceeded.SingleUSGQuota")
    try bench.call("DisassociateSecurityGroups", ids.merging(["SecurityGroupIds": [.text(groups[0])]]))
    #expect(try bench.member("SecurityGroupIds", of: id) == .texts(Array(groups[1...4])))
    let unknown = ids.merging(["SecurityGroupIds": ["sg-00000000"]])
    #expect(bench.refusal("AssociateSecurityGroups", unknown) == "InvalidSecurityGroupId.NotFound")
    let bandwidth = ids.merging(["InternetAccessible": ["InternetMaxBandwidthOut": 50]])
    try bench.call("ResetInstancesInternetMaxBandwidth", bandwidth)
    #expect(try bench.instance(id).asRecord?.at("InternetAccessible.InternetMaxBandwidthOut") == 50)
    let place: Record = [
      "VpcId": .text(CvmBench.vpc), "SubnetId": .text(CvmBench.subnet), "PrivateIpAddresses": ["10.0.16.19"],
    ]
    try bench.call("ModifyInstancesVpcAttribute", ids.merging(["VirtualPrivateCloud": .record(place)]))
    bench.settle()
    #expect(try bench.instance(id).asRecord?.at("PrivateIpAddresses[0]") == "10.0.16.19")
    let other = try bench.running()[0]
    func refused(_ more: Record) -> String {
      bench.refusal(
        "ModifyInstancesVpcAttribute",
        ["InstanceIds": [.text(other)], "VirtualPrivateCloud": .record(place.merging(more))])
    }
    #expect(refused([:]) == "VpcIpIsUsed")
    #expect(refused(["PrivateIpAddresses": ["10.9.0.1"]]) == "VpcAddrNotInSubNet")
    #expect(refused(["VpcId": "what"]) == "InvalidParameterValue.VpcIdMalformed")
    #expect(refused(["SubnetId": "what"]) == "InvalidParameterValue.SubnetIdMalformed")
    #expect(CvmInvariants.problems(bench.world) == [])
  }
}
