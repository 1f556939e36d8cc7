import Values

@testable import CloudEmulator

/// For every action, parameters with which it does what it is for, given the stock.
extension Stock {
  private typealias Calls = [String: Record]

  var calls: [String: Record] {
    [network, routes, interfaces, security, modules, instances, images, addresses, balancing, reports]
      .reduce(into: [:]) { all, part in all.merge(part) { first, _ in first } }
  }

  private var here: Record { ["EcmRegion": Stock.region] }
  private var zone: Value { .text(Bench.zone) }

  private func ids(_ texts: String...) -> Value { .list(texts.map(Value.text)) }

  private var network: Calls {
    [
      "CreateVpc": here.merging(["VpcName": "n", "CidrBlock": "10.20.0.0/16"]),
      "DeleteVpc": here.merging(["VpcId": .text(emptyVpc)]), "DescribeVpcs": ["VpcIds": ids(vpc)],
      "ModifyVpcAttribute": here.merging(["VpcId": .text(vpc), "VpcName": "m"]),
      "CreateSubnet": here.merging([
        "VpcId": .text(vpc), "SubnetName": "s", "CidrBlock": "10.0.5.0/24", "Zone": zone,
      ]),
      "DeleteSubnet": here.merging(["SubnetId": .text(emptySubnet)]), "DescribeSubnets": ["SubnetIds": ids(subnet)],
      "DescribeDefaultSubnet": here.merging(["Zone": zone]),
      "ModifyDefaultSubnet": here.merging(["Zone": zone, "VpcId": .text(vpc), "SubnetId": .text(emptySubnet)]),
      "ModifySubnetAttribute": here.merging(["SubnetId": .text(subnet), "EnableBroadcast": "TRUE"]),
      "CreateHaVip": ["VpcId": .text(vpc), "SubnetId": .text(subnet), "HaVipName": "v"],
      "DeleteHaVip": ["HaVipId": .text(haVip)], "DescribeHaVips": ["HaVipIds": ids(haVip)],
      "ModifyHaVipAttribute": ["HaVipId": .text(haVip), "HaVipName": "w"],
    ]
  }

  private var routes: Calls {
    let new: Value = [["DestinationCidrBlock": "172.30.0.0/16", "GatewayType": "EIP", "GatewayId": "0"]]
    let table: Record = ["RouteTableId": .text(table)]
    let chosen = table.merging(["RouteIds": [.int(route)]])
    return [
      "CreateRouteTable": here.merging(["VpcId": .text(vpc), "RouteTableName": "t"]),
      "DeleteRouteTable": ["RouteTableId": .text(freeTable)], "DescribeRouteTables": ["RouteTableIds": ids(self.table)],
      "ModifyRouteTableAttribute": table.merging(["RouteTableName": "u"]),
      "ReplaceRouteTableAssociation": here.merging(table).merging(["SubnetId": .text(subnet)]),
      "CreateRoutes": table.merging(["Routes": new]),
      "DeleteRoutes": table.merging(["Routes": [["RouteId": .int(route)]]]),
      "ReplaceRoutes": table.merging(["Routes": [["RouteId": .int(route), "RouteDescription": "d"]]]),
      "ResetRoutes": table.merging(["RouteTableName": "r", "Routes": new]), "EnableRoutes": chosen,
      "DisableRoutes": chosen, "DescribeRouteConflicts": table.merging(["DestinationCidrBlocks": ["172.20.0.0/16"]]),
    ]
  }

  private var interfaces: Calls {
    let loose = here.merging(["NetworkInterfaceId": .text(looseInterface)])
    let attached = here.merging(["NetworkInterfaceId": .text(attachedInterface)])
    let primary = here.merging(["NetworkInterfaceId": .text(primaryInterface)])
    let second: Value = [["PrivateIpAddress": .text(secondAddress), "Description": "d"]]
    let six: Value = [["Address": .text(ipv6), "Description": "d"]]
    return [
      "CreateNetworkInterface": here.merging([
        "VpcId": .text(vpc), "SubnetId": .text(subnet), "NetworkInterfaceName": "i",
      ]),
      "DeleteNetworkInterface": loose, "DescribeNetworkInterfaces": ["NetworkInterfaceIds": ids(attachedInterface)],
      "AttachNetworkInterface": loose.merging(["InstanceId": .text(running[1])]),
      "DetachNetworkInterface": attached.merging(["InstanceId": .text(running[0])]),
      "MigrateNetworkInterface": attached.merging([
        "SourceInstanceId": .text(running[0]), "DestinationInstanceId": .text(running[1]),
      ]),
      "AssignPrivateIpAddresses": loose.merging(["SecondaryPrivateIpAddressCount": 2]),
      "RemovePrivateIpAddresses": attached.merging(["PrivateIpAddresses": second]),
      "MigratePrivateIpAddress": here.merging([
        "SourceNetworkInterfaceId": .text(attachedInterface), "DestinationNetworkInterfaceId": .text(looseInterface),
        "PrivateIpAddress": .text(secondAddress),
      ]),
      "ModifyPrivateIpAddressesAttribute": attached.merging(["PrivateIpAddresses": second]),
      "AssignIpv6Addresses": primary.merging(["Ipv6AddressCount": 1]),
      "ReleaseIpv6Addresses": primary.merging(["Ipv6Addresses": six]),
      "ModifyIpv6AddressesAttribute": primary.merging(["Ipv6Addresses": six]),
    ]
  }

  private var security: Calls {
    let used: Record = ["SecurityGroupId": .text(group)]
    let rule: Record = ["Protocol": "udp", "Port": "53", "CidrBlock": "10.0.0.0/8", "Action": "accept"]
    func policies(_ record: Record) -> Record {
      used.merging(["SecurityGroupPolicySet": ["Egress": [.record(record)], "Version": "1"]])
    }
    let bind: Record = ["SecurityGroupIds": ids(group), "InstanceIds": ids(running[0], running[1])]
    return [
      "CreateSecurityGroup": ["GroupName": "g", "GroupDescription": "d"],
      "DeleteSecurityGroup": ["SecurityGroupId": .text(freeGroup)],
      "DescribeSecurityGroups": ["SecurityGroupIds": ids(group)], "DescribeSecurityGroupLimits": [:],
      "ModifySecurityGroupAttribute": used.merging(["GroupName": "h"]), "DescribeSecurityGroupPolicies": used,
      "DescribeSecurityGroupAssociationStatistics": ["SecurityGroupIds": ids(group, freeGroup)],
      "CreateSecurityGroupPolicies": policies(rule), "DeleteSecurityGroupPolicies": policies(["PolicyIndex": 0]),
      "ReplaceSecurityGroupPolicy": policies(rule.merging(["PolicyIndex": 1])),
      "ModifySecurityGroupPolicies": policies(rule), "AssociateSecurityGroups": bind,
      "DisassociateSecurityGroups": bind, "CreateKeyPair": ["KeyName": "second"],
      "DisassociateInstancesKeyPairs": ["InstanceIds": ids(stopped[0]), "KeyIds": ids(key)],
    ]
  }

  private var modules: Calls {
    let used: Record = ["ModuleId": .text(module)]
    return [
      "CreateModule": [
        "ModuleName": "c", "DefaultBandWidth": 50, "DefaultImageId": "img-qsdf3ff2", "InstanceType": "S4.LARGE8",
        "DefaultSystemDiskSize": 50, "DefaultDataDiskSize": 100,
      ],
      "DeleteModule": ["ModuleId": .text(unusedModule)], "DescribeModule": [:], "DescribeModuleDetail": used,
      "ModifyModuleImage": used.merging(["DefaultImageId": "img-oy9q2bql"]),
      "ModifyModuleName": used.merging(["ModuleName": "d"]),
      "ModifyModuleNetwork": used.merging(["DefaultBandwidth": 60]),
      "ModifyModuleConfig": [
        "ModuleId": .text(unusedModule), "InstanceType": "S5.LARGE8", "DefaultDataDiskSize": 200,
      ],
      "ModifyModuleIpDirect": used.merging(["CloseIpDirect": true]),
      "ModifyModuleDisableWanIp": used.merging(["DisableWanIp": true]),
      "ModifyModuleSecurityGroups": used.merging(["SecurityGroupIdSet": ids(group, freeGroup)]),
    ]
  }

  private var instances: Calls {
    let running: Record = ["InstanceIdSet": ids(self.running[0], self.running[1])]
    let stopped: Record = ["InstanceIdSet": ids(self.stopped[0], self.stopped[1])]
    return [
      "RunInstances": [
        "ModuleId": .text(module),
        "ZoneInstanceCountISPSet": [["Zone": zone, "InstanceCount": 2, "ISP": "CMCC"]],
      ],
      "DescribeInstances": [:], "StartInstances": stopped, "StopInstances": running, "RebootInstances": running,
      "TerminateInstances": running.merging(["TerminateTime": "2027-08-01 18:32:56"]),
      "ResetInstances": running.merging(["ImageId": "img-q9fy0if9"]),
      "ResetInstancesPassword": stopped.merging(["Password": "Secret-1234"]),
      "ResetInstancesMaxBandwidth": running.merging(["MaxBandwidthOut": 70]),
      "ModifyInstancesAttribute": running.merging(["InstanceName": "n", "SecurityGroups": ids(freeGroup)]),
      "DescribeInstanceVncUrl": ["InstanceId": .text(self.running[0])], "DescribeInstancesDeniedActions": running,
      "DescribePriceRunInstance": [
        "InstanceType": "SN3ne.LARGE8", "SystemDisk": ["DiskSize": 50], "InstanceCount": 2,
      ],
      "DescribeNode": [:], "DescribeConfig": [:], "DescribeInstanceTypeConfig": [:],
    ]
  }

  private var images: Calls {
    [
      "CreateImage": ["InstanceId": .text(stopped[0]), "ImageName": "second"],
      "DeleteImage": ["ImageIDSet": ids(image)],
      "DescribeImage": [:],
      "DescribeTaskStatus": ["TaskSet": [["Operation": "CreateImage", "TaskId": .text(imageTask)]]],
      "ImportImage": ["ImageId": "img-other", "ImageDescription": "d", "SourceRegion": "ap-chengdu"],
      "DescribeCustomImageTask": ["Filters": [["Name": "task-id", "Values": ids(importTask)]]],
      "DescribeImportImageOs": [:], "ModifyImageAttribute": ["ImageId": .text(image), "ImageName": "third"],
      "DescribeSnapshots": [:], "DeleteSnapshots": ["SnapshotIds": ids(bench.world.snapshots.all.first?.id ?? "")],
    ]
  }

  private var addresses: Calls {
    let loose = here.merging(["AddressId": .text(looseAddress)])
    let looseIDs = here.merging(["AddressIds": ids(looseAddress)])
    return [
      "AllocateAddresses": here, "ReleaseAddresses": looseIDs, "DescribeAddresses": looseIDs,
      "AssociateAddress": loose.merging(["InstanceId": .text(running[0])]),
      "DisassociateAddress": here.merging(["AddressId": .text(boundAddress)]), "DescribeAddressQuota": here,
      "DescribeTaskResult": here.merging(["TaskId": .text(addressTask)]),
      "ModifyAddressesBandwidth": looseIDs.merging(["InternetMaxBandwidthOut": 20]),
      "ModifyAddressAttribute": loose.merging(["AddressName": "n", "EipDirectConnection": "TRUE"]),
    ]
  }

  private var balancing: Calls {
    let own: Record = ["LoadBalancerId": .text(balancer)]
    let listener = own.merging(["ListenerId": .text(self.listener)])
    let target: Record = ["InstanceId": .text(running[0]), "Port": 80]
    let batch = target.merging(["ListenerId": .text(self.listener)])
    return [
      "CreateLoadBalancer": here.merging(["LoadBalancerType": "OPEN", "VipIsp": "CTCC", "VpcId": .text(vpc)]),
      "DeleteLoadBalancer": ["LoadBalancerIds": ids(balancer)], "DescribeLoadBalancers": here,
      "DescribeLoadBalanceTaskStatus": ["TaskId": .text(balancerTask)],
      "CreateListener": own.merging(["Ports": [443], "Protocol": "TCP"]), "DeleteListener": listener,
      "DeleteLoadBalancerListeners": own, "DescribeListeners": own, "DescribeTargets": own,
      "BatchRegisterTargets": own.merging(["Targets": [.record(batch.merging(["Port": 81]))]]),
      "BatchDeregisterTargets": own.merging(["Targets": [.record(batch)]]),
      "DescribeTargetHealth": ["LoadBalancerIds": ids(balancer)],
      "ModifyLoadBalancerAttributes": own.merging(["LoadBalancerName": "n"]),
      "ModifyListener": listener.merging(["ListenerName": "l"]),
      "ModifyTargetPort": listener.merging(["Targets": [.record(target)], "NewPort": 8080]),
      "ModifyTargetWeight": listener.merging(["Targets": [.record(target)], "Weight": 0]),
      "BatchModifyTargetWeight": own.merging([
        "ModifyList": [["ListenerId": .text(self.listener), "Targets": [.record(target)], "Weight": 7]]
      ]),
      "SetLoadBalancerSecurityGroups": own.merging(["SecurityGroups": ids(group)]),
      "SetSecurityGroupForLoadbalancers": [
        "LoadBalancerIds": ids(balancer), "SecurityGroup": .text(group), "OperationType": "ADD",
      ],
    ]
  }

  private var reports: Calls {
    [
      "DescribeBaseOverview": [:], "DescribePeakBaseOverview": ["StartTime": "2026-01-01", "EndTime": "2026-01-02"],
      "DescribePeakNetworkOverview": [
        "StartTime": "2026-01-02", "EndTime": "2026-01-02", "Filters": [["Name": "region", "Values": [Stock.region]]],
      ],
      "DescribeMonthPeakNetwork": ["Month": "2026-01"],
      "DescribePackingQuotaGroup": ["Filters": [["Name": "Zone", "Values": [zone]]]],
    ]
  }
}
