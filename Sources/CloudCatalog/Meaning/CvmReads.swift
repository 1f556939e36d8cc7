import Values

/// What the reads of CVM are good for, by name; nil for an action that changes something.
func cvmReadMeaning(of name: String) -> ReadMeaning? { cvmLists(name) ?? cvmAnswers(name) }

private func reading(
  _ resource: String, rows: ValuePath? = nil, id: String? = nil, isPaged: Bool = false, filters: FilterRule? = nil,
  idList: (parameter: String, maximum: Int?)? = nil, doubt: String? = nil
) -> ReadMeaning {
  ReadMeaning(
    resource: resource, rows: rows, id: id, paging: isPaged ? Paging() : nil, filters: filters, idList: idList,
    doubt: doubt)
}

/// The book writes `tag:tag-key` for a name that the author's own tag key ends.
private func rule(_ names: [String], filters: Int? = nil, values: Int? = nil) -> FilterRule {
  FilterRule(
    names: names.filter { $0 != "tag:tag-key" }, prefixes: names.contains("tag:tag-key") ? ["tag:"] : [],
    maximumFilters: filters, maximumValues: values)
}

/// Reads of what an account has.
private func cvmLists(_ name: String) -> ReadMeaning? {
  switch name {
  case "DescribeInstances":
    reading(
      "Instance", rows: "InstanceSet[]", id: "InstanceId", isPaged: true,
      filters: rule(
        [
          "zone", "project-id", "host-id", "vpc-id", "subnet-id", "instance-id", "security-group-id", "instance-name",
          "instance-charge-type", "private-ip-address", "public-ip-address", "tag-key", "tag-value", "tag:tag-key",
        ], filters: 10, values: 5), idList: ("InstanceIds", 100))
  case "DescribeInstancesStatus":
    reading(
      "Instance", rows: "InstanceStatusSet[]", id: "InstanceId", isPaged: true, idList: ("InstanceIds", 100))
  case "DescribeInstancesAttributes":
    reading("Instance", rows: "InstanceSet[]", id: "InstanceId", idList: ("InstanceIds", nil))
  case "DescribeInstancesOperationLimit":
    reading("Instance", rows: "InstanceOperationLimitSet[]", id: "InstanceId", idList: ("InstanceIds", 100))
  case "DescribeInstanceVncUrl": reading("Instance")
  case "DescribeReservedInstances":
    reading(
      "ReservedInstances", rows: "ReservedInstancesSet[]", id: "ReservedInstanceId", isPaged: true,
      filters: rule(
        [
          "zone", "duration", "instance-type", "instance-family", "offering-type", "product-description",
          "reserved-instances-id", "state",
        ], filters: 10, values: 5))
  case "DescribeHosts":
    reading(
      "Host", rows: "HostSet[]", id: "HostId", isPaged: true,
      filters: rule(["zone", "project-id", "host-id", "host-name", "host-state"], filters: 10, values: 5),
      doubt: "the book lists DescribeHosts without a page")
  case "DescribeChcHosts":
    reading(
      "ChcHost", rows: "ChcHostSet[]", id: "ChcId", isPaged: true,
      filters: rule(["zone", "instance-name", "instance-state", "device-type", "vpc-id", "subnet-id"]),
      idList: ("ChcIds", 100))
  case "DescribeChcDeniedActions":
    reading("ChcHost", rows: "ChcHostDeniedActionSet[]", id: "ChcId", idList: ("ChcIds", nil))
  case "DescribeImages":
    reading(
      "Image", rows: "ImageSet[]", id: "ImageId", isPaged: true,
      filters: rule(
        ["image-id", "image-type", "image-name", "platform", "tag-key", "tag-value", "tag:tag-key"], filters: 10,
        values: 5), idList: ("ImageIds", nil))
  case "DescribeImageFromFamily": reading("Image", rows: "Image", id: "ImageId")
  case "DescribeImageSharePermission":
    reading("SharePermission", rows: "SharePermissionSet[]", id: "AccountId")
  case "DescribeLaunchTemplates":
    reading(
      "LaunchTemplate", rows: "LaunchTemplateSet[]", id: "LaunchTemplateId", isPaged: true,
      filters: rule(["LaunchTemplateName"], filters: 10, values: 5), idList: ("LaunchTemplateIds", nil))
  case "DescribeLaunchTemplateVersions":
    reading(
      "LaunchTemplateVersion", rows: "LaunchTemplateVersionSet[]", id: "LaunchTemplateVersion", isPaged: true,
      idList: ("LaunchTemplateVersions", nil))
  case "DescribeDisasterRecoverGroups":
    reading(
      "DisasterRecoverGroup", rows: "DisasterRecoverGroupSet[]", id: "DisasterRecoverGroupId", isPaged: true,
      filters: rule(["tag-key", "tag-value", "tag:tag-key"], filters: 10, values: 5),
      idList: ("DisasterRecoverGroupIds", 10))
  case "DescribeKeyPairs":
    reading(
      "KeyPair", rows: "KeyPairSet[]", id: "KeyId", isPaged: true, filters: rule(["project-id", "key-name"]),
      idList: ("KeyIds", nil))
  default: nil
  }
}

/// Reads of what the cloud offers, allows and charges.
private func cvmAnswers(_ name: String) -> ReadMeaning? {
  switch name {
  case "DescribeRegions":
    reading("Region", rows: "RegionSet[]", id: "Region", doubt: "the book lists DescribeRegions without a page")
  case "DescribeZones": reading("Zone", rows: "ZoneSet[]", id: "Zone")
  case "DescribeInstanceFamilyConfigs":
    reading("InstanceFamily", rows: "InstanceFamilyConfigSet[]", id: "InstanceFamily")
  case "DescribeInstanceTypeConfigs":
    reading(
      "InstanceType", rows: "InstanceTypeConfigSet[]",
      filters: rule(["zone", "instance-family"], filters: 10, values: 1),
      doubt: "the structure InstanceTypeConfig is not among the data types: the members of a row are not known")
  case "DescribeZoneInstanceConfigInfos":
    reading(
      "InstanceType", rows: "InstanceTypeQuotaSet[]", id: "InstanceType",
      filters: rule(["instance-charge-type", "zone"]),
      doubt: "the filter zone stands in the example of page DescribeZoneInstanceConfigInfos only")
  case "DescribeInternetChargeTypeConfigs":
    reading("InternetChargeType", rows: "InternetChargeTypeConfigSet[]", id: "InternetChargeType")
  case "DescribeImportImageOs": reading("ImageOs", rows: "ImportImageOsVersionSet[]", id: "OsName")
  case "DescribeImageQuota": reading("ImageQuota")
  case "DescribeDisasterRecoverGroupQuota": reading("DisasterRecoverGroupQuota")
  case "DescribeReservedInstancesOfferings":
    reading(
      "ReservedInstancesOffering", rows: "ReservedInstancesOfferingsSet[]", id: "ReservedInstancesOfferingId",
      isPaged: true,
      filters: rule(
        [
          "zone", "duration", "instance-type", "offering-type", "product-description", "reserved-instances-offering-id",
        ], filters: 10, values: 5))
  case "DescribeReservedInstancesConfigInfos":
    reading(
      "ReservedInstanceConfig", rows: "ReservedInstanceConfigInfos[]", id: "Type",
      filters: rule(["zone", "product-description", "duration"]))
  case "InquiryPriceRunInstances", "InquiryPriceResetInstance", "InquiryPriceResetInstancesType",
    "InquiryPriceResizeInstanceDisks", "InquiryPriceResetInstancesInternetMaxBandwidth",
    "InquirePricePurchaseReservedInstancesOffering":
    reading("Price", rows: "Price")
  default: nil
  }
}
