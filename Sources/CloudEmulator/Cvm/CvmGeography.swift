import Values

/// The regions and zones of CVM.
struct CvmGeography: Sendable {
  struct Region: Sendable {
    let name: String
    let displayName: String
    let zones: [Zone]
  }

  struct Zone: Sendable {
    let name: String
    let id: Int
    let displayName: String
    let region: String
    let isAvailable: Bool
  }

  /// Since when what every account comes with has been there: 2020-03-10T02:43:51Z.
  static let opening = Instant(milliseconds: 1_583_808_231_000)

  let regions: [Region]
  private let regionsByName: [String: Region]
  private let zonesByName: [String: Zone]

  init(_ regions: [Region]) {
    self.regions = regions
    regionsByName = Dictionary(uniqueKeysWithValues: regions.map { ($0.name, $0) })
    zonesByName = Dictionary(uniqueKeysWithValues: regions.flatMap(\.zones).map { ($0.name, $0) })
  }

  func region(_ name: String) -> Region? { regionsByName[name] }
  func zone(_ name: String) -> Zone? { zonesByName[name] }

  static let standard = CvmGeography([
    region("ap-guangzhou", "Guangzhou", 100_000, zones: 5, closed: 1),
    region("ap-shanghai", "Shanghai", 200_000, zones: 5), region("ap-hongkong", "Hong Kong", 300_000),
    region("ap-beijing", "Beijing", 800_000, zones: 5), region("ap-singapore", "Singapore", 900_000, zones: 3),
    region("ap-shenzhen-fsi", "Shenzhen Finance", 110_000), region("ap-shanghai-fsi", "Shanghai Finance", 700_000),
    region("na-siliconvalley", "Silicon Valley", 150_000), region("ap-chengdu", "Chengdu", 160_000),
    region("eu-frankfurt", "Frankfurt", 170_000), region("ap-seoul", "Seoul", 180_000),
    region("ap-chongqing", "Chongqing", 190_000), region("na-ashburn", "Virginia", 220_000),
    region("ap-bangkok", "Bangkok", 230_000), region("ap-tokyo", "Tokyo", 250_000),
    region("ap-nanjing", "Nanjing", 330_000), region("ap-jakarta", "Jakarta", 720_000),
    region("sa-saopaulo", "Sao Paulo", 740_000, zones: 1),
  ])

  private static func region(
    _ name: String, _ displayName: String, _ id: Int, zones: Int = 2, closed: Int = 0
  ) -> Region {
    let zones = (1...zones).map { number in
      Zone(
        name: "\(name)-\(number)", id: id + number, displayName: "\(displayName) Zone \(number)", region: name,
        isAvailable: number != closed)
    }
    return Region(name: name, displayName: displayName, zones: zones)
  }
}

extension World {
  func describeZones(_ call: CvmCall) throws(Refusal) -> Record {
    let zones = seeds.cvm.geography.region(call.region)?.zones ?? []
    return [
      "TotalCount": .int(zones.count),
      "ZoneSet": .records(
        zones.map {
          [
            "Zone": .text($0.name), "ZoneName": .text($0.displayName), "ZoneId": .text(String($0.id)),
            "ZoneState": $0.isAvailable ? "AVAILABLE" : "UNAVAILABLE",
          ]
        }),
    ]
  }

  /// Inferred: the books list the action without a page; the members are those of `RegionInfo`.
  func describeRegions(_ call: Call) throws(Refusal) -> Record {
    [
      "TotalCount": .int(seeds.cvm.geography.regions.count),
      "RegionSet": .records(
        seeds.cvm.geography.regions.map {
          ["Region": .text($0.name), "RegionName": .text($0.displayName), "RegionState": "AVAILABLE"]
        }),
    ]
  }
}

extension CvmCall {
  /// The zone of that name in the call's region.
  func zone(_ name: String) throws(Refusal) -> CvmGeography.Zone {
    guard let zone = seeds.cvm.geography.zone(name), zone.region == region else {
      throw refusal(
        "InvalidZone.MismatchRegion", "InvalidParameterValue.ZoneNotSupported", "InvalidParameterValue",
        because: "\(region) has no zone '\(name)'.")
    }
    return zone
  }
}
