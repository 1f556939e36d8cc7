import Testing
import Values

@testable import CloudEmulator

@Suite("Images, keys, templates and groups of CVM")
struct CvmResourceTests {
  @Test("an image is CREATING, then NORMAL, and can be used, shared, copied and deleted")
  func images() throws {
    var bench = CvmBench()
    let id = try bench.running()[0]
    let create: Record = ["InstanceId": .text(id), "ImageName": "golden"]
    #expect(bench.refusal("CreateImage", create) == "InvalidInstance.NotSupported")
    let image = try bench.call("CreateImage", create.merging(["ForcePoweroff": "TRUE"])).text("ImageId")
    func state() throws -> Value {
      try bench.call("DescribeImages", ["ImageIds": [.text(image)]]).at("ImageSet[0].ImageState")
    }
    let own: Record = ["ImageId": .text(image)]
    let list: Record = ["ImageIds": [.text(image)]]
    #expect(try state() == "CREATING")
    #expect(bench.refusal("DeleteImages", list) == "InvalidImageId.IncorrectState")
    #expect(bench.refusal("CreateImage", create) == "InvalidImageName.Duplicate")
    #expect(
      bench.refusal("RunInstances", ["Placement": ["Zone": .text(CvmBench.zone)], "ImageId": .text(image)])
        == "InvalidParameterValue.InvalidImageState")
    bench.settle()
    #expect(try state() == "NORMAL")
    #expect(try bench.state(id) == "RUNNING")
    try bench.call("ModifyImageAttribute", own.merging(["ImageFamily": "daily"]))
    #expect(try bench.call("DescribeImageFromFamily", ["ImageFamily": "daily"]).at("Image.ImageId") == .text(image))
    try bench.call("ModifyImageAttribute", own.merging(["ImageDeprecated": true]))
    #expect(try bench.call("DescribeImageFromFamily", ["ImageFamily": "daily"])["Image"] == .null)
    try bench.call("ModifyImageSharePermission", own.merging(["AccountIds": ["1038493875"], "Permission": "SHARE"]))
    #expect(
      try bench.call("DescribeImageSharePermission", own).at("SharePermissionSet[0].AccountId") == "1038493875")
    #expect(bench.refusal("DeleteImages", list) == "InvalidImageId.InShared")
    try bench.call("ModifyImageSharePermission", own.merging(["AccountIds": ["1038493875"], "Permission": "CANCEL"]))
    let copy = try bench.call(
      "SyncImages", list.merging(["DestinationRegions": ["ap-beijing"], "ImageSetRequired": true])
    ).text("ImageSet[0].ImageId")
    bench.settle()
    let there = try bench.call("DescribeImages", ["ImageIds": [.text(copy)]], in: "ap-beijing")
    #expect(there.at("ImageSet[0].ImageState") == "NORMAL")
    let exported = try bench.call("ExportImages", list.merging(["BucketName": "b", "ExportFormat": "QCOW2"]))
    #expect(exported.at("CosPaths[0]").asText?.hasSuffix(".qcow2") == true)
    try bench.call("DeleteImages", list)
    #expect(try bench.call("DescribeImages", list)["TotalCount"] == 0)
    #expect(bench.refusal("DeleteImages", ["ImageIds": ["img-9qabwvbn"]]) == "InvalidImageId.NotFound")
  }

  @Test("an imported image comes under its name; a failed one says so and can be deleted")
  func importing() throws {
    var bench = CvmBench()
    let parameters: Record = [
      "Architecture": "x86_64", "OsType": "CentOS", "OsVersion": "6", "ImageName": "sample",
      "ImageUrl": "http://bucket.example/image.vmdk",
    ]
    #expect(bench.refusal("ImportImage", parameters.merging(["OsType": "Plan 9"])) == "InvalidImageOsType.Unsupported")
    #expect(bench.refusal("ImportImage", parameters.merging(["OsVersion": "9"])) == "InvalidImageOsVersion.Unsupported")
    #expect(
      bench.refusal("ImportImage", parameters.merging(["ImageUrl": "x"])) == "InvalidParameter.InvalidParameterUrlError"
    )
    bench.cloud.inject(Fault(action: "cvm.ImportImage", nth: 1, kind: .asyncFailure))
    let named: Record = ["Filters": [["Name": "image-name", "Values": ["sample"]]]]
    try bench.call("ImportImage", parameters)
    #expect(try bench.call("DescribeImages", named)["TotalCount"] == 1)
    bench.settle()
    #expect(try bench.call("DescribeImages", named).at("ImageSet[0].ImageState") == "IMPORTFAILED")
    try bench.call("DeleteImages", ["ImageIds": try bench.call("DescribeImages", named).at("ImageSet[].ImageId")])
    try bench.call("ImportImage", parameters)
    bench.settle()
    #expect(try bench.call("DescribeImages", named).at("ImageSet[0].ImageSource") == "EXTERNAL_IMPORT")
    #expect(try bench.call("DescribeImageQuota")["ImageNumQuota"] == 20)
  }

  @Test("a key cannot be deleted while an instance has it; binding replaces the old one")
  func keys() throws {
    var bench = CvmBench()
    let (one, two) = (try bench.makeKey("one"), try bench.makeKey("two"))
    #expect(bench.refusal("CreateKeyPair", ["KeyName": "one", "ProjectId": 0]) == "InvalidKeyPairName.Duplicate")
    let id = try bench.stopped(1, ["LoginSettings": ["KeyIds": [.text(one)]]])[0]
    #expect(bench.refusal("DeleteKeyPairs", ["KeyIds": [.text(one)]]) == "InvalidParameterValue.KeyPairNotSupported")
    #expect(
      try bench.call("DescribeKeyPairs", ["KeyIds": [.text(one)]]).at("KeyPairSet[0].AssociatedInstanceIds[0]")
        == .text(id))
    let bind: Record = ["InstanceIds": [.text(id)], "KeyIds": [.text(two)]]
    try bench.call("AssociateInstancesKeyPairs", bind)
    bench.settle()
    #expect(try bench.instance(id).asRecord?.at("LoginSettings.KeyIds") == [.text(two)])
    try bench.call("DeleteKeyPairs", ["KeyIds": [.text(one)]])
    try bench.call("DisassociateInstancesKeyPairs", bind)
    bench.settle()
    #expect(try bench.instance(id).asRecord?.at("LoginSettings.KeyIds") == .null)
    #expect(bench.refusal("DeleteKeyPairs", ["KeyIds": ["key-1"]]) == "InvalidKeyPairId.Malformed")
    #expect(bench.refusal("DeleteKeyPairs", ["KeyIds": [.text(one)]]) == "InvalidKeyPairId.NotFound")
    let imported: Record = ["KeyName": "three", "ProjectId": 0, "PublicKey": "ssh-rsa AAAA me"]
    #expect(bench.refusal("ImportKeyPair", imported.merging(["PublicKey": "x"])) == "InvalidPublicKey.Malformed")
    try bench.call("ImportKeyPair", imported)
    #expect(bench.refusal("ImportKeyPair", imported.merging(["KeyName": "four"])) == "InvalidPublicKey.Duplicate")
    let windows = try bench.stopped(1, ["ImageId": .text(CvmBench.windows)])[0]
    let refused: Record = ["InstanceIds": [.text(windows)], "KeyIds": [.text(two)]]
    #expect(bench.refusal("AssociateInstancesKeyPairs", refused) == "UnsupportedOperation.InstanceOsWindows")
  }

  @Test("a key that is deleted while it is being bound is not had afterwards")
  func keyOnItsWay() throws {
    var bench = CvmBench()
    let key = try bench.makeKey("one")
    let id = try bench.stopped(1)[0]
    try bench.call("AssociateInstancesKeyPairs", ["InstanceIds": [.text(id)], "KeyIds": [.text(key)]])
    try bench.call("DeleteKeyPairs", ["KeyIds": [.text(key)]])
    bench.settle()
    #expect(try bench.instance(id).asRecord?.at("LoginSettings.KeyIds") == .null)
    #expect(try bench.instance(id).asRecord?.at("LatestOperationState") == "SUCCESS")
  }

  @Test("templates have versions, one of them the default, and make instances")
  func templates() throws {
    var bench = CvmBench()
    let template = try bench.makeTemplate(["InstanceType": "S5.MEDIUM4", "InstanceName": "planned"])
    let own: Record = ["LaunchTemplateId": .text(template)]
    let version = own.merging([
      "Placement": ["Zone": .text(CvmBench.zone)], "InstanceType": "S5.LARGE8", "LaunchTemplateVersion": 1,
    ])
    #expect(try bench.call("CreateLaunchTemplateVersion", version)["LaunchTemplateVersionNumber"] == 2)
    let shown = try bench.call("DescribeLaunchTemplateVersions", own)
    #expect(shown.at("LaunchTemplateVersionSet[1].LaunchTemplateVersionData.InstanceName") == "planned")
    let id = try bench.call("RunInstances", ["LaunchTemplate": .record(own)]).text("InstanceIdSet[0]")
    #expect(try bench.member("InstanceType", of: id) == "S5.MEDIUM4")
    let second = own.merging(["LaunchTemplateVersion": 2])
    let other = try bench.call("RunInstances", ["LaunchTemplate": .record(second), "InstanceName": "own"])
      .text("InstanceIdSet[0]")
    #expect(try bench.member("InstanceType", of: other) == "S5.LARGE8")
    #expect(try bench.member("InstanceName", of: other) == "own")
    let delete = own.merging(["LaunchTemplateVersions": [1]])
    #expect(
      bench.refusal("DeleteLaunchTemplateVersions", delete) == "InvalidParameterValue.LaunchTemplateDefaultVersion")
    try bench.call("ModifyLaunchTemplateDefaultVersion", own.merging(["DefaultVersion": 2]))
    #expect(
      bench.refusal("ModifyLaunchTemplateDefaultVersion", own.merging(["DefaultVersion": 2]))
        == "InvalidParameterValue.LaunchTemplateIdVerSetAlready")
    try bench.call("DeleteLaunchTemplateVersions", delete)
    #expect(
      try bench.call("CreateLaunchTemplateVersion", version.merging(["LaunchTemplateVersion": 2]))
        .at("LaunchTemplateVersionNumber") == 3)
    let list = try bench.call("DescribeLaunchTemplates", ["LaunchTemplateIds": [.text(template)]])
    #expect(list.at("LaunchTemplateSet[0].LaunchTemplateVersionCount") == 2)
    try bench.call("DeleteLaunchTemplate", own)
    #expect(
      bench.refusal("DeleteLaunchTemplate", own) == "InvalidParameterValue.LaunchTemplateIdNotExisted")
  }

  @Test("no password stays in a template or with a token")
  func passwords() throws {
    var bench = CvmBench()
    let login: Record = ["LoginSettings": ["Password": "Qcloud@TestApi123++"], "ClientToken": "t"]
    _ = try bench.makeTemplate(login)
    _ = try bench.run(1, login)
    #expect(!JSON.print(bench.cloud.encoded).contains("Qcloud@TestApi123++"))
    #expect(!bench.inventory.contains { $0.detail.contains("Qcloud@TestApi123++") })
  }

  @Test("a placement group takes so many instances and is deleted empty")
  func groups() throws {
    var bench = CvmBench()
    let group = try bench.makeGroup("SW")
    let ids: Record = ["DisasterRecoverGroupIds": [.text(group)]]
    let members = try bench.running(20, ids)
    #expect(bench.refusal("DeleteDisasterRecoverGroups", ids) == "FailedOperation.PlacementSetNotEmpty")
    let shown = try bench.call("DescribeDisasterRecoverGroups", ids)
    #expect(shown.at("DisasterRecoverGroupSet[0].CurrentNum") == 20)
    let more: Record = [
      "Placement": ["Zone": .text(CvmBench.zone)], "ImageId": .text(CvmBench.image),
      "DisasterRecoverGroupIds": [.text(group)],
    ]
    #expect(bench.refusal("RunInstances", more) == "ResourceInsufficient.DisasterRecoverGroupCvmQuota")
    try bench.call("TerminateInstances", ["InstanceIds": .texts(members)])
    bench.settle()
    for _ in 1...9 { _ = try bench.makeGroup("HOST") }
    #expect(
      bench.refusal("CreateDisasterRecoverGroup", ["Name": "x", "Type": "RACK"])
        == "ResourceInsufficient.InsufficientGroupQuota")
    try bench.call("DeleteDisasterRecoverGroups", ids)
    #expect(bench.refusal("DeleteDisasterRecoverGroups", ids) == "ResourceNotFound.InvalidPlacementSet")
    #expect(try bench.call("DescribeDisasterRecoverGroupQuota")["CurrentNum"] == 9)
  }

  @Test("reserved instances are pending, active and retired at their end")
  func reserved() throws {
    var bench = CvmBench()
    let filters: Value = [
      ["Name": "duration", "Values": ["31536000"]], ["Name": "zone", "Values": [.text(CvmBench.zone)]],
    ]
    let offers = try bench.call("DescribeReservedInstancesOfferings", ["Filters": filters])
    #expect(offers["TotalCount"] == 9)
    let offering = try offers.text("ReservedInstancesOfferingsSet[0].ReservedInstancesOfferingId")
    let buy: Record = ["ReservedInstancesOfferingId": .text(offering), "InstanceCount": 2]
    let price = try bench.call("InquirePricePurchaseReservedInstancesOffering", buy)
    #expect(price.at("Price.OriginalFixedPrice") != 0.0)
    let id = try bench.call("PurchaseReservedInstancesOffering", buy)["ReservedInstanceId"]
    func state() throws -> Value { try bench.call("DescribeReservedInstances").at("ReservedInstancesSet[0].State") }
    #expect(try state() == "pending")
    bench.settle()
    #expect(try state() == "active")
    #expect(try bench.call("DescribeReservedInstances").at("ReservedInstancesSet[0].ReservedInstanceId") == id)
    bench.pass(.seconds(31_536_000))
    #expect(try state() == "retired")
    let unknown = buy.merging(["ReservedInstancesOfferingId": "x"])
    #expect(bench.refusal("PurchaseReservedInstancesOffering", unknown) == "InvalidParameterValue")
    let many = buy.merging(["InstanceCount": 101])
    #expect(bench.refusal("PurchaseReservedInstancesOffering", many) == "InvalidParameterValue.Range")
  }

  @Test("prices are the stated ones")
  func prices() throws {
    var bench = CvmBench()
    let base: Record = [
      "Placement": ["Zone": .text(CvmBench.zone)], "ImageId": .text(CvmBench.image), "InstanceType": "S5.LARGE8",
      "SystemDisk": ["DiskSize": 50], "InstanceCount": 2,
    ]
    let hourly = try bench.call("InquiryPriceRunInstances", base)
    // Twice (4 cores at 0.02, 8 GB at 0.01, 50 GB of disk at 0.0001).
    #expect(hourly.at("Price.InstancePrice.UnitPrice") == 0.33)
    #expect(hourly.at("Price.InstancePrice.ChargeUnit") == "HOUR")
    let year = base.merging(["InstanceChargeType": "PREPAID", "InstanceChargePrepaid": ["Period": 12]])
    let prepaid = try bench.call("InquiryPriceRunInstances", year)
    #expect(prepaid.at("Price.InstancePrice.OriginalPrice") == 1980.0)
    #expect(prepaid.at("Price.InstancePrice.DiscountPrice") == 1650.0)
    let spot = base.merging([
      "InstanceChargeType": "SPOTPAID", "InstanceMarketOptions": ["SpotOptions": ["MaxPrice": "0.001"]],
    ])
    #expect(bench.refusal("InquiryPriceRunInstances", spot) == "InvalidParameterValue.InsufficientPrice")
  }
}
