import CloudCatalog
import Values

/// What an account holds on the edge and in CVM, as its own Describe calls tell it: the rows of each, gathered. A world
/// is made of it, to rehearse in. `belay.snapshot/1`.
package struct AccountSnapshot: Sendable {
  /// The rows of one read, all pages together.
  package struct Answer: Sendable {
    package let action: ActionID
    /// The region or the resource that was asked for; nil when it was all.
    package let of: String?
    package let rows: [Value]

    package init(_ action: ActionID, of: String? = nil, rows: [Value]) {
      self.action = action
      self.of = of
      self.rows = rows
    }
  }
  package static let format = "belay.snapshot/1"

  package let takenAt: Instant
  /// As people know it; no secret.
  package let account: String
  package let answers: [Answer]

  package init(takenAt: Instant, account: String, answers: [Answer]) {
    self.takenAt = takenAt
    self.account = account
    self.answers = answers
  }

  package var document: Value {
    [
      "format": .text(AccountSnapshot.format), "taken_at": .text(takenAt.plainText), "account": .text(account),
      "answers": .list(
        answers.map { answer in
          [
            "action": .text(answer.action.description), "of": answer.of.map(Value.text) ?? .null,
            "rows": .list(answer.rows),
          ]
        }),
    ]
  }

  /// Nil when it is no snapshot of this version.
  package init?(_ document: Value) {
    guard let record = document.asRecord, record["format"] == .text(AccountSnapshot.format),
      let takenAt = record["taken_at"]?.asText.flatMap({ Instant(plainText: $0) }),
      let account = record["account"]?.asText, let rows = record["answers"]?.asList
    else { return nil }
    var answers: [Answer] = []
    for row in rows {
      guard let answer = row.asRecord, let action = answer["action"]?.asText, let rows = answer["rows"]?.asList else {
        return nil
      }
      answers.append(Answer(ActionID(action), of: answer["of"]?.asText, rows: rows))
    }
    self.init(takenAt: takenAt, account: account, answers: answers)
  }

  /// The rows of an action of ECM, whatever was asked for.
  func rows(_ action: String) -> [SnapshotRow] {
    answers.filter { $0.action == ActionID("ecm", action) }.flatMap(\.rows).compactMap(SnapshotRow.init)
  }

  /// The rows of an action of ECM for one resource.
  func rows(_ action: String, of resource: String) -> [SnapshotRow] {
    answers.filter { $0.action == ActionID("ecm", action) && $0.of == resource }.flatMap(\.rows)
      .compactMap(SnapshotRow.init)
  }

  /// The rows of an action of CVM for one region or resource; nil for all.
  func cvmRows(_ action: String, of place: String? = nil) -> [SnapshotRow] {
    answers.filter { $0.action == ActionID("cvm", action) && (place == nil || $0.of == place) }.flatMap(\.rows)
      .compactMap(SnapshotRow.init)
  }

  /// The regions of CVM that were read.
  var cvmRegions: [String] { answers.filter { $0.action == "cvm.DescribeZones" }.compactMap(\.of) }

  /// The places, instance types and public images of the cloud that was read.
  var worldFile: Value {
    var file: Record = [
      "regions": .list(regions), "instanceTypes": .list(rows("DescribeInstanceTypeConfig").map(AccountSnapshot.model)),
      "images": .list(
        rows("DescribeImage").filter { $0.text("ImageType") == "PUBLIC_IMAGE" }.map(AccountSnapshot.image)),
    ]
    // What was not read is as the emulator has it.
    for (member, rows) in file where rows.asList?.isEmpty == true { file[member] = nil }
    if let cvm = cvmWorld { file["cvm"] = cvm }
    return .record(file)
  }

  private var regions: [Value] {
    var order: [String] = []
    var zones: [String: [SnapshotRow]] = [:]
    for node in rows("DescribeNode") {
      let region = node.text("RegionInfo.Region")
      if zones[region] == nil { order.append(region) }
      zones[region, default: []].append(node)
    }
    return order.compactMap { name in
      guard let nodes = zones[name], let first = nodes.first else { return nil }
      return [
        "name": .text(name), "id": .int(first.int("RegionInfo.RegionId") ?? 1),
        "displayName": .text(first.text("RegionInfo.RegionName", else: name)),
        "area": first.place("Area"), "province": first.place("Province"),
        "zones": .list(
          nodes.map { node in
            [
              "name": .text(node.text("ZoneInfo.Zone")), "id": .int(node.int("ZoneInfo.ZoneId") ?? 1),
              "displayName": .text(node.text("ZoneInfo.ZoneName", else: node.text("ZoneInfo.Zone"))),
            ]
          }),
      ]
    }
  }

  private static func model(_ row: SnapshotRow) -> Value {
    let name = row.text("InstanceType")
    let family = row.text("InstanceFamilyConfig.InstanceFamily", else: String(name.prefix { $0 != "." }))
    return [
      "name": .text(name), "family": .text(family),
      "familyName": .text(row.text("InstanceFamilyConfig.InstanceFamilyName", else: family)),
      "processors": .int(row.int("Vcpu") ?? 1), "memory": .int(row.int("Memory") ?? 1),
      "frequency": .text(row.text("Frequency", else: "unknown")),
      "processorName": .text(row.text("CpuModelName", else: "unknown")),
    ]
  }

  private static func image(_ row: SnapshotRow) -> Value {
    [
      "id": .text(row.text("ImageId")), "name": .text(row.text("ImageName", else: row.text("ImageId"))),
      "platform": .text(row.text("Platform", else: "Linux")), "version": .text(row.text("OsVersion", else: "1")),
      "architecture": .text(row.text("Architecture", else: "x86_64")),
      "osType": .text(row.text("OsType") == "windows" ? "windows" : "linux"), "size": .int(row.int("ImageSize") ?? 50),
    ]
  }
}

/// The same of CVM.
extension AccountSnapshot {
  /// Nil when it was not read.
  fileprivate var cvmWorld: Value? {
    let regions = cvmRows("DescribeRegions").compactMap { row -> Value? in
      let name = row.text("Region")
      let zones = cvmRows("DescribeZones", of: name).map(AccountSnapshot.cvmZone)
      guard !zones.isEmpty else { return nil }
      return [
        "name": .text(name), "displayName": .text(row.text("RegionName", else: name)), "zones": .list(zones),
      ]
    }
    guard !regions.isEmpty else { return nil }
    return ["regions": .list(regions), "instanceTypes": .list(cvmModels), "images": .list(cvmImages)]
  }

  private static func cvmZone(_ row: SnapshotRow) -> Value {
    [
      "name": .text(row.text("Zone")), "id": .int(row.int("ZoneId") ?? 1),
      "displayName": .text(row.text("ZoneName", else: row.text("Zone"))),
      "available": .bool(row.text("ZoneState") != "UNAVAILABLE"),
    ]
  }

  /// Each type once, in the order of the first region that has it.
  private var cvmModels: [Value] {
    var families: [String: String] = [:]
    for row in cvmRows("DescribeInstanceFamilyConfigs") {
      families[row.text("InstanceFamily")] = row.text("InstanceFamilyName")
    }
    var known: Set<String> = []
    return cvmRows("DescribeInstanceTypeConfigs").compactMap { row in
      let name = row.text("InstanceType")
      // What is not FAMILY.SIZE is no type that RunInstances takes.
      guard name.split(separator: ".", omittingEmptySubsequences: false).count == 2, !name.hasPrefix("."),
        known.insert(name).inserted
      else { return nil }
      let family = row.text("InstanceFamily", else: String(name.prefix { $0 != "." }))
      return [
        "name": .text(name), "familyName": .text(families[family].flatMap { $0.isEmpty ? nil : $0 } ?? family),
        "processors": .int(max(1, row.int("CPU") ?? 1)), "memory": .int(max(1, row.int("Memory") ?? 1)),
        "graphics": .int(row.int("GPU") ?? 0),
      ]
    }
  }

  private var cvmImages: [Value] {
    var known: Set<String> = []
    return cvmRows("DescribeImages").compactMap { row in
      guard row.text("ImageType") == "PUBLIC_IMAGE", let id = row.id("ImageId"), known.insert(id).inserted else {
        return nil
      }
      return [
        "id": .text(id), "name": .text(row.text("ImageName", else: id)),
        "platform": .text(row.text("Platform", else: "Other Linux")),
        "architecture": .text(row.text("Architecture", else: "x86_64")),
        "size": .int(max(1, row.int("ImageSize") ?? 50)),
      ]
    }
  }
}

/// One row of an answer. What is missing or null has a standard, because accounts differ in what they fill in.
struct SnapshotRow {
  let value: Value

  init?(_ value: Value) {
    guard value.asRecord != nil else { return nil }
    self.value = value
  }

  private func found(_ path: String) -> Value? { ValuePath(path).value(in: value) }

  func text(_ path: String, else standard: String = "") -> String {
    guard let text = found(path)?.asText, !text.isEmpty else { return standard }
    return text
  }

  /// Nil when it is empty.
  func id(_ path: String) -> String? { found(path)?.asText.flatMap { $0.isEmpty ? nil : $0 } }
  func int(_ path: String) -> Int? { found(path)?.asInt ?? found(path)?.asText.flatMap { Int($0) } }
  func flag(_ path: String) -> Bool { found(path)?.asBool ?? (int(path) == 1) }
  func texts(_ path: String) -> [String] { (found(path)?.asList ?? []).compactMap(\.asText) }
  func rows(_ path: String) -> [SnapshotRow] { (found(path)?.asList ?? []).compactMap(SnapshotRow.init) }
  func instant(_ path: String, else standard: Instant) -> Instant {
    found(path)?.asText.flatMap { Instant(plainText: $0) } ?? standard
  }
  func cidr(_ path: String) -> CIDR? { found(path)?.asText.flatMap { CIDR($0) } }
  func address(_ path: String) -> UInt32? { found(path)?.asText.flatMap { CIDR.address($0) } }

  /// In either of the two forms that answers have.
  func tags(_ path: String) -> [Tag] {
    rows(path).map { tag in
      Tag(key: tag.text("Key", else: tag.text("TagKey")), value: tag.text("Value", else: tag.text("TagValue")))
    }
  }

  /// An area or a province of a node.
  fileprivate func place(_ name: String) -> Value {
    [
      "id": .text(text("\(name).\(name)Id", else: "unknown")),
      "name": .text(text("\(name).\(name)Name", else: "unknown")),
    ]
  }
}
