import Testing
import Values

@testable import CloudEmulator

@Suite("Making CVM instances")
struct CvmRunTests {
  private static let base: Record = [
    "Placement": ["Zone": .text(CvmBench.zone)], "ImageId": .text(CvmBench.image),
  ]

  @Test("what is wrong with a call is told by the printed code")
  func refusals() throws {
    var bench = CvmBench()
    let net: Record = ["VpcId": .text(CvmBench.vpc), "SubnetId": .text(CvmBench.subnet)]
    let cases: [(Record, String)] = [
      (["Placement": .null], "MissingParameter"), (["ImageId": .null], "MissingParameter"),
      (["Placement": ["Zone": "ap-guangzhou-2"]], "InvalidZone.MismatchRegion"),
      (["ImageId": "what"], "InvalidImageId.Malformed"), (["ImageId": "img-00000000"], "InvalidImageId.NotFound"),
      (["InstanceType": "what"], "InvalidInstanceType.Malformed"),
      (["InstanceType": "S9.HUGE1"], "InvalidParameterValue.InstanceTypeNotFound"),
      (["InstanceType": "CDH_1C1G"], "InvalidParameter.HostIdCustomizedInstanceTypeNotSupport"),
      (["InstanceChargeType": "PREPAID"], "MissingParameter"), (["InstanceChargeType": "SPOTPAID"], "MissingParameter"),
      (["InstanceChargeType": "CDHPAID", "InstanceType": "CDH_1C1G"], "MissingParameter"),
      (["LoginSettings": ["Password": "simple"]], "InvalidParameterValue.InvalidPassword"),
      (["LoginSettings": ["Password": "simplesimple"]], "InvalidParameterValue.InvalidPassword"),
      (
        ["LoginSettings": ["Password": "Qcloud@Test1", "KeyIds": ["skey-00000000"]]],
        "InvalidParameter.ParameterConflict"
      ),
      (["LoginSettings": ["KeyIds": ["skey-00000000"]]], "InvalidParameterValue.KeyPairNotFound"),
      (["LoginSettings": ["KeepImageLogin": "TRUE"]], "InvalidParameterCombination"),
      (["SecurityGroupIds": ["sg-00000000"]], "InvalidSecurityGroupId.NotFound"),
      (["VirtualPrivateCloud": ["VpcId": "what", "SubnetId": "x"]], "InvalidParameterValue.VpcIdMalformed"),
      (
        ["VirtualPrivateCloud": ["VpcId": "vpc-00000000", "SubnetId": "subnet-00000000"]],
        "InvalidParameterValue.VpcIdNotExist"
      ),
      (
        ["VirtualPrivateCloud": .record(net.merging(["SubnetId": "subnet-00000000"]))],
        "InvalidParameterValue.SubnetNotExist"
      ),
      (
        ["Placement": ["Zone": "ap-shanghai-3"], "VirtualPrivateCloud": .record(net)],
        "InvalidParameterValue.VpcIdZoneIdNotMatch"
      ),
      (["VirtualPrivateCloud": .record(net.merging(["PrivateIpAddresses": ["10.1.1.1"]]))], "VpcAddrNotInSubNet"),
      (
        ["VirtualPrivateCloud": .record(net.merging(["PrivateIpAddresses": ["x"]]))],
        "InvalidParameterValue.IPAddressMalformed"
      ),
      (["SystemDisk": ["DiskSize": 10]], "InvalidParameterValue.Range"),
      (["DataDisks": [["DiskSize": 55]]], "InvalidParameterValue.Range"),
      (
        ["DataDisks": [["DiskSize": 50, "DiskType": "CLOUD_SSD"]]], "InvalidParameterValue.CloudSsdDataDiskSizeTooSmall"
      ),
      (["DataDisks": [["DiskSize": 50, "SnapshotId": "snap-00000000"]]], "InvalidParameter.SnapshotNotFound"),
      (["HostName": "-bad-"], "InvalidParameterValue.IllegalHostName"),
      (["UserData": "***"], "InvalidParameterValue.InvalidUserDataFormat"),
      (["DisasterRecoverGroupIds": ["ps-00000000"]], "FailedOperation.DisasterRecoverGroupNotFound"),
      (["ActionTimer": ["ActionTime": "soon"]], "InvalidParameterValue.InvalidTimeFormat"),
      (["HpcClusterId": "hpc-1"], "ResourceNotFound.HpcCluster"),
      (["ChcIds": ["chc-00000000"]], "InvalidParameterValue.ChcHostsNotFound"),
      (["LaunchTemplate": ["LaunchTemplateId": "lt-00000000"]], "InvalidParameterValue.LaunchTemplateIdNotExisted"),
      (["InternetAccessible": ["InternetMaxBandwidthOut": 999]], "InvalidParameterValue.Range"),
      (
        ["InternetAccessible": ["InternetChargeType": "BANDWIDTH_PACKAGE"]],
        "InvalidParameterValue.BandwidthPackageIdMalformed"
      ),
    ]
    for (more, code) in cases {
      let parameters = CvmRunTests.base.merging(more)
      let got = bench.refusal("RunInstances", Record(parameters.filter { !$0.value.isNull }.map { ($0.key, $0.value) }))
      #expect(got == code || got.hasSuffix(".InvalidIpFormat"), "\(more): \(got)")
    }
  }

  @Test("a dry run ends in DryRunOperation, or in what is wrong, and does nothing")
  func dryRun() throws {
    let scene = try CvmScene()
    var bench = scene.bench
    let actions = [
      "RunInstances", "CreateImage", "DeleteImages", "ImportImage", "ExportImages", "SyncImages",
      "ConvertOperatingSystems", "CreateLaunchTemplate", "CreateLaunchTemplateVersion",
      "PurchaseReservedInstancesOffering", "InquirePricePurchaseReservedInstancesOffering",
      "DescribeReservedInstances", "DescribeReservedInstancesOfferings",
    ]
    for action in actions {
      let parameters = (scene.parameters(action) ?? [:]).merging(["DryRun": "True"])
      #expect(bench.refusal(action, parameters) == "DryRunOperation", "\(action)")
    }
    let wrong = CvmRunTests.base.merging(["DryRun": true, "ImageId": "img-00000000"])
    #expect(bench.refusal("RunInstances", wrong) == "InvalidImageId.NotFound")
  }

  @Test("a ClientToken makes a repeated call answer the same and do nothing; other parameters are refused")
  func clientToken() throws {
    let scene = try CvmScene()
    for action in [
      "RunInstances", "CreateLaunchTemplate", "CreateLaunchTemplateVersion", "CreateDisasterRecoverGroup",
      "PurchaseReservedInstancesOffering",
    ] {
      var bench = scene.bench
      let parameters = (scene.parameters(action) ?? [:]).merging(["ClientToken": "once"])
      let first = try bench.call(action, parameters)
      let before = bench.inventory
      #expect(try bench.call(action, parameters) == first, "\(action)")
      #expect(bench.inventory == before, "\(action)")
      #expect(try bench.call(action, other(action, parameters).merging(["ClientToken": "twice"])) != first)
      let changed = other(action, parameters)
      #expect(bench.refusal(action, changed).hasPrefix("InvalidParameter"), "\(action)")
      var copy = bench
      copy.cloud = try EmulatedCloud(decoding: bench.cloud.encoded)
      #expect(try copy.call(action, parameters) == first, "\(action)")
    }
  }

  /// The same call with something else in it.
  private func other(_ action: String, _ parameters: Record) -> Record {
    switch action {
    case "RunInstances": parameters.merging(["InstanceName": "other"])
    case "PurchaseReservedInstancesOffering": parameters.merging(["InstanceCount": 3])
    case "CreateDisasterRecoverGroup": parameters.merging(["Name": "other"])
    case "CreateLaunchTemplate": parameters.merging(["LaunchTemplateName": "a third"])
    default: parameters.merging(["InstanceName": "other"])
    }
  }

  @Test("names are numbered, addresses named or the lowest free, the rest as asked")
  func asked() throws {
    var bench = CvmBench()
    let net: Value = [
      "VpcId": .text(CvmBench.vpc), "SubnetId": .text(CvmBench.subnet),
      "PrivateIpAddresses": ["10.0.16.19", "10.0.16.18"],
    ]
    let ids = try bench.running(
      2,
      [
        "InstanceName": "web{R:3}", "VirtualPrivateCloud": net, "InternetAccessible": ["InternetMaxBandwidthOut": "10"],
        "DataDisks": [["DiskSize": "100", "DiskType": "CLOUD_PREMIUM"]], "InstanceType": "S5.16XLARGE256",
        "SecurityGroupIds": [.text(CvmBench.group)],
        "TagSpecification": [["ResourceType": "instance", "Tags": [["Key": "city", "Value": "shenzhen"]]]],
      ])
    let list = try bench.call("DescribeInstances", ["Filters": [["Name": "tag:city", "Values": ["shenzhen"]]]])
    #expect(list.at("InstanceSet[].InstanceId") == .texts(ids.reversed()))
    #expect(list.at("InstanceSet[1].InstanceName") == "web3" && list.at("InstanceSet[0].InstanceName") == "web4")
    #expect(list.at("InstanceSet[1].PrivateIpAddresses[0]") == "10.0.16.19")
    #expect(list.at("InstanceSet[0].Memory") == 256 && list.at("InstanceSet[0].DataDisks[0].DiskSize") == 100)
    #expect(list.at("InstanceSet[0].PublicIpAddresses").asList?.count == 1)
    #expect(list.at("InstanceSet[0].SecurityGroupIds") == [.text(CvmBench.group)])
  }

  @Test("dedicated hosts fill up; hosted servers come online and go back")
  func hosts() throws {
    var bench = CvmBench()
    let host = try #require(bench.world.cvm[CvmBench.region].hosts.all.first)
    let cdh: Record = [
      "Placement": ["Zone": .text(host.zone), "HostIds": [.text(host.id)]], "InstanceChargeType": "CDHPAID",
      "InstanceType": "CDH_20C40G", "ImageId": .text(CvmBench.image),
    ]
    let ids = try bench.running(2, cdh)
    #expect(try bench.instance(ids[0]).asRecord?.at("Placement.HostId") == .text(host.id))
    #expect(bench.refusal("RunInstances", cdh) == "InvalidParameter.InstanceTypeSupportedHostNotFound")
    let chc = try #require(bench.world.cvm[CvmBench.region].chcHosts.all.first)
    let place: Record = ["Placement": ["Zone": .text(chc.zone)], "ChcIds": [.text(chc.id)]]
    let install = CvmRunTests.base.merging(place)
    #expect(bench.refusal("RunInstances", install) == "OperationDenied.ChcInstallCloudImageWithoutDeployNetwork")
    let net: Value = ["VpcId": .text(CvmBench.vpc), "SubnetId": .text(CvmSubnet.subnet(chc.zone, isDefault: false))]
    let hosts: Record = ["ChcIds": [.text(chc.id)]]
    #expect(
      bench.refusal("ConfigureChcDeployVpc", hosts.merging(["DeployVirtualPrivateCloud": net]))
        == "InvalidHost.NotSupported")
    try bench.call(
      "ConfigureChcAssistVpc", hosts.merging(["BmcVirtualPrivateCloud": net, "DeployVirtualPrivateCloud": net]))
    #expect(try bench.call("DescribeChcHosts", hosts).at("ChcHostSet[0].InstanceState") == "PREPARED")
    let deploy = hosts.merging(["DeployVirtualPrivateCloud": net])
    #expect(bench.refusal("ConfigureChcDeployVpc", deploy) == "InvalidParameterValue.DeployVpcAlreadyExists")
    let id = try bench.running(1, place)[0]
    #expect(try bench.call("DescribeChcHosts", hosts).at("ChcHostSet[0].CvmInstanceId") == .text(id))
    #expect(bench.refusal("RemoveChcAssistVpc", hosts) == "InvalidHost.NotSupported")
    try bench.call("TerminateInstances", ["InstanceIds": [.text(id)]])
    bench.settle()
    try bench.call("RemoveChcAssistVpc", hosts)
    let denied = try bench.call("DescribeChcDeniedActions", hosts)
    #expect(denied.at("ChcHostDeniedActionSet[0].State") == "REGISTERED")
    #expect(denied.at("ChcHostDeniedActionSet[0].DenyActions").asList?.contains("RunInstances") == true)
    #expect(CvmInvariants.problems(bench.world) == [])
  }
}
