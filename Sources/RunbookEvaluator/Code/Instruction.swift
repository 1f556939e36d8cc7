import CloudCatalog
import RunEngine
import RunbookChecker
import RunbookSyntax
import Values

/// A place in a fiber's register file.
struct Register: Hashable, Sendable { let index: Int }

/// A place in the code.
typealias Target = Int

/// One operation of a compiled runbook. Targets and registers are settled by the compiler; what may go wrong carries
/// the place to blame.
enum Instruction: Sendable {
  case constant(Register, Value)
  case move(Register, from: Register)
  case member(Register, of: Register, String, Place)
  case element(Register, of: Register, at: Register, Place)
  /// A member of each element; see ``Expression/Kind/each(_:_:)``.
  case each(Register, of: Register, String, Place)
  case list(Register, [Register])
  case record(Register, [String], [Register])
  /// A map of a list of keys and values.
  case map(Register, of: Register, Place)
  case text(Register, [TextPart])
  case not(Register, Register, Place)
  case negate(Register, Register, Place)
  case binary(Register, BinaryOperator, Register, Register, Place)
  case range(Register, Register, Register, Place)
  /// Whether a number lies between two others, both included.
  case within(Register, Register, Register, Register, Place)
  case function(Register, Builtin, [Register], Place)
  /// An input of the run, from inside a routine.
  case input(Register, Register)
  /// Begins a routine; its `leave` fills the register.
  case invoke(Register, InvokeSite)
  case leave(Register)
  /// What a bound of the run comes to.
  case bound(Int, Register, Place)
  case jump(Target)
  case jumpUnless(Register, Target, Place)
  /// Takes an element apart into as many registers.
  case takeApart(Register, [Register], Place)
  /// Makes the first register an empty list and the second 0.
  case beginIteration(results: Register, counter: Register)
  /// The next element of a list, or on to the target when there is none.
  case next(Register, of: Register, counter: Register, orElse: Target, Place)
  case append(Register, to: Register)
  /// Makes the first register an empty map and the second 0.
  case beginMap(results: Register, counter: Register)
  /// A value under a key that the map does not have.
  case put(Register, Register, to: Register, Place)
  /// Puts `label[key].` in front of the addresses that follow.
  case enterRound(label: String, keys: [Register])
  case leaveRound
  /// Puts `label.` in front of the addresses that follow, up to `leaveRound`.
  case enterBlock(label: String)
  case open(BlockSite)
  /// The end of the innermost block.
  case close
  /// Behind an `always`: a fiber that ran only that has ended.
  case endAlways
  case approve(ApprovalSite)
  case notify(NotifySite)
  case call(Register, CallSite)
  case wait(WaitSite)
  case pause(PauseSite)
  /// The condition of a `wait … until` came true.
  case settled(label: String)
  case parallel(ParallelSite)
  /// The end of a round of a parallel loop, with its value.
  case endRound(Register)
  /// The end of an `undo { … }`.
  case endUndo
  case commit(Register, Place)
  case fail(Register, Place)
  case output(String, Register)
  case end

  enum TextPart: Sendable {
    case literal(String)
    case hole(Register)
  }
}

final class CallSite: Sendable {
  enum Undo: Sendable {
    case catalog
    case none(reason: Register)
    case nothing
    /// Where the author's block begins, and where it finds the result.
    case block(Target, it: Register)
  }
  let action: ActionID
  let label: String
  let arguments: [(name: String, value: Register)]
  let region: Register?
  let undo: Undo
  let retry: (codes: [String], every: Register?, upTo: Register?)?
  /// Takes the step's address, for waits on it.
  let address: Register
  let place: Place

  init(
    action: ActionID, label: String, arguments: [(name: String, value: Register)], region: Register?, undo: Undo,
    retry: (codes: [String], every: Register?, upTo: Register?)?, address: Register, place: Place
  ) {
    self.action = action
    self.label = label
    self.arguments = arguments
    self.region = region
    self.undo = undo
    self.retry = retry
    self.address = address
    self.place = place
  }
}

struct InvokeSite: Sendable {
  /// In ``RunbookCode/routines``.
  let routine: Int
  /// In the order of the parameters; nil: the default.
  let arguments: [Register?]
  /// In front of the addresses of a recipe's steps; nil for a function.
  let label: String?
}

/// A compiled function or recipe.
struct RoutineCode: Sendable {
  struct Parameter: Sendable {
    let value: Register
    /// Whether an argument was given; nil where there is no default.
    let isGiven: Register?
  }
  let entry: Target
  let registerCount: Int
  let parameters: [Parameter]
}

struct WaitSite: Sendable {
  let label: String
  /// Holds the address of the awaited step.
  let step: Register
  let within: Register?
  /// Where `else` begins.
  let otherwise: Target?
  let place: Place
}

struct PauseSite: Sendable {
  let label: String
  /// Holds the address of the read.
  let look: Register
  let every: Register?
  let within: Register?
  /// Where the next look begins.
  let again: Target
  let otherwise: Target?
  let place: Place
}

final class BlockSite: Sendable {
  enum Kind: Sendable {
    /// Where its rescue begins, and what takes the failure there.
    case attempt(keeps: Bool, rescue: Target, error: Register?)
    /// Where its `always` begins.
    case guarded(always: Target)
    case always
    case timeout(Register)
  }
  let label: String
  let kind: Kind
  let place: Place

  init(label: String, kind: Kind, place: Place) {
    self.label = label
    self.kind = kind
    self.place = place
  }
}

struct ApprovalSite: Sendable {
  let label: String
  let text: Register
  let approvers: [ApprovalAsk.Approver]
  let notRequester: Bool
  let within: Register?
  let place: Place
}

struct NotifySite: Sendable {
  let label: String
  let text: Register
  let channel: Register?
  let place: Place
}

struct ParallelSite: Sendable {
  let sequence: Register
  let width: Register?
  /// Takes the list of the rounds' values.
  let results: Register
  /// Takes the element in each round.
  let element: Register
  let body: Target
  let place: Place
}

/// A compiled runbook.
package struct RunbookCode: Sendable {
  var instructions: [Instruction] = []
  /// About how many steps a strand has ahead of it at each instruction, with the one there: what is jumped over counts,
  /// a loop counts once.
  private(set) var stepsAhead: [Int] = []
  /// At each call of which the runbook says the same in every round.
  private(set) var terms: [CallTerms?] = []
  /// What the machine runs in place of the instructions that only compute.
  private(set) var machine = MachineCode([], MachineCode.Tables())
  var registerCount = 0
  var routines: [RoutineCode] = []
  var bounds: [CheckedBound.Subject] = []
  var inputs: [InputCode] = []
  /// Where the body begins.
  var entry: Target = 0
}

/// Where code is entered from outside, and which registers are filled and read there; besides those of the inputs.
struct CodeDoors {
  var entries: [Target] = []
  var filled: [Register] = []
  var read: [Register] = []
}

extension RunbookCode {
  mutating func assemble(_ doors: CodeDoors = CodeDoors()) { machine = Assembler.assemble(self, doors) }

  mutating func countSteps() {
    stepsAhead = [Int](repeating: 0, count: instructions.count)
    var ahead = 0
    for index in instructions.indices.reversed() {
      if instructions[index].endsStrand { ahead = 0 }
      if instructions[index].isStep { ahead += 1 }
      stepsAhead[index] = ahead
    }
    terms = zip(instructions, stepsAhead).map { instruction, ahead in
      guard case .call(_, let site) = instruction, site.retry == nil else { return nil }
      switch site.undo {
      case .catalog, .nothing: return CallTerms(place: site.place, remaining: ahead)
      case .none, .block: return nil
      }
    }
  }
}

extension Instruction {
  fileprivate var isStep: Bool {
    switch self {
    case .call, .wait, .pause: true
    case .constant, .move, .member, .element, .each, .list, .record, .text, .not, .negate, .binary, .range, .within,
      .map, .function, .input, .invoke, .leave, .bound, .jump, .jumpUnless, .takeApart, .beginIteration, .beginMap,
      .next, .append, .put, .enterRound, .leaveRound, .enterBlock, .open, .close, .endAlways, .approve, .notify,
      .settled, .parallel, .endRound, .endUndo, .commit, .fail, .output, .end:
      false
    }
  }

  fileprivate var endsStrand: Bool {
    switch self {
    case .end, .endRound, .endUndo, .leave: true
    case .constant, .move, .member, .element, .each, .list, .record, .text, .not, .negate, .binary, .range, .within,
      .map, .function, .input, .invoke, .bound, .jump, .jumpUnless, .takeApart, .beginIteration, .beginMap, .next,
      .append, .put, .enterRound, .leaveRound, .enterBlock, .open, .close, .endAlways, .approve, .notify, .settled,
      .parallel, .commit, .fail, .output, .call, .wait, .pause:
      false
    }
  }
}

/// How one input gets its register.
struct InputCode: Sendable {
  let register: Register
  /// Where its default is computed, ending in `end`; nil when it must be given.
  let defaultValue: (entry: Target, result: Register)?
  /// Where its condition is computed from `it`.
  let condition: (entry: Target, it: Register, result: Register)?
}
