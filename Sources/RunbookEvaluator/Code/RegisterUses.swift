import RunbookSyntax
import Values

/// Which instructions read and write each register. Every routine has registers of its own, and the runbook itself.
struct RegisterUses {
  private struct Use {
    var reads = 0
    var writes = 0
    /// The last of each.
    var reader = 0
    var writer = 0
    /// How many of the reads only want one member.
    var looks = 0
    /// Whether a list, a record or a text may stand there.
    var mayHold = false
  }

  /// By instruction: the routine that it belongs to; the count of the routines for the runbook itself.
  private let regions: [Int]
  private let sizes: [Int]
  private var uses: [[Use]]

  init(_ code: RunbookCode, _ doors: CodeDoors) {
    regions = RegisterUses.regions(of: code)
    sizes = code.routines.map(\.registerCount) + [code.registerCount]
    uses = sizes.map { [Use](repeating: Use(), count: $0) }
    for (index, instruction) in code.instructions.enumerated() {
      for register in instruction.reads { read(register, regions[index], by: index) }
      if case .member(_, let base, _, _) = instruction { uses[regions[index]][base.index].looks += 1 }
      for register in instruction.writes {
        written(register, regions[index], by: index, mayHold: instruction.mayMakeObject)
      }
    }
    for (region, routine) in code.routines.enumerated() {
      for parameter in routine.parameters {
        written(parameter.value, region, by: routine.entry, mayHold: true)
        if let isGiven = parameter.isGiven { written(isGiven, region, by: routine.entry, mayHold: false) }
      }
    }
    for input in code.inputs {
      written(input.register, code.routines.count, by: 0, mayHold: true)
      if let result = input.defaultValue?.result { read(result, code.routines.count, by: 0) }
      if let condition = input.condition {
        written(condition.it, code.routines.count, by: 0, mayHold: true)
        read(condition.result, code.routines.count, by: 0)
      }
    }
    for register in doors.filled { written(register, code.routines.count, by: 0, mayHold: true) }
    for register in doors.read { read(register, code.routines.count, by: 0) }
  }

  private static func regions(of code: RunbookCode) -> [Int] {
    let main = code.routines.count
    var regions = [Int](repeating: main, count: code.instructions.count)
    for (region, routine) in code.routines.enumerated() {
      let end = region + 1 < main ? code.routines[region + 1].entry : code.entry
      for index in routine.entry..<end { regions[index] = region }
    }
    return regions
  }

  private mutating func read(_ register: Register, _ region: Int, by index: Int) {
    uses[region][register.index].reads += 1
    uses[region][register.index].reader = index
  }

  private mutating func written(_ register: Register, _ region: Int, by index: Int, mayHold: Bool) {
    uses[region][register.index].writes += 1
    uses[region][register.index].writer = index
    if mayHold { uses[region][register.index].mayHold = true }
  }

  private func use(_ register: Register, _ index: Int) -> Use { uses[regions[index]][register.index] }

  /// Whether the register is written once and read once.
  func isTemporary(_ register: Register, _ index: Int) -> Bool {
    let use = use(register, index)
    return use.reads == 1 && use.writes == 1
  }

  /// The one instruction that reads what the one other has written.
  func reader(_ register: Register, _ index: Int) -> Int? {
    isTemporary(register, index) ? use(register, index).reader : nil
  }

  /// The one instruction that reads a list behind the loop that makes it.
  func readerOfLoop(_ register: Register, _ index: Int) -> Int? {
    let use = use(register, index)
    // The loop begins it and appends to it, which is to read and to write it.
    return use.reads == 2 && use.writes == 2 ? use.reader : nil
  }

  func lastWriter(_ register: Register, _ index: Int) -> Int? { use(register, index).writer }

  func writer(_ register: Register, _ index: Int) -> Int? {
    let use = use(register, index)
    return use.writes == 1 ? use.writer : nil
  }

  /// Whether nothing is done with what stands there but to look at its members.
  func isOnlyLookedInto(_ register: Register, _ index: Int) -> Bool {
    let use = use(register, index)
    return use.reads == use.looks && use.writes == 1
  }

  /// How many registers the routine has that an instruction belongs to.
  func size(at index: Int) -> Int { sizes[regions[index]] }

  /// The registers of a routine in which lists, records and texts may stand.
  func holders(ofRoutine routine: Int) -> [Register] {
    uses[routine].indices.filter { uses[routine][$0].mayHold }.map { Register(index: $0) }
  }
}

extension Instruction {
  /// Whether what it writes may be more than a number, a Bool or nothing.
  fileprivate var mayMakeObject: Bool {
    switch self {
    case .binary(_, let symbol, _, _, _):
      switch symbol {
      case .add, .multiply: true
      case .subtract, .divide, .remainder, .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .isIn,
        .and, .or:
        false
      }
    case .not, .within: false
    case .constant(_, let value): value.asInt == nil && value.asBool == nil && !value.isNull
    default: true
    }
  }
}
