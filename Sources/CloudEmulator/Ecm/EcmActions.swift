import Values

extension ActionTable {
  static let ecm: [String: Handler] = merged([
    network, interfaces, security, templates, compute, instances, addresses, balancing, catalogue, reports,
  ])

  private static let network: [String: Handler] = [
    "CreateVpc": { world, call throws(Refusal) in try world.createVpc(call) },
    "DeleteVpc": { world, call throws(Refusal) in try world.deleteVpc(call) },
    "DescribeVpcs": { world, call throws(Refusal) in try world.describeVpcs(call) },
    "CreateSubnet": { world, call throws(Refusal) in try world.createSubnet(call) },
    "DeleteSubnet": { world, call throws(Refusal) in try world.deleteSubnet(call) },
    "DescribeSubnets": { world, call throws(Refusal) in try world.describeSubnets(call) },
    "DescribeDefaultSubnet": { world, call throws(Refusal) in try world.describeDefaultSubnet(call) },
    "ModifyDefaultSubnet": { world, call throws(Refusal) in try world.modifyDefaultSubnet(call) },
    "ModifyVpcAttribute": { world, call throws(Refusal) in try world.modifyVpcAttribute(call) },
    "ModifySubnetAttribute": { world, call throws(Refusal) in try world.modifySubnetAttribute(call) },
    "CreateRouteTable": { world, call throws(Refusal) in try world.createRouteTable(call) },
    "DeleteRouteTable": { world, call throws(Refusal) in try world.deleteRouteTable(call) },
    "DescribeRouteTables": { world, call throws(Refusal) in try world.describeRouteTables(call) },
    "ModifyRouteTableAttribute": { world, call throws(Refusal) in try world.modifyRouteTableAttribute(call) },
    "ReplaceRouteTableAssociation": { world, call throws(Refusal) in try world.replaceRouteTableAssociation(call) },
    "CreateRoutes": { world, call throws(Refusal) in try world.createRoutes(call) },
    "DeleteRoutes": { world, call throws(Refusal) in try world.deleteRoutes(call) },
    "ReplaceRoutes": { world, call throws(Refusal) in try world.replaceRoutes(call) },
    "ResetRoutes": { world, call throws(Refusal) in try world.resetRoutes(call) },
    "EnableRoutes": { world, call throws(Refusal) in try world.enableRoutes(call) },
    "DisableRoutes": { world, call throws(Refusal) in try world.disableRoutes(call) },
    "DescribeRouteConflicts": { world, call throws(Refusal) in try world.describeRouteConflicts(call) },
    "CreateHaVip": { world, call throws(Refusal) in try world.createHaVip(call) },
    "DeleteHaVip": { world, call throws(Refusal) in try world.deleteHaVip(call) },
    "DescribeHaVips": { world, call throws(Refusal) in try world.describeHaVips(call) },
    "ModifyHaVipAttribute": { world, call throws(Refusal) in try world.modifyHaVipAttribute(call) },
  ]

  private static let compute: [String: Handler] = [
    "CreateModule": { world, call throws(Refusal) in try world.createModule(call) },
    "DeleteModule": { world, call throws(Refusal) in try world.deleteModule(call) },
    "DescribeModule": { world, call throws(Refusal) in try world.describeModule(call) },
    "DescribeModuleDetail": { world, call throws(Refusal) in try world.describeModuleDetail(call) },
    "ModifyModuleImage": { world, call throws(Refusal) in try world.modifyModuleImage(call) },
    "RunInstances": { world, call throws(Refusal) in try world.runInstances(call) },
    "DescribeInstances": { world, call throws(Refusal) in try world.describeInstances(call) },
    "TerminateInstances": { world, call throws(Refusal) in try world.terminateInstances(call) },
    "StartInstances": { world, call throws(Refusal) in try world.startInstances(call) },
    "StopInstances": { world, call throws(Refusal) in try world.stopInstances(call) },
    "RebootInstances": { world, call throws(Refusal) in try world.rebootInstances(call) },
    "CreateImage": { world, call throws(Refusal) in try world.createImage(call) },
    "DeleteImage": { world, call throws(Refusal) in try world.deleteImage(call) },
    "DescribeImage": { world, call throws(Refusal) in try world.describeImage(call) },
    "DescribeTaskStatus": { world, call throws(Refusal) in try world.describeTaskStatus(call) },
  ]

  private static let addresses: [String: Handler] = [
    "AllocateAddresses": { world, call throws(Refusal) in try world.allocateAddresses(call) },
    "AssociateAddress": { world, call throws(Refusal) in try world.associateAddress(call) },
    "DisassociateAddress": { world, call throws(Refusal) in try world.disassociateAddress(call) },
    "ReleaseAddresses": { world, call throws(Refusal) in try world.releaseAddresses(call) },
    "DescribeAddresses": { world, call throws(Refusal) in try world.describeAddresses(call) },
    "DescribeAddressQuota": { world, call throws(Refusal) in try world.describeAddressQuota(call) },
    "DescribeTaskResult": { world, call throws(Refusal) in try world.describeTaskResult(call) },
    "ModifyAddressesBandwidth": { world, call throws(Refusal) in try world.modifyAddressesBandwidth(call) },
    "ModifyAddressAttribute": { world, call throws(Refusal) in try world.modifyAddressAttribute(call) },
  ]

  private static let balancing: [String: Handler] = [
    "CreateLoadBalancer": { world, call throws(Refusal) in try world.createLoadBalancer(call) },
    "DeleteLoadBalancer": { world, call throws(Refusal) in try world.deleteLoadBalancer(call) },
    "DescribeLoadBalancers": { world, call throws(Refusal) in try world.describeLoadBalancers(call) },
    "DescribeLoadBalanceTaskStatus": { world, call throws(Refusal) in try world.describeLoadBalanceTaskStatus(call) },
    "CreateListener": { world, call throws(Refusal) in try world.createListener(call) },
    "DeleteLoadBalancerListeners": { world, call throws(Refusal) in try world.deleteLoadBalancerListeners(call) },
    "DeleteListener": { world, call throws(Refusal) in try world.deleteListener(call) },
    "DescribeListeners": { world, call throws(Refusal) in try world.describeListeners(call) },
    "BatchRegisterTargets": { world, call throws(Refusal) in try world.batchRegisterTargets(call) },
    "BatchDeregisterTargets": { world, call throws(Refusal) in try world.batchDeregisterTargets(call) },
    "DescribeTargets": { world, call throws(Refusal) in try world.describeTargets(call) },
    "DescribeTargetHealth": { world, call throws(Refusal) in try world.describeTargetHealth(call) },
    "ModifyLoadBalancerAttributes": { world, call throws(Refusal) in try world.modifyLoadBalancerAttributes(call) },
    "ModifyListener": { world, call throws(Refusal) in try world.modifyListener(call) },
    "ModifyTargetPort": { world, call throws(Refusal) in try world.modifyTargetPort(call) },
    "ModifyTargetWeight": { world, call throws(Refusal) in try world.modifyTargetWeight(call) },
    "BatchModifyTargetWeight": { world, call throws(Refusal) in try world.batchModifyTargetWeight(call) },
    "SetLoadBalancerSecurityGroups": { world, call throws(Refusal) in try world.setLoadBalancerSecurityGroups(call) },
    "SetSecurityGroupForLoadbalancers": { world, call throws(Refusal) in
      try world.setSecurityGroupForLoadbalancers(call)
    },
  ]

  private static let catalogue: [String: Handler] = [
    "DescribeNode": { world, call throws(Refusal) in try world.describeNode(call) },
    "DescribeConfig": { world, call throws(Refusal) in try world.describeConfig(call) },
    "DescribeInstanceTypeConfig": { world, call throws(Refusal) in try world.describeInstanceTypeConfig(call) },
  ]

  private static let interfaces: [String: Handler] = [
    "CreateNetworkInterface": { world, call throws(Refusal) in try world.createNetworkInterface(call) },
    "DeleteNetworkInterface": { world, call throws(Refusal) in try world.deleteNetworkInterface(call) },
    "DescribeNetworkInterfaces": { world, call throws(Refusal) in try world.describeNetworkInterfaces(call) },
    "AttachNetworkInterface": { world, call throws(Refusal) in try world.attachNetworkInterface(call) },
    "DetachNetworkInterface": { world, call throws(Refusal) in try world.detachNetworkInterface(call) },
    "MigrateNetworkInterface": { world, call throws(Refusal) in try world.migrateNetworkInterface(call) },
    "AssignPrivateIpAddresses": { world, call throws(Refusal) in try world.assignPrivateIpAddresses(call) },
    "RemovePrivateIpAddresses": { world, call throws(Refusal) in try world.removePrivateIpAddresses(call) },
    "MigratePrivateIpAddress": { world, call throws(Refusal) in try world.migratePrivateIpAddress(call) },
    "ModifyPrivateIpAddressesAttribute": { world, call throws(Refusal) in
      try world.modifyPrivateIpAddressesAttribute(call)
    },
    "AssignIpv6Addresses": { world, call throws(Refusal) in try world.assignIpv6Addresses(call) },
    "ReleaseIpv6Addresses": { world, call throws(Refusal) in try world.releaseIpv6Addresses(call) },
    "ModifyIpv6AddressesAttribute": { world, call throws(Refusal) in try world.modifyIpv6AddressesAttribute(call) },
  ]

  private static let security: [String: Handler] = [
    "CreateSecurityGroup": { world, call throws(Refusal) in try world.createSecurityGroup(call) },
    "DeleteSecurityGroup": { world, call throws(Refusal) in try world.deleteSecurityGroup(call) },
    "DescribeSecurityGroups": { world, call throws(Refusal) in try world.describeSecurityGroups(call) },
    "ModifySecurityGroupAttribute": { world, call throws(Refusal) in try world.modifySecurityGroupAttribute(call) },
    "DescribeSecurityGroupLimits": { world, call throws(Refusal) in try world.describeSecurityGroupLimits(call) },
    "DescribeSecurityGroupAssociationStatistics": { world, call throws(Refusal) in
      try world.describeSecurityGroupAssociationStatistics(call)
    },
    "DescribeSecurityGroupPolicies": { world, call throws(Refusal) in try world.describeSecurityGroupPolicies(call) },
    "CreateSecurityGroupPolicies": { world, call throws(Refusal) in try world.createSecurityGroupPolicies(call) },
    "DeleteSecurityGroupPolicies": { world, call throws(Refusal) in try world.deleteSecurityGroupPolicies(call) },
    "ReplaceSecurityGroupPolicy": { world, call throws(Refusal) in try world.replaceSecurityGroupPolicy(call) },
    "ModifySecurityGroupPolicies": { world, call throws(Refusal) in try world.modifySecurityGroupPolicies(call) },
    "AssociateSecurityGroups": { world, call throws(Refusal) in try world.associateSecurityGroups(call) },
    "DisassociateSecurityGroups": { world, call throws(Refusal) in try world.disassociateSecurityGroups(call) },
    "CreateKeyPair": { world, call throws(Refusal) in try world.createKeyPair(call) },
    "DisassociateInstancesKeyPairs": { world, call throws(Refusal) in try world.disassociateInstancesKeyPairs(call) },
  ]

  private static let templates: [String: Handler] = [
    "ModifyModuleName": { world, call throws(Refusal) in try world.modifyModuleName(call) },
    "ModifyModuleNetwork": { world, call throws(Refusal) in try world.modifyModuleNetwork(call) },
    "ModifyModuleConfig": { world, call throws(Refusal) in try world.modifyModuleConfig(call) },
    "ModifyModuleIpDirect": { world, call throws(Refusal) in try world.modifyModuleIpDirect(call) },
    "ModifyModuleDisableWanIp": { world, call throws(Refusal) in try world.modifyModuleDisableWanIp(call) },
    "ModifyModuleSecurityGroups": { world, call throws(Refusal) in try world.modifyModuleSecurityGroups(call) },
    "ImportImage": { world, call throws(Refusal) in try world.importImage(call) },
    "DescribeCustomImageTask": { world, call throws(Refusal) in try world.describeCustomImageTask(call) },
    "DescribeImportImageOs": { world, call throws(Refusal) in try world.describeImportImageOs(call) },
    "ModifyImageAttribute": { world, call throws(Refusal) in try world.modifyImageAttribute(call) },
    "DeleteSnapshots": { world, call throws(Refusal) in try world.deleteSnapshots(call) },
    "DescribeSnapshots": { world, call throws(Refusal) in try world.describeSnapshots(call) },
  ]

  private static let instances: [String: Handler] = [
    "ResetInstances": { world, call throws(Refusal) in try world.resetInstances(call) },
    "ResetInstancesPassword": { world, call throws(Refusal) in try world.resetInstancesPassword(call) },
    "ResetInstancesMaxBandwidth": { world, call throws(Refusal) in try world.resetInstancesMaxBandwidth(call) },
    "ModifyInstancesAttribute": { world, call throws(Refusal) in try world.modifyInstancesAttribute(call) },
    "DescribeInstanceVncUrl": { world, call throws(Refusal) in try world.describeInstanceVncUrl(call) },
    "DescribeInstancesDeniedActions": { world, call throws(Refusal) in try world.describeInstancesDeniedActions(call) },
    "DescribePriceRunInstance": { world, call throws(Refusal) in try world.describePriceRunInstance(call) },
  ]

  private static let reports: [String: Handler] = [
    "DescribeBaseOverview": { world, call throws(Refusal) in try world.describeBaseOverview(call) },
    "DescribePeakBaseOverview": { world, call throws(Refusal) in try world.describePeakBaseOverview(call) },
    "DescribePeakNetworkOverview": { world, call throws(Refusal) in try world.describePeakNetworkOverview(call) },
    "DescribeMonthPeakNetwork": { world, call throws(Refusal) in try world.describeMonthPeakNetwork(call) },
    "DescribePackingQuotaGroup": { world, call throws(Refusal) in try world.describePackingQuotaGroup(call) },
  ]
}
