import CloudCatalog
import RunEngine
import Values

/// What leaves the program: calls, waits, pauses and parallel loops.
extension RunbookProgram {
  static let defaultWaitDeadline = Duration.minutes(30)
  static let defaultPause = Duration.seconds(5)

  mutating func call(_ site: CallSite, _ fiber: inout Fiber) throws(ProgramProblem) {
    let address = StepAddress(fiber.prefix + site.label)
    var arguments = Record(capacity: site.arguments.count)
    for (name, register) in site.arguments {
      let value = try fiber[register].forCloud(as: name)
      if !value.isNull { arguments[name] = value }
    }
    if !fiber.isUndo { try count(site.action, arguments) }
    let call = CloudCall(site.action, region: site.region.flatMap { fiber[$0].asText }, arguments)
    let terms = try terms(of: site, fiber)
    fiber[site.address] = .text(address.text)
    events.append(.call(ask(&fiber), fiber.id, CallAsk(address: address, call: call, terms: terms)))
  }

  private mutating func terms(of site: CallSite, _ fiber: Fiber) throws(ProgramProblem) -> CallTerms {
    if let common = code.terms[fiber.counter - 1] { return common }
    let undo: CallAsk.Undo
    switch site.undo {
    case .catalog, .nothing: undo = .catalog
    case .none(let reason): undo = .none(reason: fiber[reason].display)
    case .block(let entry, let it): undo = .block(saveUndo(entry, it: it, fiber, label: site.label))
    }
    return CallTerms(
      undo: undo, retry: try retryRule(site, fiber), place: site.place, remaining: code.stepsAhead[fiber.counter - 1])
  }

  /// Before a call leaves: whether the bounds of the run allow it.
  private mutating func count(_ action: ActionID, _ arguments: Record) throws(ProgramProblem) {
    guard !bounds.isEmpty, let meaning = Catalog.meaning(action) else { return }
    for index in bounds.indices {
      guard let units = code.bounds[index].units(of: action, meaning, arguments) else { continue }
      bounds[index].used += units
      guard bounds[index].used > bounds[index].limit else { continue }
      throw ProgramProblem(
        "with this call the run would have \(bounds[index].used) of '\(code.bounds[index].wording)', and the bounds "
          + "allow \(bounds[index].limit); nothing was sent")
    }
  }

  mutating func bound(_ index: Int, _ limit: Value) throws(ProgramProblem) {
    guard let limit = limit.asInt, limit >= 0 else {
      throw ProgramProblem("a bound is an Int of at least 0, not \(limit.display)")
    }
    bounds.append((limit, 0))
  }

  private func retryRule(_ site: CallSite, _ fiber: Fiber) throws(ProgramProblem) -> RetryRule? {
    guard let retry = site.retry else { return nil }
    let every = try duration(retry.every, RunbookProgram.defaultPause, fiber)
    let upTo = retry.upTo.map { fiber[$0].asInt ?? 0 } ?? 3
    guard upTo >= 0 else { throw ProgramProblem("'up to' must not be negative") }
    return RetryRule(codes: retry.codes, every: every, upTo: upTo)
  }

  func duration(
    _ register: Register?, _ standard: Duration, _ fiber: Fiber
  ) throws(ProgramProblem) -> Duration {
    guard let register else { return standard }
    guard let value = fiber[register].asDuration, value > .zero else {
      throw ProgramProblem("a duration above zero is needed here, not \(fiber[register].display)")
    }
    return value
  }

  mutating func wait(_ site: WaitSite, _ fiber: inout Fiber) throws(ProgramProblem) {
    let within = try duration(site.within, RunbookProgram.defaultWaitDeadline, fiber)
    let step = StepAddress(fiber[site.step].asText ?? "")
    let address = StepAddress(fiber.prefix + site.label)
    let terms = waitTerms(fiber.counter - 1, within, site.place)
    events.append(.wait(ask(&fiber), fiber.id, WaitAsk(address: address, step: step, terms: terms)))
  }

  /// The same for all who come to an instruction with one deadline.
  private mutating func waitTerms(_ instruction: Int, _ within: Duration, _ place: Place) -> WaitTerms {
    if let known = waitTerms[instruction], known.within == within { return known }
    let terms = WaitTerms(within: within, place: place)
    waitTerms[instruction] = terms
    return terms
  }

  mutating func pause(_ site: PauseSite, _ fiber: inout Fiber) throws(ProgramProblem) {
    let every = try duration(site.every, RunbookProgram.defaultPause, fiber)
    let within = try duration(site.within, RunbookProgram.defaultWaitDeadline, fiber)
    let address = StepAddress(fiber.prefix + site.label)
    events.append(
      .pause(
        ask(&fiber), fiber.id,
        PauseAsk(
          address: address, look: StepAddress(fiber[site.look].asText ?? ""), every: every, within: within,
          place: site.place)))
  }

  mutating func parallel(_ site: ParallelSite, _ fiber: inout Fiber) throws(ProgramProblem) {
    guard let elements = fiber[site.sequence].asList else {
      throw ProgramProblem("a loop needs a list, not \(fiber[site.sequence].kindName)")
    }
    var width = elements.count
    if let register = site.width {
      guard let given = fiber[register].asInt, given >= 1 else {
        throw ProgramProblem("a loop needs room for at least one round at a time")
      }
      width = given + (widened.contains(site.place) ? 1 : 0)
    }
    begin(site, elements, width: width, &fiber)
  }

  mutating func enterRound(_ label: String, _ keys: [Value], _ fiber: inout Fiber) throws(ProgramProblem) {
    var key = ""
    for value in keys {
      if !key.isEmpty { key += "," }
      key += value.keyText
    }
    var prefix = fiber.prefix
    prefix.reserveCapacity(prefix.utf8.count + label.utf8.count + key.utf8.count + 3)
    prefix += label
    prefix += "["
    prefix += key
    prefix += "]."
    guard rounds.insert(prefix).inserted else {
      throw ProgramProblem("two rounds of the loop have the same key \(key); give it a key that differs: key …")
    }
    let isOutermost = fiber.frames.isEmpty && fiber.prefixes.isEmpty && fiber.prefix == prefixAround(fiber)
    if !isOutermost { fiber.prefixes.append(fiber.prefix) }
    fiber.prefix = prefix
  }

  mutating func leaveRound(_ fiber: inout Fiber) {
    fiber.prefix = fiber.prefixes.popLast() ?? prefixAround(fiber) ?? ""
  }

  /// What stands in front of the addresses around a round of a parallel loop; nil in other fibers.
  private func prefixAround(_ fiber: Fiber) -> String? {
    fiber.parent.flatMap { fibers[FiberID(Int($0.fiber))]?.prefix }
  }
}

extension Value {
  /// As the cloud takes it as that parameter or member: CIDRs are texts there, and what has a unit is a number.
  fileprivate func forCloud(as name: String) throws(ProgramProblem) -> Value {
    switch self {
    case .cidr: return .text(display)
    case .duration, .quantity:
      guard let unit = ParameterUnit.of(name) else {
        if case .duration = self { return .text(display) }
        throw ProgramProblem("'\(name)' does not take a \(kindName), but this is \(display)")
      }
      guard let number = unit.number(of: self) else {
        throw ProgramProblem("'\(name)' is a whole number of \(unit.rawValue), but this is \(display)")
      }
      return .int(number)
    case .list(let elements):
      if isForCloud { return self }
      var list: [Value] = []
      for element in elements { list.append(try element.forCloud(as: name)) }
      return .list(list)
    case .record(let members):
      if isForCloud { return self }
      var record = Record(capacity: members.count)
      for (name, value) in members where !value.isNull { record[name] = try value.forCloud(as: name) }
      return .record(record)
    case .null, .bool, .int, .float, .text, .secret: return self
    }
  }

  /// Whether it is as the cloud takes it. It is not copied then: a wide run has many calls under way.
  private var isForCloud: Bool {
    switch self {
    case .cidr, .duration, .quantity: false
    case .list(let elements): elements.allSatisfy(\.isForCloud)
    case .record(let record): record.allSatisfy { !$0.value.isNull && $0.value.isForCloud }
    case .null, .bool, .int, .float, .text, .secret: true
    }
  }

  /// As it stands in an address.
  fileprivate var keyText: String {
    switch self {
    case .text, .cidr, .duration, .quantity: JSON.print(self)
    case .null, .bool, .int, .float, .list, .record, .secret: display
    }
  }
}
