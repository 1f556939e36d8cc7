import Values

/// What CVM offers.
struct CvmSeeds: Sendable {
  let geography: CvmGeography
  let hardware: CvmHardware
  let images: CvmPublicImages
  let prices: CvmPriceTable
  private let states: [String: CvmRegionState]

  static let standard = CvmSeeds(.standard, .standard, .standard, CvmPriceTable())

  private init(
    _ geography: CvmGeography, _ hardware: CvmHardware, _ images: CvmPublicImages, _ prices: CvmPriceTable
  ) {
    (self.geography, self.hardware, self.images, self.prices) = (geography, hardware, images, prices)
    states = Dictionary(uniqueKeysWithValues: geography.regions.map { ($0.name, CvmRegionState($0)) })
  }

  /// What the region comes with: networks, security groups and hosts, which the books have no calls to make. The same
  /// in every account.
  func state(_ region: String) -> CvmRegionState { states[region] ?? CvmRegionState() }

  /// The last zone of a region has no graphics cards to sell.
  func isSold(_ model: CvmHardware.Model, in zone: CvmGeography.Zone) -> Bool {
    guard zone.isAvailable else { return false }
    return model.graphics == 0 || zone.name != geography.region(zone.region)?.zones.last?.name
  }
}

/// The member `cvm` of a world file. What it does not have stays built in.
extension CvmSeeds {
  static let members = ["regions", "instanceTypes", "images", "prices"]

  init(_ reader: WorldFileReader) throws(WorldFile.Problem) {
    let regions = try reader.rows("regions").map { rows throws(WorldFile.Problem) in try CvmSeeds.regions(rows) }
    let types = try reader.rows("instanceTypes").map { rows throws(WorldFile.Problem) in try CvmSeeds.types(rows) }
    let images = try reader.rows("images").map { rows throws(WorldFile.Problem) in try CvmSeeds.images(rows) }
    let prices = try reader.object("prices", CvmSeeds.priceMembers).map { table throws(WorldFile.Problem) in
      try CvmSeeds.prices(table)
    }
    self.init(
      regions.map(CvmGeography.init) ?? .standard, types.map { CvmHardware($0, $1) } ?? .standard,
      images.map(CvmPublicImages.init) ?? .standard, prices ?? CvmPriceTable())
  }

  private static func regions(_ rows: [Value]) throws(WorldFile.Problem) -> [CvmGeography.Region] {
    var (regions, names, zoneNames) = ([CvmGeography.Region](), Set<String>(), Set<String>())
    for (index, row) in rows.enumerated() {
      let place = "cvm.regions[\(index)]"
      let reader = try WorldFileReader(row, at: place, ["name", "displayName", "zones"])
      let name = try reader.unique("name", in: &names)
      guard let rows = try reader.rows("zones"), rows.count <= WorldFile.maximumZones else {
        throw WorldFile.Problem(description: "\(place).zones: 1 to \(WorldFile.maximumZones) zones are wanted")
      }
      var zones: [CvmGeography.Zone] = []
      for (number, row) in rows.enumerated() {
        let zone = try WorldFileReader(
          row, at: "\(place).zones[\(number)]", ["name", "id", "displayName", "available"])
        let zoneName = try zone.unique("name", in: &zoneNames)
        zones.append(
          CvmGeography.Zone(
            name: zoneName, id: try zone.number("id"), displayName: try zone.text("displayName", else: zoneName),
            region: name, isAvailable: try zone.flag("available", else: true)))
      }
      regions.append(
        CvmGeography.Region(name: name, displayName: try reader.text("displayName", else: name), zones: zones))
    }
    return regions
  }

  /// A family is described where it occurs first.
  private static func types(
    _ rows: [Value]
  ) throws(WorldFile.Problem) -> ([CvmHardware.Family], [CvmHardware.Model]) {
    var (families, models, names) = ([CvmHardware.Family](), [CvmHardware.Model](), Set<String>())
    for (index, row) in rows.enumerated() {
      let place = "cvm.instanceTypes[\(index)]"
      let reader = try WorldFileReader(
        row, at: place, ["name", "familyName", "processors", "memory", "graphics", "frequency", "processorName"])
      let name = try reader.unique("name", in: &names)
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, let family = parts.first.map(String.init), !family.isEmpty else {
        throw WorldFile.Problem(description: "\(place).name: '\(name)' must be FAMILY.SIZE, such as L5.SMALL")
      }
      models.append(
        CvmHardware.Model(
          name: name, family: family, processors: try reader.number("processors", upTo: 10_000),
          memory: try reader.number("memory", upTo: 100_000),
          graphics: try reader.number("graphics", else: 0, from: 0, upTo: 1_000)))
      guard !families.contains(where: { $0.name == family }) else { continue }
      families.append(
        CvmHardware.Family(
          name: family, displayName: try reader.text("familyName", else: family),
          frequency: try reader.text("frequency", else: "2.5GHz"),
          processorName: try reader.text("processorName", else: "Emulated")))
    }
    return (families, models)
  }

  private static func images(_ rows: [Value]) throws(WorldFile.Problem) -> [CvmImage] {
    var (images, ids) = ([CvmImage](), Set<String>())
    for (index, row) in rows.enumerated() {
      let reader = try WorldFileReader(
        row, at: "cvm.images[\(index)]", ["id", "name", "platform", "architecture", "size"])
      let id = try reader.id("img", in: &ids)
      images.append(
        CvmPublicImages.image(
          id, try reader.text("platform", else: "Other Linux"), try reader.text("name", else: id),
          architecture: try reader.text("architecture", else: "x86_64"),
          size: try reader.number("size", else: 50, upTo: 1_000)))
    }
    return images
  }

  private static let priceMembers = [
    "processor", "memory", "graphics", "disk", "ssd", "bandwidth", "prepaidBandwidth", "traffic",
  ]

  private static func prices(_ reader: WorldFileReader) throws(WorldFile.Problem) -> CvmPriceTable {
    let standard = CvmPriceTable()
    return CvmPriceTable(
      processor: try reader.dollars("processor", else: standard.processor),
      memory: try reader.dollars("memory", else: standard.memory),
      graphics: try reader.dollars("graphics", else: standard.graphics),
      disk: try reader.dollars("disk", else: standard.disk), ssd: try reader.dollars("ssd", else: standard.ssd),
      bandwidth: try reader.dollars("bandwidth", else: standard.bandwidth),
      prepaidBandwidth: try reader.dollars("prepaidBandwidth", else: standard.prepaidBandwidth),
      traffic: try reader.dollars("traffic", else: standard.traffic))
  }
}
