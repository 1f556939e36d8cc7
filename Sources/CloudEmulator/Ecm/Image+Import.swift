import Values

/// An image of the other service on its way into this one; the row stays as the record of the task.
struct ImageImport: Row {
  enum State: String, Codable, Sendable {
    case pending = "PENDING"
    case processing = "PROCESSING"
    case success = "SUCCESS"
    case failed = "FAILED"
  }

  /// The task's number.
  let id: String
  /// The image in the other service, whose id the new one bears as its name.
  let sourceID: String
  let region: String
  let about: String
  let begunAt: Instant
  var state = State.pending
  var imageID: String?

  var answer: Value {
    let message =
      switch state {
      case .pending, .processing: ""
      case .success: "success"
      case .failed: "failed"
      }
    return [
      "State": .text(state.rawValue), "Message": .text(message), "ImageName": .text(sourceID),
      "CreateTime": .text(begunAt.plainText),
    ]
  }
}

extension World {
  /// What images the other service holds is not looked up: every id of the right form stands for one.
  mutating func importImage(_ call: Call) throws(Refusal) -> Record {
    let source = try call.required("ImageId")
    guard source.hasPrefix("img-"), source.utf8.count > 4 else {
      throw call.refusal("InvalidParameterValue.InvalidImageID", because: "'\(source)' is not the id of an image.")
    }
    let region = try call.required("SourceRegion")
    guard region.split(separator: "-").count >= 2, !region.hasSuffix("-ecm") else {
      throw call.refusal("InvalidParameterValue.UnsupportedRegion", because: "'\(region)' is no region of CVM.")
    }
    let isPending = imageImports.all.contains { $0.sourceID == source && [.pending, .processing].contains($0.state) }
    guard !isPending, !images.all.contains(where: { $0.source?.imageID == source && $0.isImported }) else {
      throw call.refusal("InvalidParameterValue.ImageDuplicate", because: "\(source) was imported already.")
    }
    guard !images.all.contains(where: { $0.name == source }) else {
      throw call.refusal("InvalidParameterValue.ImageNameDuplicate", because: "There is an image '\(source)' already.")
    }
    let pending = tasks.all.count { $0.status == .running && $0.image != nil }
    guard
      images.count + pending + imageImports.all.count(where: { $0.imageID == nil && $0.state != .failed })
        < settings.imageQuota
    else {
      throw call.refusal(
        "ResourceInsufficient.InvaildPrivateImageNum", because: "An account has at most \(settings.imageQuota) images.")
    }
    let task = beginTask("ImportImage")
    imageImports.insert(
      ImageImport(
        id: task, sourceID: source, region: region, about: try call.required("ImageDescription"), begunAt: now))
    timeline.plan(.importProceeds(task: task, succeeds: !call.failsLater), at: later(Latency.importQueue, of: source))
    return [:]
  }

  mutating func proceedImport(_ id: String, succeeds: Bool) {
    guard let plan = imageImports[id] else { return }
    if plan.state == .pending {
      imageImports[id]?.state = .processing
      timeline.plan(.importProceeds(task: id, succeeds: succeeds), at: later(Latency.imageCreate, of: plan.sourceID))
      return
    }
    let isNameFree = !images.all.contains { $0.name == plan.sourceID }
    endTask(id, succeeded: succeeds && isNameFree)
    imageImports[id]?.state = succeeds && isNameFree ? .success : .failed
    guard succeeds, isNameFree else { return }
    draws.numbers = draws.next("image \(plan.sourceID)")
    let image = Image(
      id: newID("img"), name: plan.sourceID, osName: "Other Linux", about: plan.about, architecture: "x86_64",
      osType: "linux", osVersion: "-", platform: "Other Linux", size: 50, isPublic: false, createdAt: now,
      source: ImageSource(imageID: plan.sourceID, region: plan.region, instanceID: "", instanceName: ""), taskID: id,
      tags: [])
    images.insert(image)
    imageImports[id]?.imageID = image.id
  }

  func describeCustomImageTask(_ call: Call) throws(Refusal) -> Record {
    let passes = try call.filter(
      [
        .exact("task-id") { $0.id }, .exact("image-id", of: { [$0.sourceID] + [$0.imageID].compactMap { $0 } }),
        .exact("image-name") { $0.sourceID },
      ] as [FilterField<ImageImport>])
    let rows = imageImports.all.filter(passes)
    return ["ImageTaskSet": .list(rows.map(\.answer)), "TotalCount": .int(rows.count)]
  }

  func describeImportImageOs(_ call: Call) throws(Refusal) -> Record {
    let systems: [(String, [String])] = [
      ("CentOS", ["5", "6", "7"]), ("Ubuntu", ["10", "12", "14", "16"]), ("Debian", ["6", "7", "8", "9"]),
      ("OpenSUSE", ["11", "12"]), ("SUSE", ["10", "11", "12", "13"]), ("CoreOS", ["7"]), ("FreeBSD", ["10"]),
      ("Other Linux", ["-"]), ("Windows Server 2008", ["-"]), ("Windows Server 2012", ["-"]),
      ("Windows Server 2016", ["-"]),
    ]
    let names = systems.map(\.0)
    return [
      "ImportImageOsListSupported": [
        "Windows": .list(names.filter { $0.hasPrefix("Windows") }.map(Value.text)),
        "Linux": .list(names.filter { !$0.hasPrefix("Windows") }.map(Value.text)),
      ],
      "ImportImageOsVersionSet": .list(
        systems.map { system in
          [
            "OsName": .text(system.0), "OsVersions": .list(system.1.map(Value.text)),
            "Architecture": ["x86_64", "i386"],
          ]
        }),
    ]
  }

  mutating func modifyImageAttribute(_ call: Call) throws(Refusal) -> Record {
    let id = try call.required("ImageId")
    guard images[id] != nil else {
      throw seeds.images.image(id) == nil
        ? call.notFound("image", id)
        : call.refusal("FailedOperation.OperationNotAllow", because: "\(id) is an image of the provider.")
    }
    guard call.has("ImageName") || call.has("ImageDescription") else {
      throw call.refusal(
        "MissingParameter.MissingImageParameter", because: "Give ImageName or ImageDescription.")
    }
    if let name = call.text("ImageName") {
      let others = images.all.filter { $0.id != id }.map(\.name) + seeds.images.all.map(\.name)
      let pending = tasks.all.compactMap { $0.status == .running ? $0.image?.name : nil }
      guard !name.isEmpty, !(others + pending).contains(name) else {
        throw call.refusal("InvalidParameterValue.ImageNameDuplicate", because: "There is an image '\(name)' already.")
      }
      images[id]?.name = name
    }
    if let about = call.text("ImageDescription") { images[id]?.about = about }
    return [:]
  }
}
