import RunEngine
import Values

/// What a block needs when it is left by a failure.
struct OpenBlock: Sendable {
  let fiber: FiberID
  let site: BlockSite
  /// For an `always` that is owed: the names around the block, and the address.
  let registers: [Value]
  let prefix: String
}

extension Fiber {
  /// Whether nothing can make it go on.
  var isOver: Bool {
    switch state {
    case .ended: true
    case .failed: blocks.isEmpty
    case .ready, .asking, .looping: false
    }
  }
}

/// Blocks that may fail on their own, people's approvals, and words for people.
extension RunbookProgram {
  mutating func open(_ site: BlockSite, _ fiber: inout Fiber) throws(ProgramProblem) {
    let kind: BlockAsk.Kind
    var registers: [Value] = []
    switch site.kind {
    case .attempt(let keeps, _, _): kind = .attempt(keeps: keeps)
    case .guarded:
      kind = .guarded
      registers = fiber.registers
    case .always: kind = .always
    case .timeout(let within): kind = .timeout(try duration(within, .zero, fiber))
    }
    let id = BlockID(nextBlock)
    nextBlock += 1
    openBlocks[id] = OpenBlock(fiber: fiber.id, site: site, registers: registers, prefix: fiber.prefix)
    fiber.blocks.append(
      Fiber.Block(
        id: id, site: site, frameCount: fiber.frames.count, prefix: fiber.prefix, prefixes: fiber.prefixes))
    let address = StepAddress(fiber.prefix + site.label)
    events.append(.opened(id, fiber.id, BlockAsk(address: address, kind: kind, place: site.place)))
  }

  mutating func close(_ fiber: inout Fiber) {
    guard let block = fiber.blocks.popLast() else { return }
    openBlocks[block.id] = nil
    events.append(.closed(block.id, fiber.id))
  }

  mutating func endAlways(_ fiber: inout Fiber) {
    guard fiber.isOwed else { return }
    fiber.state = .ended
    events.append(.ended(fiber.id))
  }

  package mutating func rescue(_ id: BlockID, _ failure: RunFailure) {
    guard let open = openBlocks[id], var fiber = fibers[open.fiber],
      case .attempt(_, let target, let error) = open.site.kind,
      let depth = fiber.blocks.firstIndex(where: { $0.id == id })
    else { return }
    stop(&fiber)
    wake(&fiber)
    let block = fiber.blocks[depth]
    for inner in fiber.blocks[depth...] { openBlocks[inner.id] = nil }
    fiber.blocks.removeSubrange(depth...)
    if fiber.frames.count > block.frameCount {
      fiber.registers = fiber.frames[block.frameCount].registers
      fiber.frames.removeSubrange(block.frameCount...)
    }
    (fiber.prefix, fiber.prefixes) = (block.prefix, block.prefixes)
    fiber.counter = target
    if let error { fiber[error] = failure.value }
    fiber.state = .ready
    fibers[fiber.id] = fiber
    ready.append(.fiber(fiber.id))
  }

  /// Ends whatever a fiber waits for: its question, or the rounds of its loop.
  private mutating func stop(_ fiber: inout Fiber) {
    for round in loops.removeValue(forKey: fiber.id)?.rounds ?? [] {
      guard var child = fibers.take(round.index) else { continue }
      stop(&child)
      for block in child.blocks { openBlocks[block.id] = nil }
    }
  }

  package mutating func startAlways(_ id: BlockID) -> FiberID {
    let new = newFiber()
    guard let open = openBlocks[id], case .guarded(let target) = open.site.kind else { return new }
    var fiber = Fiber(id: new, counter: target, registers: open.registers, prefix: open.prefix)
    fiber.isOwed = true
    fibers[new] = fiber
    ready.append(.fiber(new))
    return new
  }

  // MARK: People

  mutating func approve(_ site: ApprovalSite, _ fiber: inout Fiber) throws(ProgramProblem) {
    let within = try site.within.map { register throws(ProgramProblem) in try duration(register, .zero, fiber) }
    let ask = ask(&fiber)
    events.append(
      .approval(
        ask, fiber.id,
        ApprovalAsk(
          address: StepAddress(fiber.prefix + site.label), text: fiber[site.text].display, approvers: site.approvers,
          notRequester: site.notRequester, within: within, place: site.place)))
  }

  mutating func notify(_ site: NotifySite, _ fiber: Fiber) {
    let notification = Notification(
      address: StepAddress(fiber.prefix + site.label), text: fiber[site.text].display,
      channel: site.channel.map { fiber[$0].display }, place: site.place)
    events.append(.notified(fiber.id, notification))
  }
}
