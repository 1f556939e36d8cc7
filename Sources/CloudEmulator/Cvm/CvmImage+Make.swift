import Values

/// The operating systems that an imported image may have.
struct CvmImportOs: Sendable {
  let name: String
  let versions: [String]
  var isWindows: Bool { name.hasPrefix("Windows") }

  static let all: [CvmImportOs] = [
    CvmImportOs(name: "Windows Server 2008", versions: ["-"]),
    CvmImportOs(name: "Windows Server 2012", versions: ["-"]),
    CvmImportOs(name: "Windows Server 2016", versions: ["-"]),
    CvmImportOs(name: "CentOS", versions: ["5", "6", "7"]), CvmImportOs(name: "CoreOS", versions: ["7"]),
    CvmImportOs(name: "Debian", versions: ["6", "7", "8", "9"]), CvmImportOs(name: "FreeBSD", versions: ["10"]),
    CvmImportOs(name: "Redhat", versions: ["5", "6", "7"]), CvmImportOs(name: "OpenSUSE", versions: ["11", "12"]),
    CvmImportOs(name: "SUSE", versions: ["10", "11", "12", "13"]),
    CvmImportOs(name: "Ubuntu", versions: ["10", "12", "14", "16"]), CvmImportOs(name: "Other Linux", versions: ["-"]),
  ]
}

extension World {
  /// From an instance, running only with ForcePoweroff, or from snapshots of other images' disks.
  mutating func createImage(_ call: CvmCall) throws(Refusal) -> Record {
    let name = try call.required("ImageName")
    try checkNewImageName(name, call)
    try checkImageQuota(call.region, 1, call)
    guard call.has("InstanceId") != call.has("SnapshotIds") else {
      throw call.refusal("InvalidParameter.SpecifyOneParameter", because: "Give either InstanceId or SnapshotIds.")
    }
    let instance = call.has("InstanceId") ? try imageable(call) : nil
    let base = instance.flatMap { cvmImage($0.imageID, call.region) }
    let snapshots = if let instance { try disks(of: instance, call) } else { try sources(call) }
    let tags = try call.tags(for: "image")
    try call.endDryRun()
    let restarts = instance?.state == .running
    let image = CvmImage(
      id: newID("img"), name: name, about: call.text("ImageDescription") ?? "", osName: base?.osName ?? "Other Linux",
      platform: base?.platform ?? "Other Linux", architecture: base?.architecture ?? "x86_64",
      size: snapshots.first { $0.isSystem }?.size ?? 50, isPublic: false, source: "CREATE_IMAGE",
      license: "TencentCloud", createdAt: now, state: .creating, family: call.text("ImageFamily") ?? "",
      snapshots: named(snapshots), tags: tags)
    cvm[call.region].images.insert(image)
    if let instance {
      let through: CvmInstanceState? = restarts ? .stopping : nil
      operate(instance, call, through: through, to: instance.state, CvmLatency.image)
    }
    plan(
      .imageSettles(region: call.region, id: image.id, succeeded: !call.failsLater), after: CvmLatency.image,
      on: image.id)
    return ["ImageId": .text(image.id)]
  }

  private func imageable(_ call: CvmCall) throws(Refusal) -> CvmInstance {
    let id = try call.required("InstanceId")
    guard let instance = cvm[call.region].instances[id] else {
      throw call.refusal("InvalidInstanceId.NotFound", because: "There is no instance '\(id)'.")
    }
    try refuseStates(of: [instance], call)
    guard instance.state == .stopped || instance.state == .running && call.isTrue("ForcePoweroff") else {
      throw call.refusal(
        "UnsupportedOperation.InstanceStateRunning", "InvalidInstance.NotSupported",
        because: "\(id) is \(instance.state.rawValue); shut it down or give ForcePoweroff.")
    }
    return instance
  }

  /// The disks that go into an image, as snapshots without ids.
  private func disks(of instance: CvmInstance, _ call: CvmCall) throws(Refusal) -> [CvmSnapshot] {
    var snapshots = [CvmSnapshot(id: "", isSystem: true, size: instance.systemDisk.size)]
    for id in call.texts("DataDiskIds") {
      guard id != instance.systemDisk.id else {
        throw call.refusal("InvalidParameter.DataDiskIdContainsRootDisk", because: "\(id) is the system disk.")
      }
      guard let disk = instance.dataDisks.first(where: { $0.id == id }) else {
        throw call.refusal(
          "InvalidParameter.DataDiskNotBelongSpecifiedInstance", because: "\(instance.id) has no data disk '\(id)'.")
      }
      guard !disk.type.hasPrefix("LOCAL") else {
        throw call.refusal("InvalidParameter.LocalDataDiskNotSupport", because: "\(id) is a local disk.")
      }
      snapshots.append(CvmSnapshot(id: "", isSystem: false, size: disk.size))
    }
    return snapshots
  }

  /// The snapshots that a call names: those of the account's images, since the books have no other.
  private func sources(_ call: CvmCall) throws(Refusal) -> [CvmSnapshot] {
    let known = cvm[call.region].images.all.flatMap(\.snapshots)
    var snapshots: [CvmSnapshot] = []
    for id in call.texts("SnapshotIds") {
      guard let snapshot = known.first(where: { $0.id == id }) else {
        throw call.refusal("InvalidParameter.SnapshotNotFound", because: "There is no snapshot '\(id)'.")
      }
      snapshots.append(snapshot)
    }
    guard snapshots.contains(where: \.isSystem) else {
      throw call.refusal("InvalidParameter.SystemSnapshotNotFound", because: "None is of a system disk.")
    }
    guard snapshots.filter(\.isSystem).count == 1 else {
      throw call.refusal("InvalidParameter.DuplicateSystemSnapshots", because: "More than one is of a system disk.")
    }
    return snapshots
  }

  private mutating func named(_ snapshots: [CvmSnapshot]) -> [CvmSnapshot] {
    var result: [CvmSnapshot] = []
    for snapshot in snapshots {
      result.append(CvmSnapshot(id: newID("snap"), isSystem: snapshot.isSystem, size: snapshot.size))
    }
    return result
  }

  private func checkImageQuota(_ region: String, _ more: Int, _ call: CvmCall) throws(Refusal) {
    guard cvm[region].images.count + more <= World.imageNumberQuota else {
      throw call.refusal(
        "ImageQuotaLimitExceeded", because: "\(region) takes at most \(World.imageNumberQuota) custom images.")
    }
  }

  /// A failed image stays and says so; a failed copy is gone. The states' names are inferred: the books only link to
  /// their list.
  mutating func settleCvmImage(_ id: String, _ region: String, succeeded: Bool) {
    guard let state = cvm[region].images[id]?.state else { return }
    switch state {
    case _ where succeeded: cvm[region].images[id]?.state = .normal
    case .creating: cvm[region].images[id]?.state = .createFailed
    case .importing: cvm[region].images[id]?.state = .importFailed
    case .normal, .syncing, .createFailed, .importFailed: cvm[region].images.remove(id)
    }
  }

  mutating func importImage(_ call: CvmCall) throws(Refusal) -> Record {
    let (name, os) = (try call.required("ImageName"), try call.required("OsType"))
    guard let kind = CvmImportOs.all.first(where: { $0.name == os }) else {
      throw call.refusal("InvalidImageOsType.Unsupported", because: "'\(os)' cannot be imported.")
    }
    let version = try call.required("OsVersion")
    guard kind.versions.contains(version) || call.isTrue("Force") else {
      throw call.refusal("InvalidImageOsVersion.Unsupported", because: "\(os) '\(version)' cannot be imported.")
    }
    let url = try call.required("ImageUrl")
    guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
      throw call.refusal("InvalidParameter.InvalidParameterUrlError", because: "'\(url)' is no address of a file.")
    }
    try checkNewImageName(name, call)
    try checkImageQuota(call.region, 1, call)
    let tags = try call.tags(for: "image")
    try call.endDryRun()
    let image = CvmImage(
      id: newID("img"), name: name, about: call.text("ImageDescription") ?? "",
      osName: kind.isWindows || version == "-" ? os : "\(os) \(version)", platform: kind.isWindows ? "Windows" : os,
      architecture: try call.required("Architecture"), size: 50, isPublic: false, source: "EXTERNAL_IMPORT",
      license: call.text("LicenseType") ?? "TencentCloud", createdAt: now, state: .importing,
      family: call.text("ImageFamily") ?? "",
      snapshots: named([CvmSnapshot(id: "", isSystem: true, size: 50)]), tags: tags)
    cvm[call.region].images.insert(image)
    plan(
      .imageSettles(region: call.region, id: image.id, succeeded: !call.failsLater), after: CvmLatency.image,
      on: image.id)
    return [:]
  }

  /// Copies one image to other regions, or into its own under another name.
  mutating func syncImages(_ call: CvmCall) throws(Refusal) -> Record {
    guard let id = try call.ids("ImageIds", limit: 1).first else { return [:] }
    let image = try cvmImage(id, call)
    guard !image.isPublic else {
      throw call.refusal("InvalidParameterValue.InvalidImageId", because: "\(id) is the provider's.")
    }
    guard image.state == .normal else {
      throw call.refusal("InvalidImageId.IncorrectState", because: "\(id) is \(image.state.rawValue).")
    }
    let name = call.text("ImageName") ?? image.name
    let regions = try call.ids("DestinationRegions")
    for region in regions {
      guard seeds.cvm.geography.region(region) != nil else {
        throw call.refusal("InvalidRegion.NotFound", because: "There is no region '\(region)'.")
      }
      guard !cvm[region].images.all.contains(where: { $0.name == name }) else {
        throw call.refusal("InvalidImageName.Duplicate", because: "\(region) has an image '\(name)' already.")
      }
      try checkImageQuota(region, 1, call)
    }
    try call.endDryRun()
    var made: [Record] = []
    for region in regions {
      let copy = CvmImage(
        id: newID("img"), name: name, about: image.about, osName: image.osName, platform: image.platform,
        architecture: image.architecture, size: image.size, isPublic: false, source: image.source,
        license: image.license, createdAt: now, state: .syncing, family: image.family,
        snapshots: named(image.snapshots), tags: image.tags)
      cvm[region].images.insert(copy)
      plan(.imageSettles(region: region, id: copy.id, succeeded: !call.failsLater), after: CvmLatency.copy, on: copy.id)
      made.append(["ImageId": .text(copy.id), "Region": .text(region)])
    }
    return ["ImageSet": call.isTrue("ImageSetRequired") ? .records(made) : []]
  }

  /// Nothing is written: the emulator has no object storage. The answer says where the files would be.
  mutating func exportImages(_ call: CvmCall) throws(Refusal) -> Record {
    guard !call.texts("ImageIds").isEmpty else {
      throw call.refusal("InvalidParameter.ImageIdsSnapshotIdsMustOne", because: "ImageIds is missing.")
    }
    let ids = try call.ids("ImageIds", limit: 10)
    let prefixes = call.texts("FileNamePrefixList")
    guard prefixes.isEmpty || prefixes.count == ids.count else {
      throw call.refusal("InvalidParameterValue.InvalidFileNamePrefixList", because: "Give one prefix an image.")
    }
    guard !(try call.required("BucketName")).isEmpty else {
      throw call.refusal("InvalidParameterValue.BucketNotFound", because: "BucketName is empty.")
    }
    var images: [CvmImage] = []
    for id in ids {
      let image = try cvmImage(id, call)
      guard !image.isPublic else {
        throw call.refusal("UnsupportedOperation.PublicImageExportUnsupported", because: "\(id) is the provider's.")
      }
      guard !image.isWindows else {
        throw call.refusal("UnsupportedOperation.WindowsImageExportUnsupported", because: "\(id) is a Windows image.")
      }
      guard image.state == .normal else {
        throw call.refusal("InvalidParameterValue.InvalidImageState", because: "\(id) is \(image.state.rawValue).")
      }
      images.append(image)
    }
    try call.endDryRun()
    let ending = (call.text("ExportFormat") ?? "RAW").lowercased()
    var paths: [String] = []
    for (index, image) in images.enumerated() {
      for snapshot in image.snapshots where snapshot.isSystem || !call.isTrue("OnlyExportRootDisk") {
        let part = snapshot.isSystem ? "system" : "data"
        let prefix = prefixes.isEmpty ? image.id : prefixes[index]
        paths.append("/\(prefix)_\(part)_\(snapshot.id).\(ending)")
      }
    }
    return ["TaskId": .int(newCvmTask()), "CosPaths": .texts(paths)]
  }
}
