import Values

extension RunReport {
  /// An attempt that failed.
  package struct Attempt: Sendable {
    package let address: StepAddress
    package let failure: RunFailure
    package let failedAt: Instant
    /// When its work was undone or kept, and its rescue began; nil before.
    package internal(set) var rescuedAt: Instant?
  }

  package struct Approval: Sendable {
    package let ask: ApprovalAsk
    package let askedAt: Instant
    package internal(set) var decision: ApprovalDecision?
    package internal(set) var decidedAt: Instant?

    /// When it expires; nil when it waits for ever.
    package var deadline: Instant? { ask.within.map { askedAt + $0 } }
  }

  /// Approvals that a person has still to decide on, in the order in which they were asked for.
  package var pendingApprovals: [Approval] { approvals.filter { $0.decision == nil } }

  /// Whether the run failed and left everything in place, as it was told to.
  package var isHeld: Bool { status == .needsAttention && failure != nil && !hasUndoBegun }

  /// Whether a step belongs to an author's `undo { … }`: how something was undone, and itself is not.
  func isUndo(_ address: StepAddress) -> Bool {
    address.undone.contains { step(StepAddress(String($0))) != nil }
  }
}

extension StepAddress {
  /// What stands before each `.undo.` in it: the steps that it may help to undo. Every address is asked, and nearly
  /// none has one, so it is looked for by bytes.
  package var undone: [Substring] {
    guard mayBeUndone else { return [] }
    let mark = ".undo.".utf8
    var found: [Substring] = []
    var rest = text.utf8[...]
    while let dot = rest.firstIndex(of: UInt8(ascii: ".")) {
      if rest[dot...].starts(with: mark) { found.append(text[..<dot]) }
      rest = rest[rest.index(after: dot)...]
    }
    return found
  }

  private var mayBeUndone: Bool {
    var text = text
    return text.withUTF8 { bytes in
      bytes.indices.dropLast().contains { bytes[$0] == UInt8(ascii: ".") && bytes[$0 + 1] == UInt8(ascii: "u") }
    }
  }
}
