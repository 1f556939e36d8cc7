import Values

/// What an emulated cloud offers: where it stands, what can be had there, and what it costs. A class, so that what
/// holds it copies nothing; it never changes.
final class Seeds: Sendable {
  let geography: Geography
  let hardware: Hardware
  let images: PublicImages
  let prices: PriceTable
  private let ownCvm: CvmSeeds?
  /// The world file that they are from; null of the built-in ones.
  private let document: Value

  static let standard = Seeds(
    geography: .standard, hardware: .standard, images: .standard, prices: PriceTable(), cvm: nil, document: .null)

  fileprivate init(
    geography: Geography, hardware: Hardware, images: PublicImages, prices: PriceTable, cvm: CvmSeeds?, document: Value
  ) {
    (self.geography, self.hardware, self.images, self.prices) = (geography, hardware, images, prices)
    (ownCvm, self.document) = (cvm, document)
  }

  /// The built-in ones are made when they are first asked for.
  var cvm: CvmSeeds { ownCvm ?? .standard }
}

extension Seeds: Equatable {
  static func == (left: Seeds, right: Seeds) -> Bool { left === right || left.document == right.document }
}

/// Regions, instance types, images and prices of one's own, in the place of the built-in ones. What a file does not
/// have stays built in.
package struct WorldFile: Sendable, Hashable {
  /// Its contents.
  package let document: Value
  let seeds: Seeds

  package static func == (left: WorldFile, right: WorldFile) -> Bool { left.document == right.document }
  package func hash(into hasher: inout Hasher) { hasher.combine(document) }

  /// What is wrong with a file, with the place.
  package struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String
  }

  package init(decoding value: Value) throws(Problem) {
    let root = try WorldFileReader(
      value, at: "", ["description", "regions", "instanceTypes", "images", "prices", "cvm"])
    let regions = try root.rows("regions").map { rows throws(Problem) in try WorldFile.regions(rows) }
    let models = try root.rows("instanceTypes").map { rows throws(Problem) in try WorldFile.models(rows) }
    let images = try root.rows("images").map { rows throws(Problem) in try WorldFile.images(rows) }
    let prices = try root.object("prices", WorldFile.priceMembers).map { reader throws(Problem) in
      try WorldFile.prices(reader)
    }
    let cvm = try root.object("cvm", CvmSeeds.members).map { reader throws(Problem) in try CvmSeeds(reader) }
    document = value
    seeds = Seeds(
      geography: regions.map(Geography.init) ?? .standard, hardware: models.map(Hardware.init) ?? .standard,
      images: images.map(PublicImages.init) ?? .standard, prices: prices ?? PriceTable(), cvm: cvm, document: value)
  }
}

extension WorldFile {
  /// A region's network has room for as many zones' subnets.
  static let maximumZones = 16

  private static func regions(_ rows: [Value]) throws(Problem) -> [Geography.Region] {
    var (regions, names, zoneNames) = ([Geography.Region](), Set<String>(), Set<String>())
    for (index, row) in rows.enumerated() {
      let place = "regions[\(index)]"
      let reader = try WorldFileReader(row, at: place, ["name", "id", "displayName", "area", "province", "zones"])
      let name = try reader.unique("name", in: &names)
      guard let rows = try reader.rows("zones"), rows.count <= maximumZones else {
        throw Problem(description: "\(place).zones: 1 to \(maximumZones) zones are wanted")
      }
      var zones: [Geography.Zone] = []
      for (number, row) in rows.enumerated() {
        let zone = try WorldFileReader(row, at: "\(place).zones[\(number)]", ["name", "id", "displayName"])
        let zoneName = try zone.unique("name", in: &zoneNames)
        zones.append(
          Geography.Zone(
            name: zoneName, id: try zone.number("id"), displayName: try zone.text("displayName", else: zoneName),
            region: name))
      }
      regions.append(
        Geography.Region(
          name: name, id: try reader.number("id"), displayName: try reader.text("displayName", else: name),
          area: try position(reader, "area", "china-east", "East China"),
          province: try position(reader, "province", "china-east-zhejiang", "Zhejiang"), zones: zones))
    }
    return regions
  }

  private static func models(_ rows: [Value]) throws(Problem) -> [Hardware.Model] {
    var (models, names) = ([Hardware.Model](), Set<String>())
    for (index, row) in rows.enumerated() {
      let reader = try WorldFileReader(
        row, at: "instanceTypes[\(index)]",
        ["name", "family", "familyName", "processors", "memory", "frequency", "processorName"])
      let name = try reader.unique("name", in: &names)
      let family = try reader.text("family", else: String(name.prefix { $0 != "." }))
      models.append(
        Hardware.Model(
          name: name, family: family, familyName: try reader.text("familyName", else: family),
          processors: try reader.number("processors", upTo: 10_000),
          memory: try reader.number("memory", upTo: 100_000),
          frequency: try reader.text("frequency", else: "2.5 GHz"),
          processorName: try reader.text("processorName", else: "Emulated")))
    }
    return models
  }

  private static func images(_ rows: [Value]) throws(Problem) -> [Image] {
    var (images, ids) = ([Image](), Set<String>())
    for (index, row) in rows.enumerated() {
      let place = "images[\(index)]"
      let reader = try WorldFileReader(
        row, at: place, ["id", "name", "platform", "version", "architecture", "osType", "size"])
      let id = try reader.id("img", in: &ids)
      let osType = try reader.text("osType", else: "linux")
      guard ["linux", "windows"].contains(osType) else {
        throw Problem(description: "\(place).osType: linux or windows is wanted, not '\(osType)'")
      }
      let name = try reader.text("name", else: id)
      images.append(
        Image(
          id: id, name: name, osName: name, about: name, architecture: try reader.text("architecture", else: "x86_64"),
          osType: osType, osVersion: try reader.text("version", else: "1"),
          platform: try reader.text("platform", else: "Linux"), size: try reader.number("size", else: 50),
          isPublic: true, createdAt: nil, source: nil, taskID: "", tags: []))
    }
    return images
  }

  private static let priceMembers = [
    "processor", "eightGBOfMemory", "hundredGBOfDisk", "premiumFactor", "discountPercent",
  ]

  private static func prices(_ reader: WorldFileReader) throws(Problem) -> PriceTable {
    let standard = PriceTable()
    return PriceTable(
      processor: try reader.number("processor", else: standard.processor, upTo: 1_000_000),
      eightGBOfMemory: try reader.number("eightGBOfMemory", else: standard.eightGBOfMemory, upTo: 1_000_000),
      hundredGBOfDisk: try reader.number("hundredGBOfDisk", else: standard.hundredGBOfDisk, upTo: 1_000_000),
      premiumFactor: try reader.number("premiumFactor", else: standard.premiumFactor, upTo: 100),
      discount: try reader.number("discountPercent", else: standard.discount, upTo: 100))
  }

  private static func position(
    _ reader: WorldFileReader, _ member: String, _ id: String, _ name: String
  ) throws(Problem) -> (id: String, name: String) {
    guard let value = reader.record[member] else { return (id, name) }
    let inner = try WorldFileReader(value, at: "\(reader.place).\(member)", ["id", "name"])
    return (try inner.text("id"), try inner.text("name"))
  }
}
