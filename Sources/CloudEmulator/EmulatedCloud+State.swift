import Values

/// The state directory's side: a cloud as one value, and back. Armed faults, the limits' last second and the log of
/// calls are not kept.
extension EmulatedCloud {
  private static let format = "belay-emulator"
  private static let version = 2

  package var encoded: Value {
    [
      "format": .text(EmulatedCloud.format), "version": .int(EmulatedCloud.version),
      "seed": .int(Int(Int64(bitPattern: configuration.seed))), "speed": .float(configuration.speed),
      "startedAt": .int(Int(configuration.startedAt.milliseconds)), "eipQuota": .int(configuration.eipQuota),
      "imageQuota": .int(configuration.imageQuota), "callLogLimit": .int(configuration.callLogLimit),
      "now": .int(Int(latest.milliseconds)), "world": configuration.world?.document ?? .null,
      "worlds": encodedWorlds,
    ]
  }

  private var encodedWorlds: Value {
    do {
      return try ValueEncoder.encode(allWorlds)
    } catch {
      preconditionFailure("a type of the world's state does not encode: \(error)")
    }
  }

  /// Throws ``DamagedState``, which names the place that cannot be read. With `speed`, the cloud goes on at that speed
  /// instead of its own.
  package init(decoding value: Value, speed: Double? = nil) throws(DamagedState) {
    guard let document = value.asRecord, document["format"] == .text(EmulatedCloud.format) else {
      throw DamagedState(description: "it is not a document of the emulator")
    }
    guard document["version"] == .int(EmulatedCloud.version) else {
      let version = document["version"]?.display ?? "none"
      throw DamagedState(description: "its version is \(version), and \(EmulatedCloud.version) is wanted")
    }
    let header = try ValueDecoder.decode(Header.self, from: value, at: "")
    let configuration = Configuration(
      seed: UInt64(bitPattern: Int64(header.seed)), speed: speed ?? header.speed,
      startedAt: Instant(milliseconds: header.startedAt), eipQuota: header.eipQuota, imageQuota: header.imageQuota,
      callLogLimit: header.callLogLimit, world: try EmulatedCloud.worldFile(document["world"] ?? .null))
    var worlds = try ValueDecoder.decode([World].self, from: document["worlds"] ?? .null, at: "worlds")
    guard Set(worlds.map(\.account)).count == worlds.count else {
      throw DamagedState(description: "worlds: an account occurs twice")
    }
    for index in worlds.indices {
      worlds[index].settings.speed = configuration.speed
      worlds[index].cvm.seeds = configuration.seeds
      worlds[index].draws.seed = Draws.seed(of: worlds[index].account, configuration)
    }
    self.init(configuration: configuration, now: Instant(milliseconds: header.now), worlds: worlds)
  }

  private static func worldFile(_ value: Value) throws(DamagedState) -> WorldFile? {
    if value.isNull { return nil }
    do {
      return try WorldFile(decoding: value)
    } catch {
      throw DamagedState(description: "world: \(error)")
    }
  }

  private struct Header: Codable {
    let seed: Int
    let speed: Double
    let startedAt: Int64
    let eipQuota: Int
    let imageQuota: Int
    let callLogLimit: Int
    let now: Int64
  }
}
