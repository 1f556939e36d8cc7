import CloudCatalog
import Values

/// A stretch of a fiber that may fail on its own; the run itself is one.
struct OpenBlock: Sendable {
  enum Kind: Sendable {
    case run
    case attempt(keeps: Bool)
    /// Owes an `always` when it is left.
    case guarded
    /// Fails nothing by itself: a `timeout`, or an `always` that has failed.
    case plain
    /// An `always`: what fails around it does not stop it.
    case always
    /// An author's `undo { … }`.
    case undo
  }
  enum Stage: Sendable {
    case running
    /// It has failed; so much in it has not ended yet.
    case stopping(Int)
    case unwinding
  }
  var kind: Kind
  let ask: BlockAsk?
  let parent: BlockID?
  let fiber: FiberID
  let strand: UndoTape.Strand?
  /// The strand that goes on behind the block.
  var outer: UndoTape.Strand?
  var failure: RunFailure?
  var stage = Stage.running
  /// Whether it is not known what a call in it did.
  var isInDoubt = false

  var isShield: Bool {
    switch kind {
    case .always, .undo: true
    case .run, .attempt, .guarded, .plain: false
    }
  }
}

struct PendingFailure: Sendable {
  let failure: RunFailure
  /// Whether the journal has it already.
  let isWritten: Bool
}

extension RunMachine {
  // MARK: Opening and closing

  mutating func open(_ id: BlockID, _ fiber: FiberID, _ ask: BlockAsk, at now: Instant) {
    guard let state = fibers[fiber] else { return }
    var strand = state.strand
    let kind: OpenBlock.Kind
    switch ask.kind {
    case .attempt(let keeps):
      kind = .attempt(keeps: keeps)
      strand = strand.map { tape.nest(in: $0) }
      if let failure = past.attempts[ask.address] {
        pendingFailures[id] = PendingFailure(failure: failure, isWritten: true)
      }
    case .guarded:
      kind = .guarded
      strand = strand.map { tape.nest(in: $0) }
      if let strand { guards[strand] = id }
    case .always: kind = .always
    case .timeout(let within):
      kind = .plain
      beginTimeout(id, fiber, ask, within, at: now)
    }
    blocks[id] = OpenBlock(kind: kind, ask: ask, parent: state.block, fiber: fiber, strand: strand, outer: state.strand)
    fibers[fiber]?.block = id
    fibers[fiber]?.strand = strand
  }

  private mutating func beginTimeout(
    _ id: BlockID, _ fiber: FiberID, _ ask: BlockAsk, _ within: Duration, at now: Instant
  ) {
    let start = clamped(past.timeouts[ask.address], now)
    if past.timeouts[ask.address] == nil, !isReplaying(fiber) {
      append(.timeoutBegan(ask.address, within: within, ask.place))
    }
    wake(.timeout(id), at: max(now, start + within))
  }

  mutating func timeoutPassed(_ id: BlockID, at now: Instant) {
    guard let block = blocks[id], let ask = block.ask, case .timeout(let within) = ask.kind else { return }
    let failure = RunFailure(
      .timeout, "the block was not done within \(within.belayText)", step: ask.address, place: ask.place)
    raise(failure, from: block.parent, at: now)
  }

  mutating func expired(_ address: StepAddress, at now: Instant) {
    let open = openTimeouts.first { $0.address == address }
    if let open { timeoutPassed(open.id, at: now) }
  }

  /// The `timeout` that a rehearsal lets run out: the innermost around a step that is under way, or else the one that
  /// was opened last. Nil when none is open.
  package func timeout(near step: StepAddress?) -> StepAddress? {
    let open = openTimeouts
    guard !open.isEmpty else { return nil }
    var next = activities.first { $0.address == step }?.owner.fiber.flatMap { fibers[$0]?.block }
    while let id = next, let block = blocks[id] {
      if let own = open.first(where: { $0.id == id }) { return own.address }
      next = block.parent
    }
    return open.last?.address
  }

  /// In the order in which they were opened.
  private var openTimeouts: [(id: BlockID, address: StepAddress)] {
    guard status == .running else { return [] }
    let open = blocks.compactMap { id, block -> (id: BlockID, address: StepAddress)? in
      guard let ask = block.ask, case .timeout = ask.kind, !isHalted(within: id) else { return nil }
      return (id, ask.address)
    }
    return open.sorted { $0.id.index < $1.id.index }
  }

  mutating func close(_ id: BlockID) {
    guard let block = blocks.removeValue(forKey: id) else { return }
    fibers[block.fiber]?.block = block.parent
    fibers[block.fiber]?.strand = block.outer
    if let strand = block.strand, guards[strand] == id { guards[strand] = nil }
    if case .always = block.kind { settle(block.parent) }
  }

  // MARK: Failing

  /// Whether what a fiber says and asks is not acted on any more.
  func isHalted(_ fiber: FiberID) -> Bool {
    hasFailed ? fibers[fiber].map { isHalted(within: $0.block) } ?? true : !fibers.has(fiber.index)
  }

  func isHalted(within start: BlockID?) -> Bool {
    hasFailed && reaches(start) { id, block in block.failure != nil }
  }

  /// Whether a failure is known that the fiber will end by: until then only what the journal answers is told, and
  /// nothing new begins.
  func isReplaying(_ fiber: FiberID) -> Bool {
    !pendingFailures.isEmpty && reaches(fibers[fiber]?.block) { id, _ in pendingFailures[id] != nil }
  }

  /// Whether a block that is so stands around, before one that shields.
  private func reaches(_ start: BlockID?, _ isSo: (BlockID, OpenBlock) -> Bool) -> Bool {
    var next = start
    while let id = next, let block = blocks[id] {
      if isSo(id, block) { return true }
      if block.isShield { return false }
      next = block.parent
    }
    return false
  }

  /// A failure goes outward to the first block that ends by it.
  mutating func raise(_ failure: RunFailure, from start: BlockID?, at now: Instant) {
    guard !isHalted(within: start) else { return }
    var next = start
    while let id = next, let block = blocks[id] {
      switch block.kind {
      case .attempt where failure.isRescuable: return failOrNote(id, failure, at: now)
      case .run, .undo: return failOrNote(id, failure, at: now)
      case .always:
        if block.parent == nil || isHalted(within: block.parent) { return failOrNote(id, failure, at: now) }
        blocks[id]?.kind = .plain
      case .attempt, .guarded, .plain: break
      }
      next = block.parent
    }
  }

  /// While the journal is told, a failure waits until all of its answers have been given: what other fibers did before
  /// it has to be known for its undo.
  private mutating func failOrNote(_ id: BlockID, _ failure: RunFailure, at now: Instant) {
    guard isRetelling else { return fail(id, failure, at: now) }
    if pendingFailures[id] == nil { pendingFailures[id] = PendingFailure(failure: failure, isWritten: false) }
  }

  /// Applies the failure of an innermost block; false when there is none.
  mutating func failPending(at now: Instant) -> Bool {
    if pendingFailures.isEmpty { return false }
    pendingFailures = pendingFailures.filter { blocks[$0.key] != nil && !isHalted(within: $0.key) }
    let next = pendingFailures.keys.filter { id in
      !pendingFailures.keys.contains { $0 != id && isInside($0, id) }
    }
    guard let id = next.min(by: { $0.index < $1.index }), let pending = pendingFailures.removeValue(forKey: id) else {
      return false
    }
    fail(id, pending.failure, isWritten: pending.isWritten, at: now)
    return true
  }

  private func isInside(_ inner: BlockID, _ outer: BlockID) -> Bool {
    var next: BlockID? = inner
    while let id = next {
      if id == outer { return true }
      next = blocks[id]?.parent
    }
    return false
  }

  /// Stops everything in a block; when what has left has ended, it is left.
  mutating func fail(_ id: BlockID, _ failure: RunFailure, isWritten: Bool = false, at now: Instant) {
    guard let block = blocks[id], block.failure == nil else { return }
    blocks[id]?.failure = failure
    hasFailed = true
    if !isWritten { recordFailure(of: block, failure) }
    var units: Set<BlockID> = []
    var asks = 0
    var inside = [block.fiber]
    while let fiber = inside.popLast() {
      guard let state = fibers[fiber] else { continue }
      inside += rounds[fiber]?.fibers ?? []
      if let unit = unit(around: state.block, within: id) {
        units.insert(unit)
      } else {
        drop(fiber, at: now)
        if fibers[fiber]?.work != nil { asks += 1 }
      }
    }
    blocks[id]?.stage = .stopping(units.count + asks)
    if units.count + asks == 0 { quiet.append(id) }
  }

  private mutating func recordFailure(of block: OpenBlock, _ failure: RunFailure) {
    switch block.kind {
    case .run: append(.failed(failure))
    case .attempt: if let ask = block.ask { append(.attemptFailed(ask.address, failure)) }
    case .guarded, .plain, .always, .undo: break
    }
  }

  /// The outermost block around a place in a failed block that ends by itself: an `always`, or one that is being left.
  private func unit(around start: BlockID?, within outer: BlockID) -> BlockID? {
    var unit: BlockID?
    var next = start
    while let id = next, id != outer, let block = blocks[id] {
      if block.isShield || block.failure != nil { unit = id }
      next = block.parent
    }
    return unit
  }

  /// Something in a block has ended: the failed block around it may be quiet now.
  mutating func settle(_ start: BlockID?) {
    var next = start
    while let id = next, let block = blocks[id] {
      switch block.stage {
      case .stopping(let count):
        blocks[id]?.stage = .stopping(count - 1)
        if count == 1 { quiet.append(id) }
        return
      case .unwinding: return
      case .running: if block.isShield { return }
      }
      next = block.parent
    }
  }

  /// What a fiber waits for has ended.
  mutating func settle(_ fiber: FiberID) {
    fibers[fiber]?.work = nil
    settle(fibers[fiber]?.block)
  }

  /// It is not known what a call did: the failed block that it is in cannot be rescued.
  mutating func markDoubt(_ fiber: FiberID) {
    var next = fibers[fiber]?.block
    while let id = next, let block = blocks[id] {
      if block.failure != nil {
        blocks[id]?.isInDoubt = true
        return
      }
      next = block.parent
    }
  }

  /// Forgets a block and all that was in it. Its own fiber goes on in what is around it.
  mutating func leave(_ id: BlockID) {
    guard let block = blocks[id] else { return }
    var inside = rounds.removeValue(forKey: block.fiber)?.fibers ?? []
    while let fiber = inside.popLast() {
      guard let state = fibers.take(fiber.index) else { continue }
      inside += rounds.removeValue(forKey: fiber)?.fibers ?? []
      forgetBlocks(from: state.block, upTo: id)
    }
    forgetBlocks(from: fibers[block.fiber]?.block, upTo: id)
    blocks[id] = nil
    fibers[block.fiber] = FiberState(block: block.parent, strand: block.outer)
  }

  private mutating func forgetBlocks(from start: BlockID?, upTo outer: BlockID) {
    var next = start
    while let id = next, id != outer, let block = blocks.removeValue(forKey: id) { next = block.parent }
  }
}
