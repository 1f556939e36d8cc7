import Values

/// The limits that `DescribeConfig` reports and creation checks.
enum Limits {
  static let bandwidth = 1...1000
  static let systemDisk = 0...100
  static let dataDisk = 0...1024
  static let standardSystemDisk = 50
  /// Instances of one call.
  static let instancesPerCall = 100
  static let targetWeight = 10
  static let nameBytes = 60
  static let securityGroups = 50
  /// Of one direction.
  static let securityRules = 100
  static let securityReferences = 10
  static let instancesPerSecurityGroup = 2000
  static let securityGroupsPerInstance = 5
  static let modulesPerSecurityGroup = 10
  static let securityGroupsPerModule = 10
  static let securityGroupsPerBalancer = 5
  // The books state none of the following; the numbers are those of the provider's ordinary networks.
  static let routeTablesPerVpc = 10
  static let routesPerTable = 50
  static let haVipsPerVpc = 10
  static let keyPairs = 100
  /// Of an interface that is not plugged in; plugged in, the instance's size sets the limit.
  static let addressesPerInterface = 20
  static let ipv6PerInterface = 10
}

extension Call {
  /// The name of a network, subnet, route table or interface that is made: at most 60 bytes, where the pages of changes
  /// say characters.
  func newName(_ parameter: String) throws(Refusal) -> String {
    let name = try required(parameter)
    guard name.utf8.count <= Limits.nameBytes else {
      throw refusal(
        "InvalidParameterValue.TooLong", "InvalidParameterValue.ParameterValueTooLarge", "InvalidParameterValue",
        because: "\(parameter) takes at most \(Limits.nameBytes) bytes; these are \(name.utf8.count).")
    }
    return name
  }
}

extension World {
  /// Bandwidth out and in, of which one may be left out; given both, they must be equal.
  func bandwidths(_ out: Int?, _ incoming: Int?, _ call: Call) throws(Refusal) -> (out: Int, in: Int) {
    let given = [out, incoming].compactMap { $0 }.filter { $0 != 0 }
    guard let bandwidth = given.first else {
      throw call.refusal("InvalidParameterValue.InvalidBandwidth", because: "The bandwidth is missing.")
    }
    guard given.allSatisfy({ Limits.bandwidth.contains($0) }) else {
      throw call.refusal(
        "InvalidParameterValue.InvalidBandwidth", because: "The bandwidth must be 1 to 1000 Mbps.")
    }
    guard given.allSatisfy({ $0 == bandwidth }) else {
      throw call.refusal(
        "InvalidParameterValue.InvalidBandwidthInAndOut", because: "Inbound and outbound bandwidth must be equal.")
    }
    return (bandwidth, incoming ?? 0)
  }

  /// The disks that a call asks for: by size, or by the structures, which win.
  mutating func disks(
    _ call: Call, systemSize: Int?, dataSize: Int?
  ) throws(Refusal) -> (system: Disk, data: [Disk]) {
    let asked = call.record("SystemDisk")
    let size = [asked?["DiskSize"]?.asInt, systemSize].compactMap { $0 }.first { $0 != 0 } ?? Limits.standardSystemDisk
    guard Limits.systemDisk.contains(size) else {
      throw call.refusal("InvalidParameterValue.InvalidSystemDiskSize", because: "A system disk has 1 to 100 GB.")
    }
    let wanted: [(String, Int)] =
      call.has("DataDisks")
      ? call.list("DataDisks").compactMap { disk in
        disk.asRecord.map { ($0["DiskType"]?.asText ?? "LOCAL_BASIC", $0["DiskSize"]?.asInt ?? 0) }
      } : [dataSize ?? 0].filter { $0 != 0 }.map { ("LOCAL_BASIC", $0) }
    guard wanted.allSatisfy({ Limits.dataDisk.contains($0.1) }) else {
      throw call.refusal("InvalidParameterValue.InvalidDataDiskSize", because: "A data disk has at most 1024 GB.")
    }
    let system = Disk(id: newID("ldisk"), type: asked?["DiskType"]?.asText ?? "LOCAL_BASIC", size: size)
    var data: [Disk] = []
    for (type, size) in wanted { data.append(Disk(id: newID("ldisk"), type: type, size: size)) }
    return (system, data)
  }

  func usableImage(_ id: String, _ call: Call) throws(Refusal) -> Image {
    guard let image = image(id) else {
      throw call.refusal("InvalidParameterValue.InvalidImageID", because: "There is no image '\(id)'.")
    }
    return image
  }

  func model(_ name: String, for image: Image, _ call: Call) throws(Refusal) -> Hardware.Model {
    guard let model = seeds.hardware.model(name) else {
      throw call.refusal(
        "InvalidParameterValue.InvalidInstanceTypeConfigID", because: "There is no instance type '\(name)'.")
    }
    guard image.architecture != "i386" || model.memory < 4 else {
      throw call.refusal(
        "InvalidParameterValue.InvalidImageArchitecture", because: "A 32-bit image needs a type of less than 4 GB.")
    }
    return model
  }
}
