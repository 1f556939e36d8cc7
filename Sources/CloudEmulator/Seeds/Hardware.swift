import Values

/// The instance types that every zone offers.
struct Hardware: Sendable {
  struct Model: Sendable {
    let name: String
    let family: String
    let familyName: String
    let processors: Int
    /// In GB.
    let memory: Int
    let frequency: String
    let processorName: String
  }

  let models: [Model]
  /// Each once, in the order of the models.
  let families: [String]
  private let modelsByName: [String: Model]

  init(_ models: [Model]) {
    self.models = models
    var seen: Set<String> = []
    families = models.map(\.family).filter { seen.insert($0).inserted }
    modelsByName = Dictionary(uniqueKeysWithValues: models.map { ($0.name, $0) })
  }

  func model(_ name: String) -> Model? { modelsByName[name] }

  static let standard = Hardware([
    model("SN3ne", "SMALL2", 1, 2), model("SN3ne", "SMALL4", 1, 4), model("SN3ne", "SMALL8", 1, 8),
    model("SN3ne", "MEDIUM4", 2, 4), model("SN3ne", "MEDIUM8", 2, 8), model("SN3ne", "LARGE8", 4, 8),
    model("SN3ne", "LARGE16", 4, 16), model("SN3ne", "2XLARGE16", 8, 16), model("SN3ne", "2XLARGE32", 8, 32),
    model("SN3ne", "4XLARGE32", 16, 32), model("SN3ne", "4XLARGE64", 16, 64),
    model("S4", "SMALL2", 1, 2), model("S4", "MEDIUM4", 2, 4), model("S4", "LARGE8", 4, 8),
    model("S4", "2XLARGE16", 8, 16), model("S4", "4XLARGE32", 16, 32),
    model("S5", "SMALL2", 1, 2), model("S5", "MEDIUM4", 2, 4), model("S5", "MEDIUM8", 2, 8),
    model("S5", "LARGE8", 4, 8), model("S5", "2XLARGE16", 8, 16), model("S5", "4XLARGE32", 16, 32),
  ])

  private static func model(_ family: String, _ size: String, _ processors: Int, _ memory: Int) -> Model {
    let (familyName, frequency, processorName) =
      switch family {
      case "SN3ne": ("Standard Network Optimized", "2.5 GHz", "Intel Xeon Skylake 6133")
      case "S4": ("Standard S4", "2.4 GHz", "Intel Xeon Skylake 6148")
      default: ("Standard S5", "2.5 GHz", "Intel Xeon Cascade Lake 8255C")
      }
    return Model(
      name: "\(family).\(size)", family: family, familyName: familyName, processors: processors, memory: memory,
      frequency: frequency, processorName: processorName)
  }
}

extension Hardware.Model {
  /// The structure `InstanceTypeConfig`.
  var answer: Value {
    [
      "InstanceFamilyConfig": ["InstanceFamilyName": .text(familyName), "InstanceFamily": .text(family)],
      "InstanceType": .text(name), "Vcpu": .int(processors), "Memory": .int(memory),
      "Frequency": .text(frequency), "CpuModelName": .text(processorName),
      "InstanceFamilyTypeConfig": ["InstanceFamilyType": "S", "InstanceFamilyTypeName": "Standard"],
      "ExtInfo": "", "Vgpu": .null, "GpuModelName": .null,
    ]
  }
}
