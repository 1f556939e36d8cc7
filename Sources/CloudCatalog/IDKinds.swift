import Values

/// Which parameters and members carry ids or names of a closed vocabulary, and of what kind. The books type them all as
/// String; a `SubnetId` where a `VpcId` belongs must not compile.
package struct IDKind: Hashable, Sendable {
  package let service: String
  /// As runbooks write it: `VpcId`, `Zone`.
  package let name: String
  /// What such an id begins with; empty when nothing is documented.
  package let prefixes: [String]

  package var spelling: String { "\(service).\(name)" }

  /// Whether a literal text can be one.
  package func accepts(_ text: String) -> Bool {
    prefixes.isEmpty || prefixes.contains { text.hasPrefix($0) && text.utf8.count > $0.utf8.count }
  }

  /// The words that the books know, where an id is one of a few; several may be joined by `;` (instance pages).
  package var vocabulary: [String] { name == "ISP" ? ["CTCC", "CUCC", "CMCC"] : [] }

  package static func named(_ name: String, service: String) -> IDKind? {
    guard let prefixes = prefixesByKind[name], Catalog.serviceNames.contains(service) else { return nil }
    return IDKind(service: service, name: name, prefixes: prefixes)
  }

  /// The kind of a parameter or member of that name. Its service is the one whose books name it.
  package static func ofMember(_ name: String, service: String) -> IDKind? {
    kindByMember[name].flatMap { named($0, service: service) }
  }

  package static var names: [String] { prefixesByKind.keys.sorted() }

  private static let prefixesByKind: [String: [String]] = [
    "VpcId": ["vpc-"], "SubnetId": ["subnet-"], "InstanceId": ["ein-", "ins-"], "ModuleId": ["em-"],
    "ImageId": ["img-"], "AddressId": ["eip-"], "LoadBalancerId": ["lb-"], "ListenerId": ["lbl-"],
    "SecurityGroupId": ["esg-", "sg-"], "NetworkInterfaceId": ["eni-"], "RouteTableId": ["rtb-"],
    "KeyId": ["skey-"], "HaVipId": ["havip-"], "SnapshotId": ["snap-"], "TaskId": [],
    "LaunchTemplateId": ["lt-"], "DisasterRecoverGroupId": ["ps-"], "HostId": ["host-"], "ChcId": ["chc-"],
    "ReservedInstanceId": [], "ReservedInstancesOfferingId": [],
    "Region": [], "Zone": [], "ISP": [], "InstanceType": [],
  ]

  private static let kindByMember: [String: String] = [
    "VpcId": "VpcId", "VpcIds": "VpcId", "SubnetId": "SubnetId", "SubnetIds": "SubnetId",
    "InstanceId": "InstanceId", "InstanceIds": "InstanceId", "InstanceIdSet": "InstanceId",
    "ModuleId": "ModuleId", "ImageId": "ImageId", "DefaultImageId": "ImageId", "ImageIDSet": "ImageId",
    "AddressId": "AddressId", "AddressIds": "AddressId", "AddressSet": "AddressId",
    "LoadBalancerId": "LoadBalancerId", "LoadBalancerIds": "LoadBalancerId", "ListenerId": "ListenerId",
    "ListenerIds": "ListenerId", "FailListenerIdSet": "ListenerId", "SecurityGroupId": "SecurityGroupId",
    "SecurityGroupIds": "SecurityGroupId", "SecurityGroups": "SecurityGroupId", "SecureGroups": "SecurityGroupId",
    "NetworkInterfaceId": "NetworkInterfaceId", "NetworkInterfaceIds": "NetworkInterfaceId",
    "RouteTableId": "RouteTableId", "RouteTableIds": "RouteTableId", "KeyId": "KeyId", "KeyIds": "KeyId",
    "HaVipId": "HaVipId", "HaVipIds": "HaVipId", "SnapshotId": "SnapshotId", "SnapshotIds": "SnapshotId",
    "TaskId": "TaskId", "EcmRegion": "Region", "Zone": "Zone", "ISP": "ISP", "InternetServiceProvider": "ISP",
    "VipIsp": "ISP", "InstanceType": "InstanceType",
    "ImageIds": "ImageId", "AssociatedInstanceIds": "InstanceId", "CvmInstanceId": "InstanceId",
    "BmcSecurityGroupIds": "SecurityGroupId", "DeploySecurityGroupIds": "SecurityGroupId",
    "LaunchTemplateId": "LaunchTemplateId", "LaunchTemplateIds": "LaunchTemplateId",
    "DisasterRecoverGroupId": "DisasterRecoverGroupId", "DisasterRecoverGroupIds": "DisasterRecoverGroupId",
    "HostId": "HostId", "HostIds": "HostId", "HostIdSet": "HostId", "ChcId": "ChcId", "ChcIds": "ChcId",
    "ReservedInstanceId": "ReservedInstanceId", "ReservedInstancesOfferingId": "ReservedInstancesOfferingId",
    "DestinationRegions": "Region",
  ]
}
