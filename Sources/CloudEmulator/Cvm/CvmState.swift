import OrderedCollections
import Values

/// What an account holds in CVM, by region.
struct CvmState: Codable, Sendable, Equatable {
  /// Those that something was done to; the others are as ``seeds`` has them.
  private var regions: OrderedDictionary<String, CvmRegionState> = [:]
  /// What calls with a ClientToken have answered, oldest first.
  var tokens: OrderedDictionary<String, ClientTokenUse> = [:]
  var lastTask = 105_590_000
  /// Of the cloud, which keeps them; not of the account's document.
  var seeds = Seeds.standard

  private enum CodingKeys: CodingKey { case regions, tokens, lastTask }

  /// A new account's.
  init(seeds: Seeds) { self.seeds = seeds }

  subscript(region: String) -> CvmRegionState {
    get { regions[region] ?? seeds.cvm.state(region) }
    _modify { yield &regions[region, default: seeds.cvm.state(region)] }
  }

  /// Everything that exists; the world sorts the lines.
  var inventoryLines: [InventoryLine] { seeds.cvm.geography.regions.flatMap { self[$0.name].inventoryLines($0.name) } }
}

/// What a region holds.
struct CvmRegionState: Codable, Sendable, Equatable {
  var instances = Table<CvmInstance>()
  /// Private ones and those that were shared; the public ones are ``CvmPublicImages``.
  var images = Table<CvmImage>()
  var keys = Table<CvmKeyPair>()
  var templates = Table<CvmLaunchTemplate>()
  var groups = Table<PlacementGroup>()
  var hosts = Table<DedicatedHost>()
  var chcHosts = Table<ChcHost>()
  var reservations = Table<Reservation>()
  var subnets = Table<CvmSubnet>()
  var securityGroups = Table<CvmSecurityGroup>()

  init() {}

  init(_ region: CvmGeography.Region) {
    for subnet in CvmSubnet.seeds(region) { subnets.insert(subnet) }
    for group in CvmSecurityGroup.seeds(region) { securityGroups.insert(group) }
    for host in ChcHost.seeds(region) { chcHosts.insert(host) }
    for host in DedicatedHost.seeds(region) { hosts.insert(host) }
  }

  func inventoryLines(_ region: String) -> [InventoryLine] {
    var lines = instances.all.map { $0.inventoryLine(region) }
    lines += images.all.map { $0.inventoryLine(region) }
    lines += keys.all.map { $0.inventoryLine(region) }
    lines += templates.all.flatMap { $0.inventoryLines(region) }
    lines += groups.all.map { $0.inventoryLine(region) }
    lines += hosts.all.map { $0.inventoryLine(region) }
    lines += chcHosts.all.map { $0.inventoryLine(region) }
    lines += reservations.all.map { $0.inventoryLine(region) }
    lines += subnets.all.map { $0.inventoryLine(region) }
    lines += securityGroups.all.map { $0.inventoryLine(region) }
    return lines
  }
}

/// Something that happens by itself in CVM, later than the call that caused it.
enum CvmEvent: Codable, Sendable, Equatable {
  case operationEnds(CvmOperation)
  case instanceEnds(region: String, id: String)
  /// The time of a timer of an instance has come.
  case timerComes(region: String, id: String, timer: String)
  case imageSettles(region: String, id: String, succeeded: Bool)
  case reservationChanges(region: String, id: String, to: Reservation.State)
}

extension World {
  mutating func happen(_ event: CvmEvent) {
    switch event {
    case .operationEnds(let operation): end(operation)
    case .instanceEnds(let region, let id): removeCvmInstance(id, region)
    case .timerComes(let region, let id, let timer): ringTimer(timer, of: id, region)
    case .imageSettles(let region, let id, let succeeded): settleCvmImage(id, region, succeeded: succeeded)
    case .reservationChanges(let region, let id, let state): cvm[region].reservations[id]?.state = state
    }
  }

  mutating func plan(_ event: CvmEvent, after work: Work, on thing: String) {
    timeline.plan(.cvm(event), at: later(work, of: thing))
  }

  mutating func newCvmTask() -> Int {
    cvm.lastTask += draws.numbers.within(1...9)
    return cvm.lastTask
  }
}

/// What takes time in CVM.
enum CvmLatency {
  static let launch = Work("launch", 20_000...40_000)
  static let power = Work("power", 8_000...15_000)
  static let rescue = Work("rescue", 15_000...25_000)
  static let terminate = Work("terminate", 5_000...10_000)
  static let attribute = Work("attribute", 1_000...3_000)
  static let change = Work("change", 10_000...20_000)
  static let reinstall = Work("reinstall", 30_000...60_000)
  static let image = Work("image", 30_000...60_000)
  static let copy = Work("copy", 60_000...120_000)
  static let reservation = Work("reservation", 5_000...10_000)
  /// How long an instance that could not be launched stays visible.
  static let failedLaunch = Work("failedLaunch", 600_000...600_000)
}

/// What a call with a ClientToken asked for and answered.
struct ClientTokenUse: Codable, Sendable, Equatable {
  let asked: KeptRecord
  let answered: KeptRecord

  /// The oldest are forgotten past it.
  static let limit = 1000
}

extension World {
  /// The answer that the same call with the same ClientToken had; nil when there was none.
  func repeated(_ call: CvmCall) throws(Refusal) -> Record? {
    guard let token = call.text("ClientToken"), !token.isEmpty else { return nil }
    guard token.utf8.count <= 64, token.utf8.allSatisfy({ $0 < 128 }) else {
      throw call.refusal(
        "InvalidClientToken.TooLong", "InvalidParameterValue", because: "ClientToken takes at most 64 ASCII letters.")
    }
    guard let use = cvm.tokens[tokenKey(call, token)] else { return nil }
    guard use.asked == KeptRecord(call.parameters) else {
      throw call.refusal(
        "InvalidParameterCombination", "InvalidParameterValue",
        because: "ClientToken '\(token)' was used with other parameters.")
    }
    return use.answered.record
  }

  /// Keeps the answer of a call that took effect for when it is repeated.
  mutating func remember(_ answer: Record, of call: CvmCall) -> Record {
    guard let token = call.text("ClientToken"), !token.isEmpty else { return answer }
    if cvm.tokens.count >= ClientTokenUse.limit { cvm.tokens.removeFirst() }
    cvm.tokens[tokenKey(call, token)] = ClientTokenUse(
      asked: KeptRecord(call.parameters), answered: KeptRecord(answer))
    return answer
  }

  private func tokenKey(_ call: CvmCall, _ token: String) -> String { "\(call.region) \(call.action) \(token)" }
}
