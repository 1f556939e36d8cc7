import Values

/// One operation of the machine: what an instruction comes to when everything that is known before it runs is settled.
/// `R` are the registers of the function or strand at hand; a field is a register, a number or a place in one of the
/// tables of ``MachineCode``, as the kind says.
struct Operation: Sendable {
  enum Kind: UInt8, Sendable {
    /// R[a] = constants[b]
    case constant
    /// R[a] = b
    case int
    /// R[a] = R[b]
    case move
    /// R[a] = inputs[b]
    case input
    /// R[a] = R[b].(names[c])
    case member
    /// R[a] = R[b][R[c]]
    case element
    /// R[a] = (the element of R[b] before the place that R[d] counts).(names[c])
    case elementMember
    /// R[a] = the list of the c registers from lists[b] on
    case list
    /// R[a] = the record of shapes[b], of the registers from lists[c] on
    case record
    /// R[a] = texts[b]
    case text
    /// R[a] = "${R[b]}"
    case shown
    /// R[a] = not R[b]
    case not
    /// R[a] = R[b] ∘ R[c]
    case add, subtract, multiply, divide, remainder, less, lessOrEqual, greater, greaterOrEqual, equal, notEqual, isIn
    /// R[a] = R[b] + R[c] == R[d]
    case isSum
    /// R[a] = R[b] ∘ the number c
    case addInt, subtractInt, multiplyInt, divideInt, remainderInt
    /// R[a] = R[b] ∘ constants[c]
    case equalConstant, notEqualConstant
    /// R[a] = R[b] in R[c]...R[d]
    case within
    /// R[a] = R[b] in the numbers c...d
    case withinInts
    /// R[a] = count(R[b]), text(R[b]), all(R[b]), any(R[b])
    case count, textOf, all, any
    /// R[a] = builtins[b](the d registers from lists[c] on)
    case builtin
    /// Goes on at a.
    case jump
    /// Goes on at a unless R[b], or if it.
    case jumpUnless, jumpIf
    /// Goes on at a unless R[b] ∘ R[c].
    case unlessLess, unlessLessOrEqual, unlessGreater, unlessGreaterOrEqual, unlessEqual, unlessNotEqual
    /// Goes on at a unless R[b] ∘ the number c.
    case unlessLessInt, unlessLessOrEqualInt, unlessGreaterInt, unlessGreaterOrEqualInt, unlessEqualInt
    case unlessNotEqualInt
    /// Goes on at a unless R[b] ∘ constants[c].
    case unlessEqualConstant, unlessNotEqualConstant
    /// R[a] = an empty list with room for as many as R[c] has; R[b] = 0
    case beginList
    /// The same with a map.
    case beginMap
    /// R[a] = the next element of R[c], whose place R[b] counts, or on at d when there is none.
    case next
    /// The same when the element is only looked into, so that it needs no register.
    case nextPlace
    /// R[a] = how many numbers `range(R[b])` has
    case rangeCount
    /// R[a] = the next number below R[c], which R[b] counts, or on at d when there is none.
    case nextNumber
    /// The same at the end of a round: on at d when there is one.
    case nextAgain, nextPlaceAgain, nextNumberAgain
    /// R[a] counts one more.
    case tally
    /// R[b] = R[b] and R[a], R[b] or R[a]
    case tallyAll, tallyAny
    /// R[b] gets R[a] as its last element.
    case append
    /// The map R[c] gets R[b] under the key R[a].
    case put
    /// R[a] = the function of sites[b]
    case call
    /// The function at hand ends with R[a].
    case leave
    /// Another instruction that computes: the one at a.
    case compute
    /// What concerns the world or the strand: the instruction at a.
    case effect
  }

  let kind: Kind
  var a: Int32 = 0
  var b: Int32 = 0
  var c: Int32 = 0
  var d: Int32 = 0
}

/// What the machine runs: one object, so that to begin a stretch costs next to nothing.
final class MachineCode: Sendable {
  /// A call of a function.
  struct Site: Sendable {
    /// An operation.
    var entry: Int
    /// How many registers the function has, and whoever calls it.
    let size: Int
    let callerSize: Int
    /// In ``Tables/lists``: where a parameter stands, where it is noted whether it is given (-1: nowhere), and the
    /// argument (-1: none); so for each.
    let arguments: Range<Int>
    /// In ``Tables/lists``: the registers to empty at its end.
    let emptied: Range<Int>
  }

  struct Tables: Sendable {
    var operations: [Operation] = []
    /// By operation: the instruction it comes from, which has the place to blame.
    var origins: [Int32] = []
    /// By instruction: where it begins.
    var starts: [Int32] = []
    var constants: [Value] = []
    var names: [String] = []
    var shapes: [[String]] = []
    var texts: [[Instruction.TextPart]] = []
    var builtins: [Builtin] = []
    var sites: [Site] = []
    var lists: [Int32] = []
  }

  let instructions: [Instruction]
  let operations: [Operation]
  let origins: [Int32]
  let starts: [Int32]
  let constants: [Value]
  let names: [String]
  let shapes: [[String]]
  let texts: [[Instruction.TextPart]]
  let builtins: [Builtin]
  let sites: [Site]
  let lists: [Int32]

  init(_ instructions: [Instruction], _ tables: Tables) {
    self.instructions = instructions
    operations = tables.operations
    origins = tables.origins
    starts = tables.starts
    constants = tables.constants
    names = tables.names
    shapes = tables.shapes
    texts = tables.texts
    builtins = tables.builtins
    sites = tables.sites
    lists = tables.lists
  }
}
