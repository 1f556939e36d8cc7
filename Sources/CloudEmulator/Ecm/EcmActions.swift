import Values

extension ActionTable {
  static let ecm: [String: Handler] = merged([network, compute, addresses, balancing, catalogue])

  private static let network: [String: Handler] = [
    "CreateVpc": { world, call throws(Refusal) in try world.createVpc(call) },
    "DeleteVpc": { world, call throws(Refusal) in try world.deleteVpc(call) },
    "DescribeVpcs": { world, call throws(Refusal) in try world.describeVpcs(call) },
    "CreateSubnet": { world, call throws(Refusal) in try world.createSubnet(call) },
    "DeleteSubnet": { world, call throws(Refusal) in try world.deleteSubnet(call) },
    "DescribeSubnets": { world, call throws(Refusal) in try world.describeSubnets(call) },
    "DescribeDefaultSubnet": { world, call throws(Refusal) in try world.describeDefaultSubnet(call) },
    "ModifyDefaultSubnet": { world, call throws(Refusal) in try world.modifyDefaultSubnet(call) },
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
  ]

  private static let catalogue: [String: Handler] = [
    "DescribeNode": { world, call throws(Refusal) in try world.describeNode(call) },
    "DescribeConfig": { world, call throws(Refusal) in try world.describeConfig(call) },
    "DescribeInstanceTypeConfig": { world, call throws(Refusal) in try world.describeInstanceTypeConfig(call) },
  ]
}
