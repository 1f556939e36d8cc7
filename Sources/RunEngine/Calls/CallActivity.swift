import CloudCatalog
import Values

/// Drives one call to its conclusion: the reads its undo needs, the intent, the sending, what errors ask for, and after
/// a lost answer the probe. Pure; one question to the world at a time.
struct CallActivity: Sendable {
  enum Request: Sendable {
    /// A read that prepares or probes; no intent is written for it.
    case read(CloudCall)
    /// Writes the intent, durable before the call leaves, when ``needsIntent`` says so; then sends.
    case send(CloudCall)
    case rest(Duration)
    case conclude(Conclusion)
  }
  enum Conclusion: Sendable {
    case done(Record, requestID: String, adopted: Bool)
    case refused(CloudError)
    /// Whether it took effect is not known and cannot be found out.
    case stuck(String)
    case unreachable(String)
    /// It did not leave: the units of the day that it takes are used up.
    case exhausted(String)
  }
  enum Phase: Sendable { case beforeImage, probeBefore, ready, sent, resting, probing, probeResting, ended }

  let call: CloudCall
  let meaning: ActionMeaning
  let retry: RetryRule?
  let isUndo: Bool
  let mark: StepMark
  private(set) var phase = Phase.ready
  private(set) var attempts: Int32 = 0
  private var startedAt: Instant?
  private var past = Seldom<Past>()

  /// What most calls never come to have.
  private struct Past: Sendable {
    /// The before-image; null when none is needed.
    var before = Value.null
    /// The ids that were there before the call, where a probe tells by what is new.
    var known: [Value] = []
    /// Whether an earlier sending may have taken effect although nobody answered it.
    var isInDoubt = false
    var losses = 0
    var clockErrors = 0
    var authorRetries = 0
    var probes = 0
    var lastReason = ""
    var lostAt: Instant?
    var unreachableCount = 0
    var readFailures = 0
    var reading: PagedRead?
    /// The pages of the call itself, when it is a read that is wanted whole.
    var pages: PagedRead?
  }

  var before: Value { past.content?.before ?? .null }
  var known: [Value] { past.content?.known ?? [] }
  var isInDoubt: Bool { past.content?.isInDoubt ?? false }
  private var lastReason: String { past.content?.lastReason ?? "" }
  private var probes: Int { past.content?.probes ?? 0 }
  private var reading: PagedRead? { past.content?.reading }

  private mutating func note(_ body: (inout Past) -> Void) { past.change(from: Past(), body) }

  /// One more of something; returns how many that makes.
  private mutating func count(_ what: WritableKeyPath<Past, Int>) -> Int {
    var count = 0
    note { past in
      past[keyPath: what] += 1
      count = past[keyPath: what]
    }
    return count
  }

  init(
    call: CloudCall, meaning: ActionMeaning, retry: RetryRule?, isUndo: Bool, mark: StepMark, isWhole: Bool = false
  ) {
    self.meaning = meaning
    self.retry = retry
    self.isUndo = isUndo
    self.mark = mark
    self.call = CallActivity.completed(call, meaning, mark)
    if isWhole { note { $0.pages = PagedRead(call) } }
  }

  /// What remains of it when it has ended.
  var made: MadeCall {
    let unmarked = meaning.mark.map { mark in
      CloudCall(call.action, region: call.region, mark.removed(from: call.arguments))
    }
    return MadeCall(call: unmarked ?? call, meaning: meaning, before: before, attempts: Int(attempts))
  }

  /// The call with what the engine adds of its own: the mark, the token that makes a repeated call harmless, and what
  /// the answer needs to tell what was made.
  static func completed(_ call: CloudCall, _ meaning: ActionMeaning, _ mark: StepMark) -> CloudCall {
    guard meaning.mark != nil || meaning.clientToken != nil || !meaning.given.isEmpty else { return call }
    let mark = mark.text
    var arguments = meaning.mark?.apply(mark, to: call.arguments) ?? call.arguments
    // The parameters that take a token take 64 ASCII characters.
    if let token = meaning.clientToken, arguments[token] ?? .null == .null {
      arguments[token] = .text(String(mark.filter(\.isASCII).suffix(64)))
    }
    for (name, value) in meaning.given where arguments[name] ?? .null == .null { arguments[name] = value }
    return CloudCall(call.action, region: call.region, arguments)
  }

  var isRead: Bool { meaning.effect == .read }

  /// Whether the call may have reached the cloud without a known end.
  var mayHaveTakenEffect: Bool {
    guard !isRead else { return false }
    switch phase {
    case .sent, .probing, .probeResting: return true
    case .resting: return isInDoubt
    case .beforeImage, .probeBefore, .ready, .ended: return false
    }
  }

  var context: TemplateContext {
    var context = TemplateContext()
    context.arguments = call.arguments
    context.before = before
    // Nothing else asks for it.
    if case .probe = meaning.lost { context.mark = mark.text }
    return context
  }

  mutating func begin(at now: Instant) -> Request {
    startedAt = now
    if !isUndo, case .inverse(let inverse) = meaning.undo, let read = inverse.beforeImage {
      return startRead(read, .beforeImage)
    }
    return readProbeBefore()
  }

  /// Takes up a call whose intent is in the journal and whose answer is not.
  mutating func beginInDoubt(before: Value, known: [Value], at now: Instant) -> Request {
    startedAt = now
    attempts = 1
    if !before.isNull || !known.isEmpty { note { ($0.before, $0.known) = (before, known) } }
    return lost("the run was interrupted before its answer was written down", at: now)
  }

  private mutating func readProbeBefore() -> Request {
    if case .probe(let probe) = meaning.lost, let newSince = probe.newSince {
      if !before.isNull, case .inverse(let inverse) = meaning.undo,
        inverse.beforeImage?.filled(context) == newSince.before.filled(context)
      {
        let ids = ProbeVerdict.ids(probe, before)
        note { $0.known = ids }
      } else {
        return startRead(newSince.before, .probeBefore)
      }
    }
    return sendNow()
  }

  private mutating func startRead(_ read: Read, _ phase: Phase) -> Request {
    self.phase = phase
    let paged = PagedRead(CloudCall(read.action, region: call.region, read.filled(context)))
    note { $0.reading = paged }
    return .read(paged.call)
  }

  private mutating func sendNow() -> Request {
    phase = .sent
    attempts += 1
    return .send(past.content?.pages?.call ?? call)
  }

  private mutating func rest(_ duration: Duration) -> Request {
    phase = .resting
    return .rest(duration)
  }

  private mutating func conclude(_ conclusion: Conclusion) -> Request {
    phase = .ended
    return .conclude(conclusion)
  }

  /// What others of the same action have made or may be making, for probes that tell by what is new.
  struct Siblings: Sendable {
    var claimed: Set<Value> = []
    /// Others may still be making rows: what is new cannot be told apart yet.
    var areUnderWay = false
    /// How many rows each of the others looks for whose answers were lost too: any of the new ones serves any of them.
    var needs: [Int] = []
    /// How many of those others saw a row before they were sent: to them it is not new.
    var seenBefore: [Value: Int] = [:]

    /// Whether some of those in doubt need just so many rows between them: then all that was made finds its maker.
    func canTake(_ count: Int) -> Bool {
      guard count > 0, count <= needs.reduce(0, +) else { return count == 0 }
      var reachable: Set<Int> = [0]
      for need in needs { reachable.formUnion(reachable.map { $0 + need }.filter { $0 <= count }) }
      return reachable.contains(count)
    }
  }

  /// How many rows the call is looking for, while it looks for what its lost answer told.
  var rowsInDoubt: Int {
    guard phase == .probing || phase == .probeResting, case .probe(let probe) = meaning.lost else { return 0 }
    return probe.count.value(in: call.arguments)
  }

  mutating func received(_ reply: Reply, at now: Instant, siblings: Siblings) -> Request {
    switch phase {
    case .beforeImage, .probeBefore, .probing: return receivedRead(reply, at: now, siblings)
    case .sent: return receivedAnswer(reply, at: now)
    case .ready, .resting, .probeResting, .ended: return rest(.seconds(1))
    }
  }

  mutating func rested(at now: Instant) -> Request {
    switch phase {
    case .probeResting: return probe()
    case .beforeImage, .probeBefore, .probing: return reading.map { .read($0.call) } ?? sendNow()
    case .ready, .sent, .resting, .ended: return sendNow()
    }
  }

  // MARK: Answers of the call itself

  private mutating func receivedAnswer(_ reply: Reply, at now: Instant) -> Request {
    switch reply {
    case .unreachable(let reason):
      let times = count(\.unreachableCount)
      guard times <= (isUndo ? 10 : 3) else {
        return conclude(isInDoubt ? .stuck("\(lastReason); \(reason)") : .unreachable(reason))
      }
      return rest(backoff(times))
    case .outcome(.done(let result, let requestID)):
      guard past.content?.pages != nil else {
        return conclude(.done(result, requestID: requestID, adopted: false))
      }
      var whole: Record?
      note { whole = $0.pages?.received(result)?.asRecord }
      guard let whole else { return sendNow() }
      return conclude(.done(whole, requestID: requestID, adopted: false))
    case .outcome(.refused(let error)): return receivedError(error, at: now)
    case .outcome(.unknown(let reason)):
      return lost(reason, at: now)
    }
  }

  private mutating func receivedError(_ error: CloudError, at now: Instant) -> Request {
    // What may have taken effect is never sent again unseen, whatever the author says.
    if let retry, retry.covers(error.code), past.content?.authorRetries ?? 0 < retry.upTo,
      isRead || error.kind != .server
    {
      note { $0.authorRetries += 1 }
      return rest(retry.every)
    }
    let waited = startedAt.map { now - $0 } ?? .zero
    switch error.kind {
    case .throttled: return waited < CallActivity.throttlePatience ? rest(.milliseconds(200)) : refuse(error)
    case .clock:
      return count(\.clockErrors) < 3 ? rest(.milliseconds(100)) : refuse(error)
    case .busy:
      return waited < CallActivity.busyPatience ? rest(.seconds(2)) : refuse(error)
    case .dependency:
      let patience = isUndo || meaning.effect == .delete ? CallActivity.dependencyPatience : .zero
      return waited < patience ? rest(.seconds(2)) : refuse(error)
    case .server: return lost("\(error.code): \(error.message)", at: now)
    case .stock, .gone, .caller: return refuse(error)
    }
  }

  /// A refusal says nothing of an earlier sending in doubt, except that what was to be deleted is gone.
  private mutating func refuse(_ error: CloudError) -> Request {
    let isUndone = (meaning.effect == .delete || meaning.effect == .detach) && meaning.saysGone(error)
    if isInDoubt, isUndone || meaning.takenCodes.contains(error.code) {
      return conclude(.done(Record(), requestID: "", adopted: true))
    }
    guard isInDoubt else { return conclude(.refused(error)) }
    return conclude(.stuck("\(lastReason); sent again, it was refused: \(error.code): \(error.message)"))
  }

  private static let throttlePatience = Duration.minutes(30)
  private static let busyPatience = Duration.minutes(3)
  private static let dependencyPatience = Duration.minutes(10)

  private func backoff(_ count: Int) -> Duration { .milliseconds(min(15_000, 250 << min(count, 6))) }

  // MARK: After a lost answer

  private mutating func lost(_ reason: String, at now: Instant) -> Request {
    note { ($0.lastReason, $0.lostAt) = (reason, now) }
    let losses = count(\.losses)
    if isRead { return losses < 8 ? rest(backoff(losses)) : conclude(.stuck(reason)) }
    switch meaning.lost {
    case .resend:
      note { $0.isInDoubt = true }
      return losses < 8 ? rest(backoff(losses)) : conclude(.stuck(reason))
    case .ask(let why): return conclude(.stuck("\(reason); \(why)"))
    case .probe:
      guard losses < 6 else { return conclude(.stuck(reason)) }
      note { $0.probes = 0 }
      phase = .probeResting
      return .rest(.seconds(2))
    }
  }

  private mutating func probe() -> Request {
    guard case .probe(let probe) = meaning.lost else { return sendNow() }
    note { $0.probes += 1 }
    return startRead(probe.read, .probing)
  }

  private mutating func receivedRead(_ reply: Reply, at now: Instant, _ siblings: Siblings) -> Request {
    switch reply {
    case .outcome(.done(let page, _)):
      var answer: Value?
      note { answer = $0.reading?.received(page) }
      guard let whole = answer else { return reading.map { .read($0.call) } ?? sendNow() }
      return receivedWhole(whole, siblings, at: now)
    case .outcome(.refused(let error)) where error.kind == .gone:
      // There is nothing: a before-image of nothing, a probe that saw no effect.
      return receivedWhole(.empty, siblings, at: now)
    case .outcome(.refused(let error)) where error.kind == .caller || error.kind == .stock:
      // A look that is not allowed saw nothing either way.
      guard phase == .probing else { return conclude(.refused(lookedFor(error))) }
      return conclude(.stuck("\(lastReason); the look was refused: \(error.code): \(error.message)"))
    case .outcome(.refused), .outcome(.unknown), .unreachable:
      let failures = count(\.readFailures)
      if failures < 12 { return .rest(backoff(failures)) }
      return conclude(isInDoubt ? .stuck(lastReason) : .unreachable("a look before the call had no answer"))
    }
  }

  /// Says that a look before the call was refused, not the call.
  private func lookedFor(_ error: CloudError) -> CloudError {
    guard let look = reading?.call.action else { return error }
    let message = "\(look), which it needs first, was refused: \(error.message)"
    return CloudError(code: error.code, message: message, requestID: error.requestID)
  }

  private mutating func receivedWhole(_ answer: Value, _ siblings: Siblings, at now: Instant) -> Request {
    switch phase {
    case .beforeImage:
      note { $0.before = answer }
      return readProbeBefore()
    case .probeBefore:
      if case .probe(let probe) = meaning.lost {
        let ids = ProbeVerdict.ids(probe, answer)
        note { $0.known = ids }
      }
      return sendNow()
    case .probing, .ready, .sent, .resting, .probeResting, .ended: return judge(answer, siblings, at: now)
    }
  }

  /// What the probe's answer says: it took effect (adopt), it did not (send again), not clear yet (probe again), or
  /// nobody can tell (stop).
  private mutating func judge(_ answer: Value, _ siblings: Siblings, at now: Instant) -> Request {
    guard case .probe(let probe) = meaning.lost else { return sendNow() }
    if probe.newSince != nil, siblings.areUnderWay, probes < 30 {
      phase = .probeResting
      return .rest(.seconds(1))
    }
    let verdict = ProbeVerdict(
      probe: probe, answer: answer, known: Set(known), siblings: siblings, isPatient: probes < 10, context: context)
    switch verdict {
    case .tookEffect(let result): return conclude(.done(result, requestID: "", adopted: true))
    case .absent where probes >= 2 && now >= (past.content?.lostAt ?? now) + probe.settles: return sendNow()
    case .partial where probes >= 5:
      return conclude(.stuck("\(lastReason); only a part of what the call makes was found"))
    case .ambiguous(let reason): return conclude(.stuck("\(lastReason); \(reason)"))
    case .absent, .partial, .othersFirst:
      phase = .probeResting
      return .rest(.seconds(3))
    }
  }
}
