import CloudCatalog
import Values

/// Where in the runbook something stands, for reports.
package struct Place: Hashable, Sendable, CustomStringConvertible {
  package let path: String
  /// From 1.
  package let line: Int
  /// From 1, in characters.
  package let column: Int
  package init(path: String, line: Int, column: Int) {
    self.path = path
    self.line = line
    self.column = column
  }
  package var description: String { "\(path):\(line):\(column)" }
}

/// The stable name of a step within its runbook: `vpc`, `subnets["ap-hangzhou-ecm-1"].sub`. Edits elsewhere in the file
/// do not change it.
package struct StepAddress: Hashable, Sendable, CustomStringConvertible {
  package let text: String

  package init(_ text: String) { self.text = text }

  package var description: String { text }

  /// FNV-1a of the text.
  var fingerprint: UInt64 {
    var text = text
    return text.withUTF8 { bytes in
      bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
  }
}

/// One strand of the run. The first is 0; a parallel loop starts one for each round.
package struct FiberID: Hashable, Sendable {
  package let index: Int
  package init(_ index: Int) { self.index = index }
  package static let root = FiberID(0)
}

/// A question of a fiber that waits for its answer.
package struct AskID: Hashable, Sendable {
  package let index: Int
  package init(_ index: Int) { self.index = index }
}

/// The deterministic program that a run executes. It knows no clock, cloud or journal: it tells what happens in it, and
/// asks. The same answers make the same events.
package protocol RunProgram: Sendable {
  /// Runs fibers that can run until each waits or has ended: all of them, or as many as go well into memory.
  mutating func advance() -> [ProgramEvent]
  /// Whether there are fibers that can run.
  var isReady: Bool { get }
  mutating func answer(_ ask: AskID, _ answer: Answer)
  /// Starts the author's `undo { … }` of a finished call on a fiber of its own.
  mutating func startUndo(_ block: UndoBlockID, result: Value) -> FiberID
  /// What an author's `undo { … }` calls, as far as its text tells.
  func undoActions(_ block: UndoBlockID) -> [ActionID]
  /// Goes on at the `rescue` of an attempt that failed; whatever still ran in it is over.
  mutating func rescue(_ block: BlockID, _ failure: RunFailure)
  /// Starts the `always { … }` of a guarded block that is left by a failure, on a fiber of its own. It opens an
  /// ``BlockAsk/Kind/always`` block first.
  mutating func startAlways(_ block: BlockID) -> FiberID
}

extension RunProgram {
  /// Of a program that runs all of them each time.
  package var isReady: Bool { false }
}

package struct UndoBlockID: Hashable, Sendable {
  package let index: Int
  package init(_ index: Int) { self.index = index }
}

package enum ProgramEvent: Sendable {
  /// A round of a parallel loop began; all rounds with the same `loop` number run side by side.
  case started(FiberID, parent: FiberID, loop: Int)
  case ended(FiberID)
  case call(AskID, FiberID, CallAsk)
  case wait(AskID, FiberID, WaitAsk)
  case pause(AskID, FiberID, PauseAsk)
  case approval(AskID, FiberID, ApprovalAsk)
  /// What follows on the fiber, up to the end of the block, is in it.
  case opened(BlockID, FiberID, BlockAsk)
  /// The block came to its end.
  case closed(BlockID, FiberID)
  case notified(FiberID, Notification)
  /// A `wait … until` came true.
  case settled(FiberID, StepAddress)
  /// Everything before is final.
  case committed(reason: String, Place)
  case output(name: String, value: Value)
  case failed(FiberID, RunFailure)
  case finished
  /// It goes on when it is told to, by ``MachineEvent/proceed``. No runbook says this; rehearsals do.
  case paused
}

/// An API call that a fiber wants made.
package struct CallAsk: Sendable {
  package enum Undo: Sendable {
    /// As the catalog says.
    case catalog
    case block(UndoBlockID)
    /// The author keeps it, or says that it cannot be undone, with the reason.
    case none(reason: String)
  }
  package let address: StepAddress
  package let call: CloudCall
  package let terms: CallTerms

  package init(address: StepAddress, call: CloudCall, terms: CallTerms) {
    self.address = address
    self.call = call
    self.terms = terms
  }
}

/// What the runbook says of a call beside what the cloud is asked for. A class, because the rounds of a loop share it.
package final class CallTerms: Sendable {
  package let undo: CallAsk.Undo
  package let retry: RetryRule?
  package let place: Place
  /// About how many steps the fiber has left after it: those with a longer way to go leave first.
  package let remaining: Int

  package init(undo: CallAsk.Undo = .catalog, retry: RetryRule? = nil, place: Place, remaining: Int = 0) {
    self.undo = undo
    self.retry = retry
    self.place = place
    self.remaining = remaining
  }

  /// Why the author keeps what the call makes, or says that it cannot be undone; nil when it is undone.
  package var kept: String? { if case .none(let reason) = undo { reason } else { nil } }
}

/// `retry on CODE every D up to N`
package final class RetryRule: Sendable {
  /// Exact codes, or families (`ResourceInsufficient` covers `ResourceInsufficient.X`).
  package let codes: [String]
  package let every: Duration
  /// How many times more, after the first.
  package let upTo: Int
  package init(codes: [String], every: Duration, upTo: Int) {
    self.codes = codes
    self.every = every
    self.upTo = upTo
  }

  package func covers(_ code: String) -> Bool { codes.contains { code == $0 || code.hasPrefix($0 + ".") } }
}

/// `wait x is STATE within D`
package struct WaitAsk: Sendable {
  package let address: StepAddress
  /// The step whose work is awaited.
  package let step: StepAddress
  package let terms: WaitTerms
  package init(address: StepAddress, step: StepAddress, terms: WaitTerms) {
    self.address = address
    self.step = step
    self.terms = terms
  }
}

/// A class, because the rounds of a loop share it.
package final class WaitTerms: Sendable {
  package let within: Duration
  package let place: Place
  package init(within: Duration, place: Place) {
    self.within = within
    self.place = place
  }
}

/// A pause between two looks of `wait … until`; the first pause of an address starts its clock.
package struct PauseAsk: Sendable {
  package let address: StepAddress
  /// The read that is made again after the pause.
  package let look: StepAddress
  package let every: Duration
  package let within: Duration
  package let place: Place
  package init(address: StepAddress, look: StepAddress, every: Duration, within: Duration, place: Place) {
    self.address = address
    self.look = look
    self.every = every
    self.within = within
    self.place = place
  }
}

package enum Answer: Sendable {
  case result(Value)
  /// The pause is over.
  case rested
  /// The deadline of a `wait … until` has passed.
  case deadlinePassed
  case failed(RunFailure)
}
