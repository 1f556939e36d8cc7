import Values

/// The images of the provider, the same in every account.
struct PublicImages: Sendable {
  let all: [Image]
  private let byID: [String: Image]

  init(_ images: [Image]) {
    all = images
    byID = Dictionary(uniqueKeysWithValues: images.map { ($0.id, $0) })
  }

  func image(_ id: String) -> Image? { byID[id] }

  static let standard = PublicImages([
    image("img-9qabwvbn", "CentOS", "7.6.0", "CentOS 7.6 64-bit"),
    image("img-oikl1tzv", "CentOS", "7.5.0", "CentOS 7.5 64-bit"),
    image("img-1tyt4apn", "CentOS", "7.4.0", "CentOS 7.4 Bare Metal 64-bit"),
    image("img-060ov1xz", "CentOS", "6.9.0", "CentOS 6.9 32-bit", architecture: "i386"),
    image("img-qsdf3ff2", "Ubuntu", "18.04.1", "Ubuntu Server 18.04.1 LTS 64-bit"),
    image("img-q9fy0if9", "Ubuntu", "20.04.0", "Ubuntu Server 20.04 LTS 64-bit"),
    image("img-oy9q2bql", "Debian", "9.0.0", "Debian 9.0 64-bit"),
    image("img-gvbnzy6f", "TencentOS", "2.4.0", "TencentOS Server 2.4 64-bit"),
    image("img-tencent3", "TencentOS", "3.1.0", "TencentOS Server 3.1 64-bit"),
    image("img-win12r2d", "Windows", "2012.2.0", "Windows Server 2012 R2 Datacenter 64-bit", osType: "windows"),
  ])

  private static func image(
    _ id: String, _ platform: String, _ version: String, _ name: String, architecture: String = "x86_64",
    osType: String = "linux"
  ) -> Image {
    Image(
      id: id, name: name, osName: name, about: name, architecture: architecture, osType: osType, osVersion: version,
      platform: platform, size: 50, isPublic: true, createdAt: nil, source: nil, taskID: "", tags: [])
  }
}
