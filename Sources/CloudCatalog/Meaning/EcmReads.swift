/// What the reads of ECM are good for, by name.
func ecmReadMeaning(of name: String) -> ReadMeaning? { listing(name) ?? question(name) }

/// Reads that list resources.
private func listing(_ name: String) -> ReadMeaning? {
  switch name {
  case "DescribeAddresses":
    ReadMeaning(
      resource: "Address", rows: "AddressSet[]", id: "AddressId", paging: Paging(),
      filters: FilterRule(
        names: [
          "address-id", "address-name", "address-ip", "address-status", "instance-id", "private-ip-address",
          "network-interface-id", "is-arrears",
        ], maximumFilters: 10, maximumValues: 5),
      idList: ("AddressIds", nil))
  case "DescribeHaVips":
    ReadMeaning(
      resource: "HaVip", rows: "HaVipSet[]", id: "HaVipId", paging: Paging(),
      filters: FilterRule(names: ["havip-id", "havip-name", "vpc-id", "subnet-id"]), idList: ("HaVipIds", nil))
  case "DescribeImage":
    ReadMeaning(
      resource: "Image", rows: "ImageSet[]", id: "ImageId", paging: Paging(),
      filters: FilterRule(
        names: ["image-id", "image-type", "instance-type", "image-name", "image-os"], maximumFilters: 10))
  case "DescribeInstances":
    ReadMeaning(
      resource: "Instance", rows: "InstanceSet[]", id: "InstanceId", paging: Paging(),
      filters: FilterRule(
        names: [
          "zone", "zone-name", "module-id", "instance-id", "instance-name", "ip-address", "instance-uuid",
          "instance-state", "internet-service-provider", "tag-key", "instance-family", "module-name", "image-id",
          "vpc-id", "subnet-id",
        ], prefixes: ["tag:"], maximumValues: 5))
  case "DescribeListeners":
    ReadMeaning(
      resource: "Listener", rows: "Listeners[]", id: "ListenerId", idList: ("ListenerIds", nil))
  case "DescribeLoadBalancers":
    ReadMeaning(
      resource: "LoadBalancer", rows: "LoadBalancerSet[]", id: "LoadBalancerId", paging: Paging(),
      filters: FilterRule(names: ["tag-key"], prefixes: ["tag:"], maximumFilters: 10, maximumValues: 100),
      idList: ("LoadBalancerIds", nil),
      doubt: "the page of DescribeLoadBalancers lists the filter tag-key only; tag:KEY is assumed, as on other pages")
  case "DescribeModule":
    ReadMeaning(
      resource: "Module", rows: "ModuleItemSet[].Module", id: "ModuleId", paging: Paging(),
      filters: FilterRule(
        names: ["module-name", "module-id", "image-id", "instance-family", "security-group-id"], maximumFilters: 10,
        maximumValues: 5))
  case "DescribeNetworkInterfaces":
    ReadMeaning(
      resource: "NetworkInterface", rows: "NetworkInterfaceSet[]", id: "NetworkInterfaceId", paging: Paging(),
      filters: FilterRule(
        names: [
          "vpc-id", "subnet-id", "network-interface-id", "attachment.instance-id", "groups.security-group-id",
          "network-interface-name", "network-interface-description", "address-ip", "tag-key", "is-primary",
        ], prefixes: ["tag:"]),
      idList: ("NetworkInterfaceIds", 100))
  case "DescribeRouteTables":
    ReadMeaning(
      resource: "RouteTable", rows: "RouteTableSet[]", id: "RouteTableId", paging: undocumented,
      filters: FilterRule(names: ["route-table-id", "route-table-name", "vpc-id", "association.main"]),
      idList: ("RouteTableIds", nil))
  case "DescribeSecurityGroups":
    ReadMeaning(
      resource: "SecurityGroup", rows: "SecurityGroupSet[]", id: "SecurityGroupId", paging: Paging(),
      filters: FilterRule(names: ["security-group-id", "security-group-name", "tag-key"], prefixes: ["tag:"]),
      idList: ("SecurityGroupIds", 100))
  case "DescribeSnapshots":
    ReadMeaning(
      resource: "Snapshot", rows: "SnapshotSet[]", id: "SnapshotId", paging: Paging(),
      filters: FilterRule(
        names: [
          "snapshot-id", "snapshot-name", "snapshot-state", "disk-usage", "project-id", "disk-id", "zone", "encrypt",
          "snapshot-type",
        ]),
      idList: ("SnapshotIds", nil))
  case "DescribeSubnets":
    ReadMeaning(
      resource: "Subnet", rows: "SubnetSet[]", id: "SubnetId",
      paging: Paging(defaultLimit: nil, maximumLimit: nil, areStrings: true),
      filters: FilterRule(
        names: [
          "subnet-id", "subnet-name", "cidr-block", "vpc-id", "vpc-cidr-block", "region", "zone", "tag-key",
        ], prefixes: ["tag:"]),
      idList: ("SubnetIds", 100))
  case "DescribeTargets":
    ReadMeaning(
      resource: "Target", rows: "Listeners[].Targets[]", idList: ("ListenerIds", nil),
      doubt: "the page of DescribeTargets types Protocol as Integer, that of DescribeListeners as String")
  case "DescribeVpcs":
    ReadMeaning(
      resource: "Vpc", rows: "VpcSet[]", id: "VpcId", paging: undocumented,
      filters: FilterRule(names: ["vpc-name", "vpc-id", "cidr-block", "region", "tag-key"], prefixes: ["tag:"]),
      idList: ("VpcIds", 100))
  default: nil
  }
}

/// Reads of one thing, of a task, of limits, prices and statistics.
private func question(_ name: String) -> ReadMeaning? {
  switch name {
  case "DescribeAddressQuota": ReadMeaning(resource: "Quota", rows: "QuotaSet[]", id: "QuotaId")
  case "DescribeBaseOverview": ReadMeaning(resource: "Overview")
  case "DescribeConfig": ReadMeaning(resource: "Limit")
  case "DescribeCustomImageTask":
    ReadMeaning(
      resource: "ImageTask", rows: "ImageTaskSet[]",
      filters: FilterRule(names: taskFilters, required: taskFilters),
      doubt: "the page of DescribeCustomImageTask requires Filters; that one of the three is enough is assumed")
  case "DescribeDefaultSubnet": ReadMeaning(resource: "Subnet", id: "SubnetId")
  case "DescribeImportImageOs":
    ReadMeaning(resource: "OperatingSystem", rows: "ImportImageOsVersionSet[]", id: "OsName")
  case "DescribeInstanceTypeConfig":
    ReadMeaning(resource: "InstanceType", rows: "InstanceTypeConfigSet[]", id: "InstanceType")
  case "DescribeInstanceVncUrl": ReadMeaning(resource: "Instance")
  case "DescribeInstancesDeniedActions":
    ReadMeaning(
      resource: "DeniedAction", rows: "InstanceOperatorSet[]", id: "InstanceId", idList: ("InstanceIdSet", nil))
  case "DescribeLoadBalanceTaskStatus": ReadMeaning(resource: "Task")
  case "DescribeModuleDetail": ReadMeaning(resource: "Module", id: "ModuleId")
  case "DescribeMonthPeakNetwork":
    ReadMeaning(
      resource: "NetworkPeak", rows: "MonthNetWorkData[]", filters: FilterRule(names: ["region"]),
      doubt: "the page of DescribeMonthPeakNetwork does not describe its Filters; region stands in its example")
  case "DescribeNode":
    ReadMeaning(resource: "Node", rows: "NodeSet[]", filters: FilterRule(names: ["InstanceFamily"]))
  case "DescribePackingQuotaGroup":
    ReadMeaning(
      resource: "PackingQuota", rows: "PackingQuotaSet[]", id: "ZoneId",
      filters: FilterRule(names: ["Zone", "InstanceType", "DataDiskSize"]))
  case "DescribePeakBaseOverview": ReadMeaning(resource: "Peak", rows: "PeakFamilyInfoSet[]")
  case "DescribePeakNetworkOverview":
    ReadMeaning(
      resource: "NetworkPeak", rows: "PeakNetworkRegionSet[]", id: "Region",
      filters: FilterRule(names: ["region", "area", "isp"]))
  case "DescribePriceRunInstance": ReadMeaning(resource: "Price")
  case "DescribeRouteConflicts":
    ReadMeaning(resource: "RouteConflict", rows: "RouteConflictSet[]", id: "DestinationCidrBlock")
  case "DescribeSecurityGroupAssociationStatistics":
    ReadMeaning(
      resource: "SecurityGroupUse", rows: "SecurityGroupAssociationStatisticsSet[]", id: "SecurityGroupId",
      idList: ("SecurityGroupIds", nil))
  case "DescribeSecurityGroupLimits": ReadMeaning(resource: "Limit")
  case "DescribeSecurityGroupPolicies": ReadMeaning(resource: "SecurityGroupPolicy")
  case "DescribeTargetHealth":
    ReadMeaning(
      resource: "TargetHealth", rows: "LoadBalancers[]", id: "LoadBalancerId", idList: ("LoadBalancerIds", nil))
  case "DescribeTaskResult": ReadMeaning(resource: "Task", id: "TaskId")
  case "DescribeTaskStatus": ReadMeaning(resource: "Task", rows: "TaskSet[]", id: "TaskId", idList: ("TaskSet", nil))
  default: nil
  }
}

private let taskFilters = ["task-id", "image-id", "image-name"]
/// The pages print neither a default nor a maximum.
private let undocumented = Paging(defaultLimit: nil, maximumLimit: nil)
