import Values

/// Where an emulated cloud stands: regions with their zones, the three carriers in every zone.
struct Geography: Sendable {
  struct Region: Sendable {
    let name: String
    let id: Int
    let displayName: String
    let area: (id: String, name: String)
    let province: (id: String, name: String)
    let zones: [Zone]

    /// The second word of the name.
    var city: String {
      let words = name.utf8.split(separator: UInt8(ascii: "-"))
      return words.count > 1 ? String(Substring(words[1])) : ""
    }
  }

  struct Zone: Sendable {
    let name: String
    let id: Int
    let displayName: String
    let region: String
  }

  static let carriers = [("CTCC", "China Telecom"), ("CUCC", "China Unicom"), ("CMCC", "China Mobile")]

  let regions: [Region]
  private let regionsByName: [String: Region]
  private let zonesByName: [String: Zone]
  /// By zone. Every instance's answer has one.
  private let positions: [String: Record]

  init(_ regions: [Region]) {
    self.regions = regions
    regionsByName = Dictionary(uniqueKeysWithValues: regions.map { ($0.name, $0) })
    zonesByName = Dictionary(uniqueKeysWithValues: regions.flatMap(\.zones).map { ($0.name, $0) })
    positions = Dictionary(
      uniqueKeysWithValues: regions.flatMap { region in
        region.zones.map { ($0.name, Geography.position($0, in: region)) }
      })
  }

  func region(_ name: String) -> Region? { regionsByName[name] }
  func hasRegion(_ name: String) -> Bool { regionsByName.index(forKey: name) != nil }
  func zone(_ name: String) -> Zone? { zonesByName[name] }

  /// Two zones in each region.
  static let standard = Geography([
    region("hangzhou", 1011, "Hangzhou", ("east", "East China"), ("zhejiang", "Zhejiang")),
    region("shanghai", 1021, "Shanghai", ("east", "East China"), ("shanghai", "Shanghai")),
    region("nanjing", 1031, "Nanjing", ("east", "East China"), ("jiangsu", "Jiangsu")),
    region("qingdao", 1041, "Qingdao", ("east", "East China"), ("shandong", "Shandong")),
    region("shenzhen", 1051, "Shenzhen", ("south", "South China"), ("guangdong", "Guangdong")),
    region("guangzhou", 1061, "Guangzhou", ("south", "South China"), ("guangdong", "Guangdong")),
    region("beijing", 1071, "Beijing", ("north", "North China"), ("beijing", "Beijing")),
    region("wuhan", 1081, "Wuhan", ("central", "Central China"), ("hubei", "Hubei")),
    region("zhengzhou", 1091, "Zhengzhou", ("central", "Central China"), ("henan", "Henan")),
    region("chengdu", 1101, "Chengdu", ("southwest", "Southwest China"), ("sichuan", "Sichuan")),
    region("xian", 1111, "Xi'an", ("northwest", "Northwest China"), ("shaanxi", "Shaanxi")),
    region("bhmini", 1200, "Binhai", ("south", "South China"), ("guangdong", "Guangdong")),
  ])

  /// Whether the text names carriers that every zone has: `CTCC`, or several joined by `;`.
  static func isCarrier(_ text: String) -> Bool {
    if carriers.contains(where: { $0.0 == text }) { return true }
    let names = text.split(separator: ";", omittingEmptySubsequences: false)
    return Set(names).count == names.count && names.allSatisfy { name in carriers.contains { $0.0 == name } }
  }

  static func carrierName(_ id: String) -> String {
    if let carrier = carriers.first(where: { $0.0 == id }) { return carrier.1 }
    return id.split(separator: ";").map { part in carriers.first { $0.0 == part }?.1 ?? String(part) }
      .joined(separator: ";")
  }

  private static func region(
    _ city: String, _ id: Int, _ displayName: String, _ area: (String, String), _ province: (String, String)
  ) -> Region {
    let name = "ap-\(city)-ecm"
    let zones = (1...2).map { number in
      Zone(
        name: "\(name)-\(number)", id: id * 10_000 + number, displayName: "\(displayName) Zone \(number)", region: name)
    }
    return Region(
      name: name, id: id, displayName: displayName, area: ("china-\(area.0)", area.1),
      province: ("china-\(area.0)-\(province.0)", province.1), zones: zones)
  }
}

extension Geography {
  /// The structure `Position`: from country to zone.
  func position(_ zone: Zone) -> Record { positions[zone.name] ?? Record() }

  private static func position(_ zone: Zone, in region: Region) -> Record {
    let city = "\(region.province.id)-\(region.city)"
    return [
      "ZoneInfo": ["ZoneId": .int(zone.id), "ZoneName": .text(zone.displayName), "Zone": .text(zone.name)],
      "Country": ["CountryId": "china", "CountryName": "China"],
      "Area": ["AreaId": .text(region.area.id), "AreaName": .text(region.area.name)],
      "Province": ["ProvinceId": .text(region.province.id), "ProvinceName": .text(region.province.name)],
      "City": ["CityId": .text(city), "CityName": .text(region.displayName)],
      "RegionInfo": [
        "Region": .text(region.name), "RegionName": .text(region.displayName), "RegionId": .int(region.id),
      ],
    ]
  }

  static func carrier(_ id: String) -> Value { ["ISPId": .text(id), "ISPName": .text(carrierName(id))] }
}
