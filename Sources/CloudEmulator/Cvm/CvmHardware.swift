import Values

/// The instance types of CVM.
struct CvmHardware: Sendable {
  struct Family: Sendable {
    let name: String
    let displayName: String
    let frequency: String
    let processorName: String
  }

  struct Model: Sendable, Hashable {
    let name: String
    let family: String
    let processors: Int
    /// In GB.
    let memory: Int
    let graphics: Int
  }

  let families: [Family]
  let models: [Model]
  /// Those that can be reserved.
  let reservable: [Model]
  private let familiesByName: [String: Family]
  private let modelsByName: [String: Model]

  /// Without `reserving`, the first three can be reserved.
  init(_ families: [Family], _ models: [Model], reserving reservable: Set<String>? = nil) {
    (self.families, self.models) = (families, models)
    self.reservable = reservable.map { names in models.filter { names.contains($0.name) } } ?? Array(models.prefix(3))
    familiesByName = Dictionary(uniqueKeysWithValues: families.map { ($0.name, $0) })
    modelsByName = Dictionary(uniqueKeysWithValues: models.map { ($0.name, $0) })
  }

  func family(_ name: String) -> Family? { familiesByName[name] }

  /// A type of the table, or one of a dedicated host: `CDH_4C8G` has 4 cores and 8 GB.
  func model(_ name: String) -> Model? { modelsByName[name] ?? CvmHardware.customized(name) }

  static let standard = CvmHardware(
    standardFamilies, standardModels, reserving: ["S3.MEDIUM4", "S3.16XLARGE256", "C3.LARGE8"])

  private static let standardFamilies: [Family] = [
    Family(name: "S1", displayName: "Standard S1", frequency: "2.3GHz", processorName: "Intel Xeon E5-2620 v3"),
    Family(name: "S2", displayName: "Standard S2", frequency: "2.4GHz", processorName: "Intel Xeon E5-2680 v4"),
    Family(name: "S3", displayName: "Standard S3", frequency: "2.5GHz", processorName: "Intel Xeon Skylake 6133"),
    Family(name: "S5", displayName: "Standard S5", frequency: "2.5GHz", processorName: "Intel Xeon Cascade Lake 8255C"),
    Family(name: "C3", displayName: "Compute C3", frequency: "3.2GHz", processorName: "Intel Xeon Skylake 6146"),
    Family(name: "M5", displayName: "MEM optimized M5", frequency: "2.5GHz", processorName: "Intel Xeon Cascade Lake"),
    Family(name: "I1", displayName: "High IO I1", frequency: "2.3GHz", processorName: "Intel Xeon E5-2620 v3"),
    Family(name: "GN8", displayName: "GPU compute GN8", frequency: "2.4GHz", processorName: "Intel Xeon E5-2680 v4"),
  ]

  private static let standardModels: [Model] = [
    model("S1.SMALL1", 1, 1), model("S1.SMALL2", 1, 2), model("S1.MEDIUM4", 2, 4),
    model("S2.SMALL1", 1, 1), model("S2.SMALL2", 1, 2), model("S2.MEDIUM4", 2, 4), model("S2.LARGE8", 4, 8),
    model("S3.SMALL1", 1, 1), model("S3.MEDIUM4", 2, 4), model("S3.LARGE8", 4, 8), model("S3.16XLARGE256", 64, 256),
    model("S5.SMALL2", 1, 2), model("S5.MEDIUM4", 2, 4), model("S5.MEDIUM8", 2, 8), model("S5.LARGE8", 4, 8),
    model("S5.2XLARGE16", 8, 16), model("S5.4XLARGE32", 16, 32), model("S5.16XLARGE256", 64, 256),
    model("C3.LARGE8", 4, 8), model("C3.2XLARGE16", 8, 16), model("M5.MEDIUM16", 2, 16), model("M5.LARGE32", 4, 32),
    model("I1.MEDIUM4", 2, 4), model("I1.MEDIUM8", 2, 8), model("I1.MEDIUM16", 2, 16), model("I1.LARGE8", 4, 8),
    model("GN8.LARGE56", 6, 56, graphics: 1),
  ]

  static func isCustomized(_ name: String) -> Bool { name.hasPrefix("CDH_") }

  private static func customized(_ name: String) -> Model? {
    guard isCustomized(name), name.hasSuffix("G") else { return nil }
    let parts = name.dropFirst(4).dropLast().split(separator: "C", omittingEmptySubsequences: false)
    guard parts.count == 2, let cores = Int(parts[0]), let memory = Int(parts[1]), (1...128).contains(cores),
      (1...1024).contains(memory)
    else { return nil }
    return Model(name: name, family: "CDH", processors: cores, memory: memory, graphics: 0)
  }

  private static func model(_ name: String, _ processors: Int, _ memory: Int, graphics: Int = 0) -> Model {
    Model(
      name: name, family: String(name.prefix { $0 != "." }), processors: processors, memory: memory,
      graphics: graphics)
  }
}

extension CvmCall {
  /// The instance type of that name.
  func model(_ name: String) throws(Refusal) -> CvmHardware.Model {
    guard CvmHardware.isCustomized(name) || name.split(separator: ".", omittingEmptySubsequences: false).count == 2
    else {
      throw refusal(
        "InvalidInstanceType.Malformed", "InvalidParameterValue", because: "'\(name)' does not look like a type.")
    }
    guard let model = seeds.cvm.hardware.model(name) else {
      throw refusal(
        "InvalidParameterValue.InstanceTypeNotFound", "ResourceUnavailable.InstanceType",
        "InvalidInstanceType.Malformed", "InvalidParameterValue", because: "There is no instance type '\(name)'.")
    }
    return model
  }
}
