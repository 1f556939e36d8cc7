import Values

struct CvmSnapshot: Codable, Sendable, Equatable {
  let id: String
  let isSystem: Bool
  /// In GB.
  let size: Int

  var answer: Value {
    ["SnapshotId": .text(id), "DiskUsage": isSystem ? "SYSTEM_DISK" : "DATA_DISK", "DiskSize": .int(size)]
  }
}

/// An image to create instances from: the provider's, or one of the account.
struct CvmImage: Row {
  enum State: String, Codable, Sendable {
    case normal = "NORMAL"
    case creating = "CREATING"
    case importing = "IMPORTING"
    case syncing = "SYNCING"
    case createFailed = "CREATEFAILED"
    case importFailed = "IMPORTFAILED"

    var isOnItsWay: Bool {
      switch self {
      case .creating, .importing, .syncing: true
      case .normal, .createFailed, .importFailed: false
      }
    }
  }

  struct Share: Codable, Sendable, Equatable {
    let account: String
    let since: Instant
  }

  let id: String
  var name: String
  var about: String
  let osName: String
  let platform: String
  let architecture: String
  /// In GB.
  let size: Int
  let isPublic: Bool
  /// `OFFICIAL`, `CREATE_IMAGE` or `EXTERNAL_IMPORT`
  let source: String
  let license: String
  let createdAt: Instant
  var state: State
  var family: String
  var isDeprecated = false
  let snapshots: [CvmSnapshot]
  var shares: [Share] = []
  let tags: [Tag]

  var isWindows: Bool { platform == "Windows" }
  var loginUser: String { isWindows ? "Administrator" : platform == "Ubuntu" ? "ubuntu" : "root" }
  var kind: String { isPublic ? "PUBLIC_IMAGE" : "PRIVATE_IMAGE" }

  func inventoryLine(_ region: String) -> InventoryLine {
    InventoryLine(
      "CvmImage", id, name, tags: tags, region, state.rawValue, osName, source, about.isEmpty ? nil : about,
      family.isEmpty ? nil : "family \(family)", isDeprecated ? "deprecated" : nil,
      shares.isEmpty ? nil : "shared with \(shares.map(\.account).joined(separator: " "))")
  }
}

/// The images of the provider, the same in every account and region.
struct CvmPublicImages: Sendable {
  let all: [CvmImage]
  private let byID: [String: CvmImage]

  init(_ images: [CvmImage]) {
    all = images
    byID = Dictionary(uniqueKeysWithValues: images.map { ($0.id, $0) })
  }

  func image(_ id: String) -> CvmImage? { byID[id] }

  static let standard = CvmPublicImages([
    image("img-9qabwvbn", "CentOS", "CentOS 7.6 64-bit"), image("img-8toqc6s3", "CentOS", "CentOS 7.4 64-bit"),
    image("img-l8og963d", "CentOS", "CentOS 7.9 64-bit"),
    image("img-pmqg1cw7", "Ubuntu", "Ubuntu Server 18.04.1 LTS 64-bit"),
    image("img-487zeit5", "Ubuntu", "Ubuntu Server 22.04 LTS 64-bit"),
    image("img-dkwyg6sr", "Ubuntu", "Ubuntu Server 20.04 LTS 64-bit"),
    image("img-4cmp1f33", "Debian", "Debian 11.1 64-bit"),
    image("img-hdt9xxkt", "TencentOS", "TencentOS Server 2.4 64-bit"),
    image("img-tencent3", "TencentOS", "TencentOS Server 3.1 64-bit"),
    image("img-3wnd9xpl", "Windows", "Windows Server 2016 Datacenter 64-bit"),
  ])

  /// What ConvertOperatingSystems leaves an instance with.
  var conversionTarget: String { (all.first { $0.platform == "TencentOS" } ?? all.first)?.id ?? "" }

  static func image(
    _ id: String, _ platform: String, _ name: String, architecture: String = "x86_64", size: Int = 50
  ) -> CvmImage {
    CvmImage(
      id: id, name: name, about: name, osName: name, platform: platform, architecture: architecture, size: size,
      isPublic: true, source: "OFFICIAL", license: "TencentCloud",
      createdAt: CvmGeography.opening, state: .normal, family: "", snapshots: [],
      tags: [])
  }
}

extension World {
  static let imageNumberQuota = 20

  func cvmImage(_ id: String, _ region: String) -> CvmImage? { cvm[region].images[id] ?? seeds.cvm.images.image(id) }

  func cvmImage(_ id: String, _ call: CvmCall) throws(Refusal) -> CvmImage {
    guard CvmID.isWellFormed(id, "img") else {
      throw call.refusal(
        "InvalidImageId.Malformed", "InvalidParameterValue.InvalidImageId", because: "'\(id)' is no id of an image.")
    }
    guard let image = cvmImage(id, call.region) else {
      throw call.refusal(
        "InvalidImageId.NotFound", "InvalidParameterValue.InvalidImageId", "InvalidParameterValue",
        because: "There is no image '\(id)' in \(call.region).")
    }
    return image
  }

  /// An image of the account.
  private func ownImage(_ id: String, _ call: CvmCall) throws(Refusal) -> CvmImage {
    let image = try cvmImage(id, call)
    guard !image.isPublic else {
      throw call.refusal(
        "InvalidImageId.NotFound", "InvalidParameterValue.InvalidImageId", because: "\(id) is the provider's.")
    }
    return image
  }

  func describeImages(_ call: CvmCall) throws(Refusal) -> Record {
    if let type = call.text("InstanceType") { _ = try call.model(type) }
    let passes = try call.filter(
      [
        .exact("image-id") { $0.id }, .exact("image-type") { $0.kind }, .fuzzy("image-name") { $0.name },
        .exact("platform") { $0.platform },
      ] as [FilterField<CvmImage>], tags: { $0.tags })
    let page: (total: Int, rows: [CvmImage])
    if call.has("ImageIds") {
      var named: [CvmImage] = []
      for id in try call.ids("ImageIds") {
        guard CvmID.isWellFormed(id, "img") else {
          throw call.refusal("InvalidImageId.Malformed", because: "'\(id)' is no id of an image.")
        }
        if let image = cvmImage(id, call.region) { named.append(image) }
      }
      page = try call.page(named)
    } else {
      let all = Array(cvm[call.region].images.all.reversed()) + seeds.cvm.images.all
      page = try call.page(passes.map { all.filter($0) } ?? all)
    }
    return ["ImageSet": .records(page.rows.map(answer)), "TotalCount": .int(page.total)]
  }

  func describeImageFromFamily(_ call: CvmCall) throws(Refusal) -> Record {
    let family = call.text("ImageFamily") ?? ""
    let image = cvm[call.region].images.all.last {
      !family.isEmpty && $0.family == family && !$0.isDeprecated && $0.state == .normal
    }
    return ["Image": image.map { .record(answer($0)) } ?? .null]
  }

  func describeImageQuota(_ call: CvmCall) throws(Refusal) -> Record {
    ["ImageNumQuota": .int(World.imageNumberQuota)]
  }

  func describeImportImageOs(_ call: CvmCall) throws(Refusal) -> Record {
    let windows = CvmImportOs.all.filter(\.isWindows).map(\.name)
    let linux = CvmImportOs.all.filter { !$0.isWindows }.map(\.name)
    return [
      "ImportImageOsListSupported": ["Windows": .texts(windows), "Linux": .texts(linux)],
      "ImportImageOsVersionSet": .records(
        CvmImportOs.all.map {
          ["OsName": .text($0.name), "OsVersions": .texts($0.versions), "Architecture": ["x86_64", "i386"]]
        }),
    ]
  }

  mutating func modifyImageAttribute(_ call: CvmCall) throws(Refusal) -> Record {
    var image = try ownImage(try call.required("ImageId"), call)
    guard image.state == .normal else {
      throw call.refusal("InvalidImageId.IncorrectState", because: "\(image.id) is \(image.state.rawValue).")
    }
    if let name = call.text("ImageName"), name != image.name {
      try checkNewImageName(name, call)
      image.name = name
    }
    image.about = call.text("ImageDescription") ?? image.about
    image.family = call.text("ImageFamily") ?? image.family
    image.isDeprecated = call.bool("ImageDeprecated") ?? image.isDeprecated
    cvm[call.region].images[image.id] = image
    return [:]
  }

  func checkNewImageName(_ name: String, _ call: CvmCall) throws(Refusal) {
    guard name.count <= 60 else {
      throw call.refusal(
        "InvalidParameterValue.TooLarge", "InvalidParameterValue", because: "An image's name has at most 60 letters.")
    }
    guard !name.isEmpty, !cvm[call.region].images.all.contains(where: { $0.name == name }),
      !seeds.cvm.images.all.contains(where: { $0.name == name })
    else { throw call.refusal("InvalidImageName.Duplicate", because: "There is an image '\(name)' already.") }
  }

  mutating func modifyImageSharePermission(_ call: CvmCall) throws(Refusal) -> Record {
    let image = try ownImage(try call.required("ImageId"), call)
    guard image.state == .normal else {
      throw call.refusal("InvalidParameterValue.InvalidImageState", because: "\(image.id) is \(image.state.rawValue).")
    }
    let accounts = try call.ids("AccountIds", limit: 50)
    for id in accounts where id.isEmpty || !id.allSatisfy(\.isNumber) {
      throw call.refusal("InvalidAccountId.NotFound", because: "There is no account '\(id)'.")
    }
    for id in accounts where id == ownerID {
      throw call.refusal("InvalidAccountIs.YourSelf", because: "The image is this account's own.")
    }
    var shares = image.shares.filter { !accounts.contains($0.account) }
    if call.text("Permission") == "SHARE" {
      shares =
        image.shares
        + accounts.filter { id in !image.shares.contains { $0.account == id } }.map {
          CvmImage.Share(account: $0, since: now)
        }
    }
    guard shares.count <= 500 else { throw call.refusal("OverQuota", because: "An image has at most 500 shares.") }
    cvm[call.region].images[image.id]?.shares = shares
    return [:]
  }

  func describeImageSharePermission(_ call: CvmCall) throws(Refusal) -> Record {
    let image = try ownImage(try call.required("ImageId"), call)
    return [
      "SharePermissionSet": .records(
        image.shares.map { ["CreatedTime": .text($0.since.cvmText), "AccountId": .text($0.account)] })
    ]
  }

  /// All or none.
  mutating func deleteImages(_ call: CvmCall) throws(Refusal) -> Record {
    let ids = try call.ids("ImageIds")
    for id in ids {
      let image = try ownImage(id, call)
      guard !image.state.isOnItsWay else {
        throw call.refusal("InvalidImageId.IncorrectState", because: "\(id) is \(image.state.rawValue).")
      }
      let isUsed = cvm[call.region].instances.rows("image-id", id).contains { $0.state == .pending }
      guard !isUsed else {
        throw call.refusal("InvalidImageId.IncorrectState", because: "An instance is being made from \(id).")
      }
      guard image.shares.isEmpty else {
        throw call.refusal("InvalidImageId.InShared", because: "\(id) is shared with other accounts.")
      }
    }
    try call.endDryRun()
    for id in ids { cvm[call.region].images.remove(id) }
    return [:]
  }

  /// The structure `Image`.
  private func answer(_ image: CvmImage) -> Record {
    let percent: Value = image.state == .syncing ? 50 : .null
    return [
      "ImageId": .text(image.id), "OsName": .text(image.osName), "ImageType": .text(image.kind),
      "CreatedTime": .text(image.createdAt.cvmText), "ImageName": .text(image.name),
      "ImageDescription": .text(image.about), "ImageSize": .int(image.size),
      "Architecture": .text(image.architecture), "ImageState": .text(image.state.rawValue),
      "Platform": .text(image.platform), "ImageCreator": .text(image.isPublic ? "" : ownerID),
      "ImageSource": .text(image.source), "SyncPercent": percent, "IsSupportCloudinit": .bool(!image.isWindows),
      "SnapshotSet": .list(image.snapshots.map(\.answer)), "Tags": .list(image.tags.map(\.pair)),
      "LicenseType": .text(image.license), "ImageFamily": .text(image.family),
      "ImageDeprecated": .bool(image.isDeprecated),
    ]
  }

  /// The account as a number, as owners are shown.
  var ownerID: String { String(100_000_000 + Int(SplitMix64.mix(0, account) % 900_000_000)) }
}
