import CloudCatalog
import Testing
import Values

@testable import CloudEmulator

/// An account with something for every action to work on.
struct CvmScene {
  var bench = CvmBench()
  let running: String
  let stopped: String
  let prepaid: String
  let rescued: String
  let disposable: String
  let image: String
  let key: String
  let spareKey: String
  let template: String
  let group: String
  let chc: [String]
  let offering: String

  init() throws {
    key = try bench.makeKey()
    spareKey = try bench.makeKey("spare")
    image = try bench.makeImage()
    let keyed: Record = ["LoginSettings": ["KeyIds": [.text(key)]]]
    let disks: Record = [
      "DataDisks": [["DiskSize": 100, "DiskType": "CLOUD_PREMIUM"]], "ImageId": "img-9qabwvbn",
      "InternetAccessible": ["InternetMaxBandwidthOut": 5, "PublicIpAssigned": true],
    ]
    running = try bench.running(1, disks)[0]
    rescued = try bench.running()[0]
    stopped = try bench.stopped(1, keyed.merging(["DataDisks": [["DiskSize": 100, "DiskType": "CLOUD_PREMIUM"]]]))[0]
    disposable = try bench.running()[0]
    prepaid = try bench.running(1, ["InstanceChargeType": "PREPAID", "InstanceChargePrepaid": ["Period": 1]])[0]
    try bench.call("EnterRescueMode", ["InstanceId": .text(rescued), "Password": "Rescue-2026"])
    bench.settle()
    template = try bench.makeTemplate()
    try bench.call(
      "CreateLaunchTemplateVersion",
      ["LaunchTemplateId": .text(template), "Placement": ["Zone": .text(CvmBench.zone)]])
    try bench.call(
      "CreateLaunchTemplateVersion",
      ["LaunchTemplateId": .text(template), "Placement": ["Zone": .text(CvmBench.zone)]])
    group = try bench.makeGroup()
    chc = try bench.call("DescribeChcHosts").at("ChcHostSet[].ChcId").asList?.compactMap(\.asText) ?? []
    offering = try bench.call("DescribeReservedInstancesOfferings")
      .text("ReservedInstancesOfferingsSet[0].ReservedInstancesOfferingId")
    try bench.call(
      "PurchaseReservedInstancesOffering",
      ["InstanceCount": 1, "ReservedInstancesOfferingId": .text(offering)])
    bench.settle()
  }

  /// Parameters with which the action must succeed here; nil for an action that takes none.
  func parameters(_ action: String) -> Record? {
    instanceParameters(action) ?? changeParameters(action) ?? imageParameters(action) ?? otherParameters(action)
  }

  /// Calls that must come before.
  var preparations: [String: [String]] {
    [
      "ConfigureChcDeployVpc": ["ConfigureChcAssistVpc"], "RemoveChcAssistVpc": ["ConfigureChcAssistVpc"],
      "RemoveChcDeployVpc": ["ConfigureChcAssistVpc", "ConfigureChcDeployVpc"],
    ]
  }

  private var one: Record { ["InstanceIds": [.text(running)]] }
  private var off: Record { ["InstanceIds": [.text(stopped)]] }

  private func instanceParameters(_ action: String) -> Record? {
    let make: Record = ["Placement": ["Zone": .text(CvmBench.zone)], "ImageId": .text(CvmBench.image)]
    return switch action {
    case "RunInstances", "InquiryPriceRunInstances": make
    case "StartInstances": off
    case "StopInstances", "RebootInstances", "AssociateSecurityGroupsOf", "ConvertOperatingSystems": one
    case "TerminateInstances": ["InstanceIds": [.text(disposable)]]
    case "DescribeInstancesAttributes": one.merging(["Attributes": ["UserData"]])
    case "DescribeInstancesOperationLimit": one.merging(["Operation": "INSTANCE_DEGRADE"])
    case "DescribeInstanceVncUrl": ["InstanceId": .text(running)]
    case "EnterRescueMode": ["InstanceId": .text(running), "Password": "Rescue-2026"]
    case "ExitRescueMode": ["InstanceId": .text(rescued)]
    case "DescribeReservedInstances", "DescribeReservedInstancesOfferings": ["Limit": 5]
    case "PurchaseReservedInstancesOffering", "InquirePricePurchaseReservedInstancesOffering":
      ["InstanceCount": 2, "ReservedInstancesOfferingId": .text(offering)]
    case "DescribeZoneInstanceConfigInfos", "DescribeInstanceTypeConfigs":
      ["Filters": [["Name": "zone", "Values": [.text(CvmBench.zone)]]]]
    default: nil
    }
  }

  private func changeParameters(_ action: String) -> Record? {
    let place: Value = ["VpcId": .text(CvmBench.vpc), "SubnetId": .text(CvmBench.subnet)]
    let bandwidth: Record = ["InternetAccessible": ["InternetMaxBandwidthOut": 20]]
    let larger: Record = ["InstanceId": .text(stopped), "DataDisks": [["DiskSize": 200]], "ForceStop": true]
    return switch action {
    case "ResetInstancesPassword": off.merging(["Password": "abc123ABC!@#"])
    case "ResetInstancesType", "InquiryPriceResetInstancesType": off.merging(["InstanceType": "S5.MEDIUM4"])
    case "ResizeInstanceDisks": larger
    case "InquiryPriceResizeInstanceDisks": larger.merging(["InstanceId": .text(running)])
    case "ModifyInstancesAttribute": one.merging(["InstanceName": "renamed"])
    case "ModifyInstancesRenewFlag": ["InstanceIds": [.text(prepaid)], "RenewFlag": "NOTIFY_AND_AUTO_RENEW"]
    case "ModifyInstancesProject": one.merging(["ProjectId": "1045"])
    case "ModifyInstancesVpcAttribute": one.merging(["VirtualPrivateCloud": place])
    case "ResetInstance", "InquiryPriceResetInstance": ["InstanceId": .text(running)]
    case "ResetInstancesInternetMaxBandwidth", "InquiryPriceResetInstancesInternetMaxBandwidth":
      one.merging(bandwidth)
    case "AssociateSecurityGroups", "DisassociateSecurityGroups":
      one.merging(["SecurityGroupIds": [.text(CvmBench.group)]])
    case "AssociateInstancesKeyPairs": off.merging(["KeyIds": [.text(spareKey)]])
    case "DisassociateInstancesKeyPairs": off.merging(["KeyIds": [.text(key)]])
    default: nil
    }
  }

  private func imageParameters(_ action: String) -> Record? {
    let own: Record = ["ImageId": .text(image)]
    let list: Record = ["ImageIds": [.text(image)]]
    return switch action {
    case "CreateImage": ["InstanceId": .text(stopped), "ImageName": "second"]
    case "DeleteImages": list
    case "ModifyImageAttribute": own.merging(["ImageName": "third", "ImageFamily": "daily"])
    case "ModifyImageSharePermission": own.merging(["AccountIds": ["1038493875"], "Permission": "SHARE"])
    case "DescribeImageSharePermission": own
    case "DescribeImageFromFamily": ["ImageFamily": "daily"]
    case "ExportImages": list.merging(["BucketName": "test-bucket"])
    case "SyncImages": list.merging(["DestinationRegions": ["ap-guangzhou"], "ImageSetRequired": true])
    case "ImportImage":
      [
        "Architecture": "x86_64", "OsType": "CentOS", "OsVersion": "6", "ImageName": "sample",
        "ImageUrl": "http://bucket.example/image.vmdk",
      ]
    default: nil
    }
  }

  private func otherParameters(_ action: String) -> Record? {
    let place: Record = ["Placement": ["Zone": .text(CvmBench.zone)]]
    let own: Record = ["LaunchTemplateId": .text(template)]
    let hosts: Record = ["ChcIds": .texts(chc)]
    let zone = bench.world.cvm[CvmBench.region].chcHosts.all.first?.zone ?? ""
    let network: Value = [
      "VpcId": .text(CvmBench.vpc), "SubnetId": .text(CvmSubnet.subnet(zone, isDefault: false)),
    ]
    return switch action {
    case "CreateKeyPair": ["KeyName": "third", "ProjectId": 0]
    case "ImportKeyPair": ["KeyName": "third", "ProjectId": "0", "PublicKey": "ssh-rsa XXXXXXXXXXXX== me"]
    case "DeleteKeyPairs": ["KeyIds": [.text(spareKey)]]
    case "ModifyKeyPairAttribute": ["KeyId": .text(key), "Description": "for the web"]
    case "CreateLaunchTemplate": place.merging(["LaunchTemplateName": "other", "ImageId": .text(CvmBench.image)])
    case "CreateLaunchTemplateVersion": own.merging(place)
    case "DeleteLaunchTemplate", "DescribeLaunchTemplateVersions": own
    case "DeleteLaunchTemplateVersions": own.merging(["LaunchTemplateVersions": [2]])
    case "ModifyLaunchTemplateDefaultVersion": own.merging(["DefaultVersion": 2])
    case "CreateDisasterRecoverGroup": ["Name": "more", "Type": "HOST"]
    case "DeleteDisasterRecoverGroups": ["DisasterRecoverGroupIds": [.text(group)]]
    case "ModifyDisasterRecoverGroupAttribute": ["DisasterRecoverGroupId": .text(group), "Name": "other"]
    case "ConfigureChcAssistVpc": hosts.merging(["BmcVirtualPrivateCloud": network])
    case "ConfigureChcDeployVpc": hosts.merging(["DeployVirtualPrivateCloud": network])
    case "RemoveChcAssistVpc", "RemoveChcDeployVpc", "DescribeChcDeniedActions": hosts
    case "ModifyChcAttribute": hosts.merging(["InstanceName": "server1"])
    case "AllocateHosts": place
    case "ModifyHostsAttribute":
      ["HostIds": [.text(CvmID.seeded("host", CvmBench.region))], "HostName": "host-two"]
    default: nil
    }
  }
}

@Suite("Every action of CVM")
struct CvmActionTests {
  @Test("the table holds what the catalog holds")
  func complete() {
    let listed = Set(Catalog.service("cvm")?.actionNames ?? [])
    #expect(listed.count == 77 + 4)
    #expect(Set(ActionTable.cvm.keys) == listed)
  }

  @Test("each answers a valid call, with the members that the books state")
  func valid() throws {
    let scene = try CvmScene()
    for action in Catalog.service("cvm")?.actionNames ?? [] {
      var bench = scene.bench
      for before in scene.preparations[action] ?? [] { try bench.call(before, scene.parameters(before) ?? [:]) }
      do {
        try bench.call(action, scene.parameters(action) ?? [:])
      } catch {
        Issue.record("\(action) fails")
        continue
      }
      bench.settle()
      #expect(CvmInvariants.problems(bench.world) == [], "\(action)")
    }
  }

  @Test("each needs a region that there is")
  func region() throws {
    let scene = try CvmScene()
    for action in (Catalog.service("cvm")?.actionNames ?? []) where action != "DescribeRegions" {
      var bench = scene.bench
      for (region, code) in [("ap-nowhere", "UnsupportedRegion"), ("", "MissingParameter")] {
        guard case .refused(let error) = bench.reply(action, scene.parameters(action) ?? [:], in: region) else {
          Issue.record("\(action) was not refused")
          continue
        }
        #expect(error.code == code, "\(action)")
      }
    }
  }

  @Test("what one region holds is not to be found in another")
  func apart() throws {
    let scene = try CvmScene()
    var bench = scene.bench
    bench.region = "ap-beijing"
    for action in Catalog.service("cvm")?.actionNames ?? [] where scene.parameters(action)?["InstanceIds"] != nil {
      #expect(bench.refusal(action, scene.parameters(action) ?? [:]) == "InvalidInstanceId.NotFound", "\(action)")
    }
    #expect(try bench.call("DescribeInstances")["TotalCount"] == 0)
    #expect(try bench.call("DescribeKeyPairs")["TotalCount"] == 0)
  }

  @Test("the four calls that the books list without a page work on dedicated hosts")
  func inferred() throws {
    var bench = CvmBench()
    #expect(try bench.call("DescribeRegions", in: "")["TotalCount"] == 18)
    let place: Record = ["Placement": ["Zone": .text(CvmBench.zone)], "ClientToken": "once"]
    let ids = try bench.call("AllocateHosts", place.merging(["HostCount": 2]))["HostIdSet"] ?? .null
    #expect(ids.asList?.count == 2)
    #expect(try bench.call("AllocateHosts", place.merging(["HostCount": 2]))["HostIdSet"] == ids)
    try bench.call("ModifyHostsAttribute", ["HostIds": ids, "HostName": "renamed", "ProjectId": 7])
    let renamed: Record = ["Filters": [["Name": "host-name", "Values": ["renamed"]]]]
    let shown = try bench.call("DescribeHosts", renamed)
    #expect(shown["TotalCount"] == 2 && shown.at("HostSet[0].Placement.ProjectId") == 7)
    let instances = try bench.run(
      1,
      [
        "Placement": ["Zone": .text(CvmBench.zone), "HostIds": ids], "InstanceChargeType": "CDHPAID",
        "InstanceType": "CDH_4C8G",
      ])
    let busy = try bench.call("DescribeHosts").at("HostSet[].InstanceIds").asList ?? []
    #expect(busy.contains(.texts(instances)))
  }

  @Test(
    "calls on dedicated hosts are refused with the codes that instances' pages have for hosts",
    arguments: [
      ("AllocateHosts", ["Placement": ["Zone": "ap-beijing-1"]], "InvalidZone.MismatchRegion"),
      ("AllocateHosts", ["Placement": ["Zone": .text(CvmBench.zone)], "HostCount": 101], "InvalidParameterValue"),
      ("AllocateHosts", [:], "MissingParameter"),
      ("ModifyHostsAttribute", ["HostIds": ["h-1"], "HostName": "a"], "InvalidHostId.Malformed"),
      ("ModifyHostsAttribute", ["HostIds": ["host-00000000"]], "InvalidHostId.NotFound"),
      ("ModifyHostsAttribute", ["HostIds": ["host-00000000"], "RenewFlag": "NO"], "InvalidParameterValue"),
      ("DescribeHosts", ["Filters": [["Name": "colour", "Values": ["red"]]]], "InvalidFilter"),
      ("DescribeHosts", ["Offset": -1], "InvalidParameterValueOffset"),
    ] as [(String, Record, String)])
  func inferredRefusals(_ action: String, _ parameters: Record, _ code: String) {
    var bench = CvmBench()
    #expect(bench.refusal(action, parameters) == code)
  }
}

/// What must hold in every world.
enum CvmInvariants {
  static func problems(_ world: World) -> [String] {
    CvmGeography.standard.regions.flatMap { region -> [String] in
      let state = world.cvm[region.name]
      var problems = Invariants.indexes(state.instances)
      var places: [CvmPlace] = state.instances.all.map(\.place)
      places += state.chcHosts.all.flatMap { [$0.management, $0.deployment].compactMap { $0?.place } }
      for subnet in state.subnets.all {
        let addresses = places.filter { $0.subnetID == subnet.id }.map(\.address)
        if Set(addresses).count != addresses.count { problems.append("\(subnet.id) has an address twice") }
        if addresses.contains(where: { subnet.hosts.isFree($0) }) { problems.append("\(subnet.id) gives a taken one") }
        let used = subnet.hosts.network.size - 3 - subnet.hosts.available
        let moving = state.instances.all.filter { $0.latest.outcome == .operating }.count
        if !(addresses.count...addresses.count + moving).contains(used) { problems.append("\(subnet.id) leaks") }
      }
      for instance in state.instances.all {
        for key in instance.keyIDs where state.keys[key] == nil { problems.append("\(instance.id): no \(key)") }
        if let group = instance.groupID, state.groups[group] == nil { problems.append("\(instance.id): no \(group)") }
        if world.timeline.next == nil, instance.isBusy { problems.append("\(instance.id) is busy for ever") }
      }
      return problems
    }
  }
}
