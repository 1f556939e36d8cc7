import Values

/// What an emulated cloud is made with. Equal configurations and equal calls at equal times give equal worlds.
package struct Configuration: Sendable, Hashable {
  package var seed: UInt64
  /// Latencies are divided by it: 60 turns a minute into a second.
  package var speed: Double
  /// No instant before it counts.
  package var startedAt: Instant
  /// Elastic IPs an account may hold in a region; twice as many may be allocated a day.
  package var eipQuota: Int
  /// Private images an account may hold.
  package var imageQuota: Int
  /// How many of the last calls ``EmulatedCloud/calls`` keeps.
  package var callLogLimit: Int
  /// Whether calls are counted against the books' limits a second. Not of the world: a state file does not have it.
  package var limitsRates = true
  /// Regions, types, images and prices of one's own.
  package var world: WorldFile?
  var seeds: Seeds { world?.seeds ?? .standard }

  package init(
    seed: UInt64 = 1, speed: Double = 1, startedAt: Instant = Instant(milliseconds: 0), eipQuota: Int = 100,
    imageQuota: Int = 100, callLogLimit: Int = 10_000, world: WorldFile? = nil
  ) {
    self.seed = seed
    self.speed = speed.isFinite && speed > 0 ? speed : 1
    self.startedAt = startedAt
    self.eipQuota = eipQuota
    self.imageQuota = imageQuota
    self.callLogLimit = callLogLimit
    self.world = world
  }
}
