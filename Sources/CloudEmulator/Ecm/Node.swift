import Values

/// What the cloud offers, the same to everyone.
extension World {
  func describeNode(_ call: Call) throws(Refusal) -> Record {
    let families = seeds.hardware.families
    let passes = try call.filter(
      [.exact("InstanceFamily", of: { _ in families })] as [FilterField<Geography.Zone>])
    let carriers = Geography.carriers.map(\.0)
    let several: Value = ["ISPId": .text(carriers.joined(separator: ";")), "ISPName": "Non-BGP"]
    let nodes = seeds.geography.regions.flatMap(\.zones).filter(passes).map { zone -> Value in
      var node = seeds.geography.position(zone)
      node["ISPSet"] = .list(carriers.map { Geography.carrier($0) } + [several])
      node["ISPNum"] = .int(carriers.count)
      return .record(node)
    }
    return ["NodeSet": .list(nodes), "TotalCount": .int(nodes.count)]
  }

  func describeInstanceTypeConfig(_ call: Call) throws(Refusal) -> Record {
    [
      "TotalCount": .int(seeds.hardware.models.count),
      "InstanceTypeConfigSet": .list(seeds.hardware.models.map(\.answer)),
    ]
  }

  func describeConfig(_ call: Call) throws(Refusal) -> Record {
    [
      "NetworkStorageRange": networkStorageRange,
      "ImageWhiteSet": .list(seeds.images.all.map { .text($0.osName) }),
      "InstanceNetworkLimitConfigs": .list(NetworkLimits.all.map(\.answer)),
      "ImageLimits": ["MaxImageSize": 0], "DefaultIPDirect": true,
    ]
  }

  private var networkStorageRange: Value {
    [
      "MaxBandwidth": .int(Limits.bandwidth.upperBound), "MaxSystemDiskSize": .int(Limits.systemDisk.upperBound),
      "MinBandwidth": .int(Limits.bandwidth.lowerBound), "MinSystemDiskSize": .int(Limits.systemDisk.lowerBound),
      "MaxDataDiskSize": .int(Limits.dataDisk.upperBound), "MinDataDiskSize": .int(Limits.dataDisk.lowerBound),
      "SuggestBandwidth": 25, "SuggestDataDiskSize": 1024,
      "SuggestSystemDiskSize": .int(Limits.standardSystemDisk), "MaxVcpu": 100, "MinVcpu": 1, "MaxVcpuPerReq": 100,
      "PerBandwidth": 1, "PerDataDisk": 10, "MaxModuleNum": 1000,
    ]
  }
}
