import Values

/// An image to create instances from: the provider's, or one made from an instance of the account.
struct Image: Row {
  let id: String
  var name: String
  let osName: String
  var about: String
  let architecture: String
  let osType: String
  let osVersion: String
  let platform: String
  /// In GB.
  let size: Int
  let isPublic: Bool
  let createdAt: Instant?
  let source: ImageSource?
  let taskID: String
  let tags: [Tag]

  var isWindows: Bool { osType == "windows" }
  /// Whether it came from the other service and not from an instance.
  var isImported: Bool { source?.instanceID.isEmpty == true }

  var inventoryLine: InventoryLine {
    InventoryLine(
      "Image", id, name, tags: tags, osName, source.map { "from \(isImported ? $0.imageID : $0.instanceID)" },
      about.isEmpty ? nil : about)
  }
}

/// What an image was made from.
struct ImageSource: Codable, Sendable, Equatable {
  let imageID: String
  let region: String
  let instanceID: String
  let instanceName: String
}

/// An image in the making.
struct ImagePlan: Codable, Sendable, Equatable {
  let instanceID: String
  let name: String
  let about: String
  /// Whether the instance is shut down for the time of the task.
  let restarts: Bool
}

extension World {
  mutating func createImage(_ call: Call) throws(Refusal) -> Record {
    let name = try call.required("ImageName")
    let id = try call.required("InstanceId")
    guard let instance = instances[id] else {
      throw call.refusal("UnsupportedOperation.InstanceIdNotFound", because: "There is no instance '\(id)'.")
    }
    let restarts = instance.state == .running && call.isTrue("ForcePoweroff")
    guard instance.state == .stopped || restarts else {
      throw instance.state == .running
        ? call.refusal("FailedOperation.InstanceNotAllStopped", because: "The instance \(id) must be shut down first.")
        : call.refusal("UnsupportedOperation.InvalidInstanceState", because: "\(id) is \(instance.state.rawValue).")
    }
    let pending = tasks.all.compactMap { $0.status == .running ? $0.image?.name : nil }
    let names = images.all.map(\.name) + seeds.images.all.map(\.name) + pending
    guard !name.isEmpty, !names.contains(name) else {
      throw call.refusal("InvalidParameterValue.ImageNameDuplicate", because: "There is an image '\(name)' already.")
    }
    guard images.count + pending.count < settings.imageQuota else {
      throw call.refusal(
        "ResourceInsufficient.InvaildPrivateImageNum", because: "An account has at most \(settings.imageQuota) images.")
    }
    // The books do not say what becomes of an instance that was shut down for its image: here it runs again afterwards.
    if restarts { instances[id]?.state = .stopped }
    let plan = ImagePlan(instanceID: id, name: name, about: call.text("ImageDescription") ?? "", restarts: restarts)
    let task = beginTask("CreateImage", image: plan)
    timeline.plan(.imageSettles(task: task, succeeded: !call.failsLater), at: later(Latency.imageCreate, of: id))
    return ["TaskId": .text(task)]
  }

  mutating func settleImage(task id: String, succeeded: Bool) {
    guard let plan = tasks[id]?.image else { return }
    let instance = instances[plan.instanceID]
    if plan.restarts, instance?.state == .stopped { instances[plan.instanceID]?.state = .running }
    guard succeeded, let instance, let base = image(instance.imageID) else {
      endTask(id, succeeded: false, message: "Create image failed")
      return
    }
    draws.numbers = draws.next("image \(plan.name)")
    let image = Image(
      id: newID("img"), name: plan.name, osName: base.osName, about: plan.about, architecture: base.architecture,
      osType: base.osType, osVersion: base.osVersion, platform: base.platform, size: instance.systemDisk.size,
      isPublic: false, createdAt: now,
      source: ImageSource(
        imageID: base.id, region: instance.region, instanceID: instance.id, instanceName: instance.name),
      taskID: id, tags: [])
    images.insert(image)
    endTask(id, succeeded: true)
  }

  mutating func deleteImage(_ call: Call) throws(Refusal) -> Record {
    let ids = call.ids("ImageIDSet")
    for id in ids {
      guard images[id] != nil else {
        throw call.refusal("InvalidParameterValue.InvalidImageID", because: "There is no private image '\(id)'.")
      }
      let isUsed =
        modules.all.contains { $0.imageID == id } || instances.count("image-id", id) > 0
      if isUsed {
        throw call.refusal("FailedOperation.ImageInUse", because: "A module or an instance uses the image \(id).")
      }
    }
    for id in ids { images.remove(id) }
    return [:]
  }

  func describeImage(_ call: Call) throws(Refusal) -> Record {
    let models = seeds.hardware.models
    let passes = try call.filter(
      [
        .exact("image-id") { $0.id }, .exact("image-type") { $0.isPublic ? "PUBLIC_IMAGE" : "PRIVATE_IMAGE" },
        .exact(
          "instance-type",
          of: { image in
            models.filter { image.architecture != "i386" || $0.memory < 4 }.map(\.name)
          }),
        .fuzzy("image-name") { $0.name }, .fuzzy("image-os") { $0.osName },
      ] as [FilterField<Image>], tags: { $0.tags })
    let page = try call.page((images.all.reversed() + seeds.images.all).filter(passes))
    return ["TotalCount": .int(page.total), "ImageSet": .list(page.rows.map { .record(answer($0)) })]
  }

  func image(_ id: String) -> Image? { images[id] ?? seeds.images.image(id) }

  /// The structure `Image`.
  func answer(_ image: Image) -> Record {
    [
      "ImageId": .text(image.id), "ImageName": .text(image.name), "ImageState": "NORMAL",
      "ImageType": image.isPublic ? "PUBLIC_IMAGE" : "PRIVATE_IMAGE", "ImageOsName": .text(image.osName),
      "ImageDescription": .text(image.about), "ImageCreateTime": .text(image.createdAt?.plainText ?? ""),
      "Architecture": .text(image.architecture), "OsType": .text(image.osType), "OsVersion": .text(image.osVersion),
      "Platform": .text(image.platform), "ImageOwner": .int(image.isPublic ? 0 : ownerNumber),
      "ImageSize": .int(image.size), "SrcImage": .record(sourceAnswer(image)),
      "ImageSource": image.isPublic ? "OFFICIAL" : image.isImported ? "EXTERNAL_IMPORT" : "CREATE_IMAGE",
      "TaskId": .text(image.taskID),
      "IsSupportCloudInit": .bool(!image.isWindows),
    ]
  }

  private func sourceAnswer(_ image: Image) -> Record {
    let base = image.source.flatMap { self.image($0.imageID) }
    let region = image.source.flatMap { seeds.geography.region($0.region) }
    let type = base.map { $0.isPublic ? "PUBLIC_IMAGE" : "PRIVATE_IMAGE" } ?? ""
    return [
      "ImageId": .text(image.source?.imageID ?? ""), "ImageName": .text(base?.name ?? ""),
      "ImageOsName": .text(base?.osName ?? ""), "ImageDescription": .text(base?.about ?? ""),
      "Region": .text(image.source?.region ?? ""), "RegionID": .int(region?.id ?? 0),
      "RegionName": .text(region?.displayName ?? image.source?.region ?? ""),
      "InstanceName": .text(image.source?.instanceName ?? ""),
      "InstanceId": .text(image.source?.instanceID ?? ""), "ImageType": .text(type),
    ]
  }

  /// The account as a number, as images carry their owner.
  private var ownerNumber: Int { 100_000_000 + Int(SplitMix64.mix(0, account) % 900_000_000) }
}
