import Values

/// A snapshot of a disk. None can be made through this service: an account comes with a few.
struct Snapshot: Row {
  let id: String
  let name: String
  let zone: String
  let diskID: String
  let diskUsage: String
  let size: Int
  let createdAt: Instant
  /// The accounts it is shared with, in number.
  let shares: Int
  /// The image that is bound to it.
  var imageID: String?

  var inventoryLine: InventoryLine {
    InventoryLine("Snapshot", id, name, isSystem: true, zone, diskID, "\(size) GB", imageID)
  }

  static let filters: [FilterField<Snapshot>] = [
    .exact("snapshot-id") { $0.id }, .exact("snapshot-name") { $0.name }, .exact("snapshot-state") { _ in "NORMAL" },
    .exact("disk-usage") { $0.diskUsage }, .exact("project-id") { _ in "0" }, .exact("disk-id") { $0.diskID },
    .exact("zone") { $0.zone }, .exact("encrypt") { _ in "FALSE" },
    .exact("snapshot-type") { $0.shares > 0 ? "SHARED_SNAPSHOT" : "PRIVATE_SNAPSHOT" },
  ]
}

extension World {
  /// The snapshots that a new account has in the first zone: two plain ones, one with an image, one that is shared.
  mutating func addSystemSnapshots(_ random: inout SplitMix64) {
    guard let zone = seeds.geography.regions.first?.zones.first else { return }
    for (usage, size, image, shares) in [
      ("DATA_DISK", 10, nil, 0), ("DATA_DISK", 10, nil, 0), ("SYSTEM_DISK", 50, seeds.images.all.first?.id, 0),
      ("DATA_DISK", 100, nil, 1),
    ] as [(String, Int, String?, Int)] {
      let disk = "disk-\(random.suffix())"
      snapshots.insert(
        Snapshot(
          id: "snap-\(random.suffix())", name: "auto_\(disk)", zone: zone.name, diskID: disk, diskUsage: usage,
          size: size,
          createdAt: now, shares: shares, imageID: image))
    }
  }

  /// All of them or none. Images bound to them stay, without a snapshot.
  mutating func deleteSnapshots(_ call: Call) throws(Refusal) -> Record {
    let ids = call.ids("SnapshotIds")
    guard !ids.isEmpty else { throw call.refusal("MissingParameter", because: "SnapshotIds is empty.") }
    for id in ids {
      guard let snapshot = snapshots[id] else {
        throw call.refusal("InvalidParameterValue.InvalidSnapshotId", because: "There is no snapshot '\(id)'.")
      }
      guard snapshot.imageID == nil || call.isTrue("DeleteBindImages") else {
        throw call.refusal("UnsupportedOperation.SnapshotHasBindedImage", because: "An image is bound to \(id).")
      }
      guard snapshot.shares == 0 else {
        throw call.refusal("UnsupportedOperation.SnapHasShared", because: "\(id) is shared.")
      }
    }
    for id in ids { snapshots.remove(id) }
    return [:]
  }

  func describeSnapshots(_ call: Call) throws(Refusal) -> Record {
    let passes = try call.filter(Snapshot.filters)
    let wanted = call.has("SnapshotIds") ? Set(call.texts("SnapshotIds")) : nil
    var rows = snapshots.all.filter { (wanted?.contains($0.id) ?? true) && passes($0) }
    if call.has("OrderField") { rows.sort { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) } }
    if call.text("Order") == "DESC" { rows.reverse() }
    let page = try call.page(rows)
    return ["TotalCount": .int(page.total), "SnapshotSet": .list(page.rows.map(answer))]
  }

  private func answer(_ snapshot: Snapshot) -> Value {
    let images = snapshot.imageID.flatMap { image($0) }.map { [Value.record(answer($0))] } ?? []
    return [
      "Placement": [
        "Zone": .text(snapshot.zone), "CageId": "", "ProjectId": 0, "CdcName": "", "CdcId": "",
      ],
      "CopyFromRemote": false, "IsPermanent": true, "SnapshotName": .text(snapshot.name), "Percent": 100,
      "Images": .list(images), "ShareReference": .int(snapshot.shares),
      "SnapshotType": .text(snapshot.shares > 0 ? "SHARED_SNAPSHOT" : "PRIVATE_SNAPSHOT"),
      "DiskSize": .int(snapshot.size), "DiskId": .text(snapshot.diskID), "CopyingToRegions": [],
      "SnapshotId": .text(snapshot.id), "DiskUsage": .text(snapshot.diskUsage), "Encrypt": false,
      "CreateTime": .text(snapshot.createdAt.plainText), "ImageCount": .int(images.count), "SnapshotState": "NORMAL",
      "DeadlineTime": "", "TimeStartShare": .null,
    ]
  }
}
