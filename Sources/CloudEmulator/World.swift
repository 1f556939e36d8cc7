import CloudCatalog
import OrderedCollections
import Values

/// One account's cloud: everything it holds, what is still to happen to it, and where its next id comes from. A value:
/// a copy costs nothing until one of the two changes.
struct World: Codable, Sendable, Equatable {
  let account: String
  var settings: Settings
  /// RequestIds come from it, one after the other.
  var generator: SplitMix64
  var draws: Draws
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
    draws = Draws(seed: Draws.seed(of: account, configuration))
    generator = SplitMix64(seed: SplitMix64.mix(draws.seed, "requests"))
    lastTask = 1_500_000
    cvm = CvmState(seeds: configuration.seeds)
    lastTask += draws.numbers.within(0...99_999)
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
  mutating func newID(_ prefix: String) -> String { "\(prefix)-\(draws.numbers.suffix())" }

  /// How long after its beginning something happens to a thing that happens to it once.
  func delay(_ work: Work, of thing: String) -> Duration {
    work.duration(draws.first("\(work.name) \(thing)"), speed: settings.speed)
  }

  /// When work on a thing ends that begins now.
  mutating func later(_ work: Work, of thing: String) -> Instant {
    let numbers = draws.next("\(work.name) \(thing)")
    return now + work.duration(numbers, speed: settings.speed)
  }
}

/// What takes time in ECM.
enum Latency {
  static let launch = Work("launch", 20_000...40_000)
  static let stop = Work("stop", 8_000...15_000)
  static let start = Work("start", 8_000...15_000)
  static let reboot = Work("reboot", 10_000...10_000)
  static let terminate = Work("terminate", 5_000...10_000)
  static let addressAllocate = Work("addressAllocate", 2_000...4_000)
  static let addressBind = Work("addressBind", 2_000...4_000)
  static let addressUnbind = Work("addressUnbind", 2_000...2_000)
  static let addressRelease = Work("addressRelease", 2_000...2_000)
  static let balancerCreate = Work("balancerCreate", 3_000...6_000)
  static let balancerChange = Work("balancerChange", 1_000...2_000)
  static let imageCreate = Work("imageCreate", 30_000...60_000)
  static let importQueue = Work("importQueue", 3_000...6_000)
  static let reset = Work("reset", 30_000...60_000)
  static let reconfigure = Work("reconfigure", 2_000...4_000)
  static let addressWiden = Work("addressWiden", 1_000...2_000)
  static let interfaceChange = Work("interfaceChange", 1_000...3_000)
  /// From a target's registration to its first health report.
  static let healthReport = Work("healthReport", 1_000...2_000)
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
