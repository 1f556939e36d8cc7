import CloudCatalog
import OrderedCollections
import Values

/// One account's cloud: everything it holds, what is still to happen to it, and where its next id comes from. A value:
/// a copy costs nothing until one of the two changes.
struct World: Codable, Sendable, Equatable {
  let account: String
  var settings: Settings
  var generator: SplitMix64
  /// The instant up to which everything has happened.
  var now: Instant
  var timeline = Timeline()

  var vpcs = Table<Vpc>()
  var subnets = Table<Subnet>()
  /// The subnet that instances get in a zone when the call names none.
  var defaultSubnets: OrderedDictionary<String, String> = [:]
  var modules = Table<Module>()
  /// Private ones; the public ones are ``PublicImages``.
  var images = Table<Image>()
  var instances = Table<Instance>()
  var addresses = Table<Address>()
  var balancers = Table<LoadBalancer>()
  var routeTables = Table<RouteTable>()
  /// The number of the last route.
  var lastRoute = 0
  var interfaces = Table<NetworkInterface>()
  var haVips = Table<HaVip>()
  var securityGroups = Table<SecurityGroup>()
  var keyPairs = Table<KeyPair>()
  var snapshots = Table<Snapshot>()
  var imageImports = Table<ImageImport>()
  var tasks = Table<CloudTask>()
  var lastTask: Int
  var publicAddresses = PublicAddresses()
  var budgets = DailyBudgets()
  var cvm: CvmState

  struct Settings: Codable, Sendable, Equatable {
    var speed: Double
    var eipQuota: Int
    var imageQuota: Int
  }

  /// What the cloud offers.
  var seeds: Seeds { cvm.seeds }

  /// A new account: a network and a default subnet a zone in every region, the default security group, a few snapshots.
  init(account: String, configuration: Configuration, now: Instant) {
    self.account = account
    self.now = now
    settings = Settings(
      speed: configuration.speed, eipQuota: configuration.eipQuota, imageQuota: configuration.imageQuota)
    generator = SplitMix64(seed: SplitMix64.mix(configuration.seed, account))
    lastTask = 1_500_000
    cvm = CvmState(seeds: configuration.seeds)
    lastTask += generator.within(0...99_999)
    for region in seeds.geography.regions { addSystemNetwork(region) }
    var seeds = SplitMix64(seed: SplitMix64.mix(configuration.seed, "\(account) system"))
    addDefaultSecurityGroup(&seeds)
    addSystemSnapshots(&seeds)
  }

  mutating func advance(to instant: Instant) {
    while let (due, event) = timeline.popDue(by: instant) {
      now = max(now, due)
      happen(event)
    }
    now = max(now, instant)
  }

  /// An id that nothing bears, such as `vpc-3k2l9x0a`.
  mutating func newID(_ prefix: String) -> String { "\(prefix)-\(generator.suffix())" }

  /// When something ends that takes so many milliseconds at the cloud's own speed.
  mutating func later(_ milliseconds: ClosedRange<Int>) -> Instant {
    let drawn = Double(generator.within(milliseconds)) / settings.speed
    return now + .milliseconds(max(1, Int64(min(drawn, 9e15))))
  }
}

/// How long things take, in milliseconds at speed 1.
enum Latency {
  static let launch = 20_000...40_000
  static let stop = 8_000...15_000
  static let start = 8_000...15_000
  static let reboot = 10_000...10_000
  static let terminate = 5_000...10_000
  static let addressAllocate = 2_000...4_000
  static let addressBind = 2_000...4_000
  static let addressUnbind = 2_000...2_000
  static let addressRelease = 2_000...2_000
  static let balancerCreate = 3_000...6_000
  static let balancerChange = 1_000...2_000
  static let imageCreate = 30_000...60_000
  static let importQueue = 3_000...6_000
  static let reset = 30_000...60_000
  static let reconfigure = 2_000...4_000
  static let addressWiden = 1_000...2_000
  static let interfaceChange = 1_000...3_000
  /// From a target's registration to its first health report.
  static let healthReport = 2_000...2_000
}

/// Addresses for the public side, never given out twice: first those of RFC 2544, then reserved ones, so that nothing
/// that a runbook does with an emulated address reaches a machine of the real world.
struct PublicAddresses: Codable, Sendable, Equatable {
  private var given: UInt32 = 0

  mutating func next() -> String {
    given += 1
    let benchmarking: UInt32 = 0xC612_0000
    return CIDR.text(of: given < 1 << 17 ? benchmarking + given : 0xF000_0000 + given)
  }
}

/// What may be done only so many times a day (UTC).
struct DailyBudgets: Codable, Sendable, Equatable {
  private var day = ""
  private var spent: OrderedDictionary<String, Int> = [:]

  func spent(_ name: String, on day: String) -> Int { day == self.day ? spent[name] ?? 0 : 0 }

  mutating func spend(_ count: Int, _ name: String, on day: String) {
    if day != self.day {
      self.day = day
      spent = [:]
    }
    spent[name, default: 0] += count
  }
}
