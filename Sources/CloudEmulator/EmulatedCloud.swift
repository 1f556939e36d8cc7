import CloudCatalog
import Values

/// The cloud as a pure state machine: it has no clock, no randomness but its seed, and does no input or output. Time
/// comes with every call; an instant earlier than one already seen counts as that one.
///
/// It is a value. A copy is a snapshot, made in constant time whatever the cloud holds: the two share everything until
/// one of them changes, and what changes in one never shows in the other.
package struct EmulatedCloud: Sendable {
  package private(set) var configuration: Configuration
  /// In the order of their first calls.
  private var worlds: [World]
  /// Where an account's world stands.
  private var places: [String: Int]
  private var now: Instant
  private var limits = RateLimits()
  var faults: ArmedFaults
  private var recentCalls: [CallRecord] = []
  /// For requests that belong to no account.
  private var strayIDs: SplitMix64

  package init(configuration: Configuration) {
    self.init(configuration: configuration, now: configuration.startedAt, worlds: [])
  }

  init(configuration: Configuration, now: Instant, worlds: [World]) {
    self.configuration = configuration
    self.now = now
    strayIDs = SplitMix64(seed: configuration.seed)
    faults = ArmedFaults(seed: configuration.seed)
    self.worlds = worlds
    places = Dictionary(uniqueKeysWithValues: worlds.enumerated().map { ($1.account, $0) })
  }

  /// From now on no limit of calls a second holds but that of a storm.
  package mutating func liftRateLimits() { configuration.limitsRates = false }

  package mutating func handle(_ request: CloudRequest, now instant: Instant) -> CloudReply {
    deliver(request, now: instant).reply
  }

  /// The reply, and what armed faults make of its way over the wire.
  package mutating func deliver(_ request: CloudRequest, now instant: Instant) -> Delivery {
    advance(to: instant)
    let region = region(of: request)
    let delivery = answer(request, in: region, at: place(of: request.account))
    log(request, region, delivery)
    return delivery
  }

  /// Everything that is due by then happens, in order.
  package mutating func advance(to instant: Instant) {
    now = max(now, instant)
    for place in worlds.indices { worlds[place].advance(to: now) }
  }

  /// An instance of the account announces a virtual IP in its network, and so binds it; without one, nobody does any
  /// more. What is wrong, when that cannot be.
  package mutating func announce(_ haVipID: String, by instanceID: String?, account: String) -> String? {
    guard let place = places[account] else { return "There is no account '\(account)' yet." }
    return worlds[place].announce(haVipID, by: instanceID)
  }

  /// When something next happens by itself, for clocks that jump.
  package var nextEvent: Instant? { worlds.compactMap(\.timeline.next).min() }

  /// The RequestId for a request that is turned away before it is known whose it is.
  package mutating func strayRequestID() -> String { strayIDs.uuid() }

  /// All that exists in the account, sorted by kind and id. An account is there, with what every account has, before
  /// its first call.
  package func inventory(account: String) -> [InventoryLine] {
    (world(account) ?? World(account: account, configuration: configuration, now: now)).inventory
  }

  /// The last calls, oldest first; how many is ``Configuration/callLogLimit``.
  package var calls: [CallRecord] { Array(recentCalls.suffix(configuration.callLogLimit)) }

  /// The actions that do something here; the others of the catalog are refused.
  package static var implementedActions: [String] { ActionTable.implemented }

  package var accounts: [String] { worlds.map(\.account) }
  var allWorlds: [World] { worlds }
  var latest: Instant { now }
  func world(_ account: String) -> World? { places[account].map { worlds[$0] } }

  /// Of the account's world, which is made when there is none yet.
  private mutating func place(of account: String) -> Int {
    if let place = places[account] { return place }
    worlds.append(World(account: account, configuration: configuration, now: now))
    places[account] = worlds.count - 1
    return worlds.count - 1
  }

  private mutating func answer(_ request: CloudRequest, in region: String, at place: Int) -> Delivery {
    let requestID = worlds[place].generator.uuid()
    guard let facts = Catalog.action(request.action) else {
      return Delivery(refuse(Refusal("InvalidAction", "There is no action '\(request.action.name)'."), requestID))
    }
    let key = RateLimits.Key(account: request.account, region: region, action: request.action)
    let ceiling = faults.stormRate(now: now)
    guard
      !configuration.limitsRates && ceiling == nil
        || limits.admit(key, rate: facts.rate, ceiling: ceiling, now: now)
    else {
      return Delivery(refuse(EmulatedCloud.throttled(facts), requestID))
    }
    let strike = faults.strike(request.action, now: now)
    var delivery = answer(request, facts, requestID, strike.outcome, at: place)
    delivery.delay = strike.delay
    delivery.slowness = strike.slow
    return delivery
  }

  private mutating func answer(
    _ request: CloudRequest, _ facts: ActionFacts, _ requestID: String, _ fault: Fault.Kind?, at place: Int
  ) -> Delivery {
    switch fault {
    case .refused(let code): return Delivery(refuse(Refusal(code, "This refusal was injected."), requestID))
    case .throttled: return Delivery(refuse(EmulatedCloud.throttled(facts), requestID))
    case .serverError: return Delivery(refuse(EmulatedCloud.serverError(facts), requestID))
    case .status(let code): return Delivery(.lostBefore, .status(code))
    case .lostBefore: return Delivery(.lostBefore)
    case .lostAfter, .asyncFailure, .stuck, .partial, .statusAfter, .garbage, .latency, .slow, nil: break
    }
    let reply = perform(request, facts, requestID, fault, at: place)
    return switch fault {
    case .lostAfter: Delivery(.lostAfter)
    case .statusAfter(let code): Delivery(.lostAfter, .status(code))
    case .garbage: Delivery(.lostAfter, .garbage)
    default: Delivery(reply)
    }
  }

  private mutating func perform(
    _ request: CloudRequest, _ facts: ActionFacts, _ requestID: String, _ fault: Fault.Kind?, at place: Int
  ) -> CloudReply {
    do throws(Refusal) {
      var parameters = try ParameterCheck(facts: facts).check(request.parameters)
      guard let handler = ActionTable.handler(service: facts.id.service, action: facts.id.name) else {
        throw Refusal("UnsupportedOperation", "The emulator does not have the action \(facts.id) yet.")
      }
      try checkStock(parameters, facts)
      let batch: PartialBatch? =
        if case .partial(let count) = fault { PartialBatch(count, parameters, facts) } else { nil }
      if let batch {
        parameters = batch.remaining(of: parameters)
        if batch.isAll { return .answered(batch.answer(Record()), requestID: requestID) }
      }
      let call = Call(
        facts: facts, parameters: parameters, requestID: requestID, failsLater: fault == .asyncFailure,
        seeds: configuration.seeds, commonRegion: request.region)
      let planned = fault == .stuck ? worlds[place].timeline : nil
      let numbers = worlds[place].draws.begin(call)
      let answer = try handler(&worlds[place], call)
      worlds[place].draws.end(numbers)
      // A call only plans; with the plan of before, nothing that it has begun ever ends.
      if let planned { worlds[place].timeline = planned }
      return .answered(batch?.answer(answer) ?? answer, requestID: requestID)
    } catch {
      return refuse(error, requestID)
    }
  }

  private func checkStock(_ parameters: Record, _ facts: ActionFacts) throws(Refusal) {
    guard !faults.all.isEmpty, let code = SoldOut.code(facts) else { return }
    for place in SoldOut.places(parameters) where faults.isSoldOut(zone: place.zone, carrier: place.carrier, now: now) {
      throw Refusal(code, "\(place.zone) is sold out.")
    }
  }

  private func refuse(_ refusal: Refusal, _ requestID: String) -> CloudReply {
    .refused(CloudError(code: refusal.code, message: refusal.message, requestID: requestID))
  }

  /// What the limit counts apart: for ECM the parameter EcmRegion, else the common parameter. Only regions that there
  /// are count, so that a caller cannot fill the memory with names.
  private func region(of request: CloudRequest) -> String {
    guard request.action.service == "ecm" else {
      return request.region.flatMap { configuration.seeds.cvm.geography.region($0) }?.name ?? ""
    }
    if let name = request.parameters["EcmRegion"]?.asText, configuration.seeds.geography.hasRegion(name) { return name }
    return request.region.flatMap { configuration.seeds.geography.hasRegion($0) ? $0 : nil } ?? ""
  }

  private mutating func log(_ request: CloudRequest, _ region: String, _ delivery: Delivery) {
    if recentCalls.count >= 2 * max(1, configuration.callLogLimit) {
      recentCalls.removeFirst(recentCalls.count - configuration.callLogLimit)
    }
    recentCalls.append(
      CallRecord(
        instant: now, account: request.account, region: region, action: request.action,
        outcome: delivery.outcome))
  }

  private static func throttled(_ facts: ActionFacts) -> Refusal {
    Refusal("RequestLimitExceeded", "More than \(facts.rate) requests a second for \(facts.id.name).")
  }

  private static func serverError(_ facts: ActionFacts) -> Refusal {
    let code = "FailedOperation.InternalOperationFailure"
    return Refusal(facts.errors.contains(code) ? code : "InternalError", "The cloud failed inside.")
  }
}
