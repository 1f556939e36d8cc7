import CloudCatalog
import OrderedCollections
import Values

/// The cloud as a pure state machine: it has no clock, no randomness but its seed, and does no input or output. Time
/// comes with every call; an instant earlier than one already seen counts as that one.
package struct EmulatedCloud: Sendable {
  package let configuration: Configuration
  private var worlds: OrderedDictionary<String, World> = [:]
  private var now: Instant
  private var limits = RateLimits()
  private var faults = ArmedFaults()
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
    self.worlds = OrderedDictionary(uniqueKeysWithValues: worlds.map { ($0.account, $0) })
  }

  package mutating func handle(_ request: CloudRequest, now instant: Instant) -> CloudReply {
    advance(to: instant)
    open(request.account)
    let reply = answer(request)
    log(request, reply)
    return reply
  }

  /// Everything that is due by then happens, in order.
  package mutating func advance(to instant: Instant) {
    now = max(now, instant)
    for index in worlds.values.indices { worlds.values[index].advance(to: now) }
  }

  /// When something next happens by itself, for clocks that jump.
  package var nextEvent: Instant? { worlds.values.compactMap(\.timeline.next).min() }

  package mutating func inject(_ fault: Fault) { faults.arm(fault) }

  /// The RequestId for a request that is turned away before it is known whose it is.
  package mutating func strayRequestID() -> String { strayIDs.uuid() }

  /// All that exists in the account, sorted by kind and id. An account is there, with what every account has, before
  /// its first call.
  package func inventory(account: String) -> [InventoryLine] {
    (worlds[account] ?? World(account: account, configuration: configuration, now: now)).inventory
  }

  /// The last calls, oldest first; how many is ``Configuration/callLogLimit``.
  package var calls: [CallRecord] { Array(recentCalls.suffix(configuration.callLogLimit)) }

  /// The actions that do something here; the others of the catalog are refused.
  package static var implementedActions: [String] { ActionTable.implemented }

  package var accounts: [String] { Array(worlds.keys) }
  var allWorlds: [World] { Array(worlds.values) }
  var latest: Instant { now }
  func world(_ account: String) -> World? { worlds[account] }

  private mutating func open(_ account: String) {
    guard worlds[account] == nil else { return }
    worlds[account] = World(account: account, configuration: configuration, now: now)
  }

  private mutating func answer(_ request: CloudRequest) -> CloudReply {
    let requestID = worlds[request.account]?.generator.uuid() ?? ""
    guard let facts = Catalog.action(request.action) else {
      return refuse(Refusal("InvalidAction", "There is no action '\(request.action.name)'."), requestID)
    }
    let key = RateLimits.Key(account: request.account, region: region(of: request), action: request.action)
    guard limits.admit(key, rate: facts.rate, now: now) else {
      return refuse(EmulatedCloud.throttled(facts), requestID)
    }
    let fault = faults.strike(request.action)
    switch fault {
    case .refused(let code): return refuse(Refusal(code, "This refusal was injected."), requestID)
    case .throttled: return refuse(EmulatedCloud.throttled(facts), requestID)
    case .serverError: return refuse(EmulatedCloud.serverError(facts), requestID)
    case .lostBefore: return .lostBefore
    case .lostAfter, .asyncFailure, nil: break
    }
    let reply = perform(request, facts, requestID, failsLater: fault == .asyncFailure)
    return fault == .lostAfter ? .lostAfter : reply
  }

  private mutating func perform(
    _ request: CloudRequest, _ facts: ActionFacts, _ requestID: String, failsLater: Bool
  ) -> CloudReply {
    do throws(Refusal) {
      let parameters = try ParameterCheck(facts: facts).check(request.parameters)
      guard let handler = ActionTable.handler(service: facts.id.service, action: facts.id.name) else {
        throw Refusal("UnsupportedOperation", "The emulator does not have the action \(facts.id) yet.")
      }
      let call = Call(
        facts: facts, parameters: parameters, requestID: requestID, failsLater: failsLater, commonRegion: request.region)
      // The account is open by now; the default only says so to the compiler, and changes the world in its place.
      let answer = try handler(
        &worlds[request.account, default: World(account: request.account, configuration: configuration, now: now)], call
      )
      return .answered(answer, requestID: requestID)
    } catch {
      return refuse(error, requestID)
    }
  }

  private func refuse(_ refusal: Refusal, _ requestID: String) -> CloudReply {
    .refused(CloudError(code: refusal.code, message: refusal.message, requestID: requestID))
  }

  /// What the limit counts apart: for ECM the parameter EcmRegion, else the common parameter. Only regions that there
  /// are count, so that a caller cannot fill the memory with names.
  private func region(of request: CloudRequest) -> String {
    guard request.action.service == "ecm" else { return request.region ?? "" }
    return [request.parameters["EcmRegion"]?.asText, request.region].compactMap { $0 }
      .first { Geography.region($0) != nil } ?? ""
  }

  private mutating func log(_ request: CloudRequest, _ reply: CloudReply) {
    let outcome =
      switch reply {
      case .answered: "answered"
      case .refused(let error): error.code
      case .lostBefore: "lost-before-effect"
      case .lostAfter: "lost-after-effect"
      }
    if recentCalls.count >= 2 * max(1, configuration.callLogLimit) {
      recentCalls.removeFirst(recentCalls.count - configuration.callLogLimit)
    }
    recentCalls.append(
      CallRecord(
        instant: now, account: request.account, region: region(of: request), action: request.action, outcome: outcome))
  }

  private static func throttled(_ facts: ActionFacts) -> Refusal {
    Refusal("RequestLimitExceeded", "More than \(facts.rate) requests a second for \(facts.id.name).")
  }

  private static func serverError(_ facts: ActionFacts) -> Refusal {
    let code = "FailedOperation.InternalOperationFailure"
    return Refusal(facts.errors.contains(code) ? code : "InternalError", "The cloud failed inside.")
  }
}
