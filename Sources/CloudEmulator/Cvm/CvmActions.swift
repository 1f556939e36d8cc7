import Values

/// What the emulator does for each action of CVM.
extension ActionTable {
  static let cvm: [String: Handler] = merged([
    regions, instances, images, keys, templates, groups, securityGroups, network, hostedServers, hosts,
  ])

  private typealias CvmHandler = @Sendable (inout World, CvmCall) throws(Refusal) -> Record

  /// The handler with the call's region looked at first.
  private static func on(_ handler: @escaping CvmHandler) -> Handler {
    { world, call throws(Refusal) in try handler(&world, try CvmCall(call)) }
  }

  private static let keys: [String: Handler] = [
    "AssociateInstancesKeyPairs": on { world, call throws(Refusal) in try world.associateInstancesKeyPairs(call) },
    "CreateKeyPair": on { world, call throws(Refusal) in try world.createKeyPair(call) },
    "DeleteKeyPairs": on { world, call throws(Refusal) in try world.deleteKeyPairs(call) },
    "DescribeKeyPairs": on { world, call throws(Refusal) in try world.describeKeyPairs(call) },
    "DisassociateInstancesKeyPairs": on { world, call throws(Refusal) in
      try world.disassociateInstancesKeyPairs(call)
    },
    "ImportKeyPair": on { world, call throws(Refusal) in try world.importKeyPair(call) },
    "ModifyKeyPairAttribute": on { world, call throws(Refusal) in try world.modifyKeyPairAttribute(call) },
  ]

  private static let securityGroups: [String: Handler] = [
    "AssociateSecurityGroups": on { world, call throws(Refusal) in try world.associateSecurityGroups(call) },
    "DisassociateSecurityGroups": on { world, call throws(Refusal) in try world.disassociateSecurityGroups(call) },
  ]

  private static let hostedServers: [String: Handler] = [
    "ConfigureChcAssistVpc": on { world, call throws(Refusal) in try world.configureChcAssistVpc(call) },
    "ConfigureChcDeployVpc": on { world, call throws(Refusal) in try world.configureChcDeployVpc(call) },
    "DescribeChcDeniedActions": on { world, call throws(Refusal) in try world.describeChcDeniedActions(call) },
    "DescribeChcHosts": on { world, call throws(Refusal) in try world.describeChcHosts(call) },
    "ModifyChcAttribute": on { world, call throws(Refusal) in try world.modifyChcAttribute(call) },
    "RemoveChcAssistVpc": on { world, call throws(Refusal) in try world.removeChcAssistVpc(call) },
    "RemoveChcDeployVpc": on { world, call throws(Refusal) in try world.removeChcDeployVpc(call) },
  ]

  private static let images: [String: Handler] = [
    "ConvertOperatingSystems": on { world, call throws(Refusal) in try world.convertOperatingSystems(call) },
    "CreateImage": on { world, call throws(Refusal) in try world.createImage(call) },
    "DeleteImages": on { world, call throws(Refusal) in try world.deleteImages(call) },
    "DescribeImageFromFamily": on { world, call throws(Refusal) in try world.describeImageFromFamily(call) },
    "DescribeImageQuota": on { world, call throws(Refusal) in try world.describeImageQuota(call) },
    "DescribeImageSharePermission": on { world, call throws(Refusal) in try world.describeImageSharePermission(call) },
    "DescribeImages": on { world, call throws(Refusal) in try world.describeImages(call) },
    "DescribeImportImageOs": on { world, call throws(Refusal) in try world.describeImportImageOs(call) },
    "ExportImages": on { world, call throws(Refusal) in try world.exportImages(call) },
    "ImportImage": on { world, call throws(Refusal) in try world.importImage(call) },
    "ModifyImageAttribute": on { world, call throws(Refusal) in try world.modifyImageAttribute(call) },
    "ModifyImageSharePermission": on { world, call throws(Refusal) in try world.modifyImageSharePermission(call) },
    "SyncImages": on { world, call throws(Refusal) in try world.syncImages(call) },
  ]

  private static let groups: [String: Handler] = [
    "CreateDisasterRecoverGroup": on { world, call throws(Refusal) in try world.createDisasterRecoverGroup(call) },
    "DeleteDisasterRecoverGroups": on { world, call throws(Refusal) in try world.deleteDisasterRecoverGroups(call) },
    "DescribeDisasterRecoverGroupQuota": on { world, call throws(Refusal) in
      try world.describeDisasterRecoverGroupQuota(call)
    },
    "DescribeDisasterRecoverGroups": on { world, call throws(Refusal) in
      try world.describeDisasterRecoverGroups(call)
    },
    "ModifyDisasterRecoverGroupAttribute": on { world, call throws(Refusal) in
      try world.modifyDisasterRecoverGroupAttribute(call)
    },
  ]

  private static let templates: [String: Handler] = [
    "CreateLaunchTemplate": on { world, call throws(Refusal) in try world.createLaunchTemplate(call) },
    "CreateLaunchTemplateVersion": on { world, call throws(Refusal) in try world.createLaunchTemplateVersion(call) },
    "DeleteLaunchTemplate": on { world, call throws(Refusal) in try world.deleteLaunchTemplate(call) },
    "DeleteLaunchTemplateVersions": on { world, call throws(Refusal) in try world.deleteLaunchTemplateVersions(call) },
    "DescribeLaunchTemplateVersions": on { world, call throws(Refusal) in
      try world.describeLaunchTemplateVersions(call)
    },
    "DescribeLaunchTemplates": on { world, call throws(Refusal) in try world.describeLaunchTemplates(call) },
    "ModifyLaunchTemplateDefaultVersion": on { world, call throws(Refusal) in
      try world.modifyLaunchTemplateDefaultVersion(call)
    },
  ]

  private static let instances: [String: Handler] = [
    "DescribeInstanceFamilyConfigs": on { world, call throws(Refusal) in
      try world.describeInstanceFamilyConfigs(call)
    },
    "DescribeInstanceTypeConfigs": on { world, call throws(Refusal) in try world.describeInstanceTypeConfigs(call) },
    "DescribeInstanceVncUrl": on { world, call throws(Refusal) in try world.describeInstanceVncUrl(call) },
    "DescribeInstances": on { world, call throws(Refusal) in try world.describeInstances(call) },
    "DescribeInstancesAttributes": on { world, call throws(Refusal) in try world.describeInstancesAttributes(call) },
    "DescribeInstancesOperationLimit": on { world, call throws(Refusal) in
      try world.describeInstancesOperationLimit(call)
    },
    "DescribeInstancesStatus": on { world, call throws(Refusal) in try world.describeInstancesStatus(call) },
    "DescribeReservedInstances": on { world, call throws(Refusal) in try world.describeReservedInstances(call) },
    "DescribeReservedInstancesConfigInfos": on { world, call throws(Refusal) in
      try world.describeReservedInstancesConfigInfos(call)
    },
    "DescribeReservedInstancesOfferings": on { world, call throws(Refusal) in
      try world.describeReservedInstancesOfferings(call)
    },
    "DescribeZoneInstanceConfigInfos": on { world, call throws(Refusal) in
      try world.describeZoneInstanceConfigInfos(call)
    },
    "EnterRescueMode": on { world, call throws(Refusal) in try world.enterRescueMode(call) },
    "ExitRescueMode": on { world, call throws(Refusal) in try world.exitRescueMode(call) },
    "InquirePricePurchaseReservedInstancesOffering": on { world, call throws(Refusal) in
      try world.inquirePricePurchaseReservedInstancesOffering(call)
    },
    "InquiryPriceResetInstance": on { world, call throws(Refusal) in try world.inquiryPriceResetInstance(call) },
    "InquiryPriceResetInstancesType": on { world, call throws(Refusal) in
      try world.inquiryPriceResetInstancesType(call)
    },
    "InquiryPriceResizeInstanceDisks": on { world, call throws(Refusal) in
      try world.inquiryPriceResizeInstanceDisks(call)
    },
    "InquiryPriceRunInstances": on { world, call throws(Refusal) in try world.inquiryPriceRunInstances(call) },
    "ModifyInstancesAttribute": on { world, call throws(Refusal) in try world.modifyInstancesAttribute(call) },
    "ModifyInstancesProject": on { world, call throws(Refusal) in try world.modifyInstancesProject(call) },
    "ModifyInstancesRenewFlag": on { world, call throws(Refusal) in try world.modifyInstancesRenewFlag(call) },
    "PurchaseReservedInstancesOffering": on { world, call throws(Refusal) in
      try world.purchaseReservedInstancesOffering(call)
    },
    "RebootInstances": on { world, call throws(Refusal) in try world.rebootInstances(call) },
    "ResetInstance": on { world, call throws(Refusal) in try world.resetInstance(call) },
    "ResetInstancesPassword": on { world, call throws(Refusal) in try world.resetInstancesPassword(call) },
    "ResetInstancesType": on { world, call throws(Refusal) in try world.resetInstancesType(call) },
    "ResizeInstanceDisks": on { world, call throws(Refusal) in try world.resizeInstanceDisks(call) },
    "RunInstances": on { world, call throws(Refusal) in try world.runInstances(call) },
    "StartInstances": on { world, call throws(Refusal) in try world.startInstances(call) },
    "StopInstances": on { world, call throws(Refusal) in try world.stopInstances(call) },
    "TerminateInstances": on { world, call throws(Refusal) in try world.terminateInstances(call) },
  ]

  private static let network: [String: Handler] = [
    "DescribeInternetChargeTypeConfigs": on { world, call throws(Refusal) in
      try world.describeInternetChargeTypeConfigs(call)
    },
    "InquiryPriceResetInstancesInternetMaxBandwidth": on { world, call throws(Refusal) in
      try world.inquiryPriceResetInstancesInternetMaxBandwidth(call)
    },
    "ModifyInstancesVpcAttribute": on { world, call throws(Refusal) in try world.modifyInstancesVpcAttribute(call) },
    "ResetInstancesInternetMaxBandwidth": on { world, call throws(Refusal) in
      try world.resetInstancesInternetMaxBandwidth(call)
    },
  ]

  private static let regions: [String: Handler] = [
    "DescribeZones": on { world, call throws(Refusal) in try world.describeZones(call) },
    "DescribeRegions": { world, call throws(Refusal) in try world.describeRegions(call) },
  ]

  /// Inferred: the books list them without a page.
  private static let hosts: [String: Handler] = [
    "AllocateHosts": on { world, call throws(Refusal) in try world.allocateHosts(call) },
    "DescribeHosts": on { world, call throws(Refusal) in try world.describeHosts(call) },
    "ModifyHostsAttribute": on { world, call throws(Refusal) in try world.modifyHostsAttribute(call) },
  ]
}
