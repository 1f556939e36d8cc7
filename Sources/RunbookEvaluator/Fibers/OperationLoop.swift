import RunbookSyntax
import Values

/// The machine's inner loop. The one place where registers are reached without a check of their place: operations come
/// from the assembler alone, whose registers are the compiler's, and `call` sees to it that a function's are there.
struct OperationLoop {
  let operations: UnsafeBufferPointer<Operation>
  let lists: UnsafeBufferPointer<Int32>
  let constants: UnsafeBufferPointer<Value>
  let names: UnsafeBufferPointer<String>
  let machine: MachineCode
  let inputs: [Value]
  let sites: UnsafeBufferPointer<MachineCode.Site>
  let registers: UnsafeMutableBufferPointer<Value>
  /// Of the functions under way; the rest is room for more.
  let calls: UnsafeMutableBufferPointer<Computation.Call>

  typealias Frame = UnsafeMutablePointer<Value>

  /// In bytes: longer texts are not kept in mind for their room.
  static let reusedLength = 256

  static let tooLong = "the program computes for too long between two steps"

  func run(_ place: inout Computation.Place, _ fuel: inout Int) -> Result<Computation.Pause, ProgramProblem> {
    // Without registers there is nothing to compute with, and the pointer is not used.
    let start = registers.baseAddress ?? Frame(bitPattern: MemoryLayout<Value>.alignment)!
    var next = place.next
    var frame = start + place.base
    var depth = place.depth
    var left = fuel
    defer {
      place = Computation.Place(next: next, base: frame - start, depth: depth)
      fuel = left
    }
    do throws(ProgramProblem) {
      while true {
        let operation = operations[next]
        left &-= 1
        let (a, b, c) = (Int(operation.a), Int(operation.b), Int(operation.c))
        switch operation.kind {
        case .constant: frame.put(constants[b], a)
        case .int: frame.put(.int(b), a)
        case .move: frame.put(frame[b], a)
        case .input: frame.put(inputs[b], a)
        case .member: frame.put(try member(frame + b, c), a)
        case .elementMember: frame.put(try elementMember(frame + b, frame + Int(operation.d), c), a)
        case .element: frame.put(try element(frame, b, c), a)
        case .list: frame.put(.list(lists[b..<b + c].map { frame[Int($0)] }), a)
        case .record: frame.put(record(machine.shapes[b], frame, c), a)
        case .text: frame.put(try text(machine.texts[b], frame, &left), a)
        case .shown: frame.put(try shown(frame + b, &left), a)
        case .not: frame.put(.bool(!(try isTrue(frame + b))), a)
        case .add: try add(frame + b, frame + c, frame + a, &left)
        case .subtract:
          frame.put(try arithmetic(.subtract, frame + b, frame + c) { $0.subtractingReportingOverflow($1) }, a)
        case .multiply:
          frame.put(try arithmetic(.multiply, frame + b, frame + c) { $0.multipliedReportingOverflow(by: $1) }, a)
          left -= frame[a].size
        case .divide: frame.put(try Operators.apply(.divide, frame[b], frame[c]), a)
        case .remainder: frame.put(try Operators.apply(.remainder, frame[b], frame[c]), a)
        case .addInt: frame.put(try arithmetic(.add, frame + b, c) { $0.addingReportingOverflow($1) }, a)
        case .subtractInt: frame.put(try arithmetic(.subtract, frame + b, c) { $0.subtractingReportingOverflow($1) }, a)
        case .multiplyInt:
          frame.put(try arithmetic(.multiply, frame + b, c) { $0.multipliedReportingOverflow(by: $1) }, a)
        case .divideInt: frame.put(try arithmetic(.divide, frame + b, c) { $1 > 0 ? ($0 / $1, false) : (0, true) }, a)
        case .remainderInt:
          frame.put(try arithmetic(.remainder, frame + b, c) { $1 > 0 ? ($0 % $1, false) : (0, true) }, a)
        case .less: frame.put(.bool(try compare(.less, frame + b, frame + c, <)), a)
        case .lessOrEqual: frame.put(.bool(try compare(.lessOrEqual, frame + b, frame + c, <=)), a)
        case .greater: frame.put(.bool(try compare(.greater, frame + b, frame + c, >)), a)
        case .greaterOrEqual: frame.put(.bool(try compare(.greaterOrEqual, frame + b, frame + c, >=)), a)
        case .equal: frame.put(.bool(try areEqual(frame + b, frame + c)), a)
        case .notEqual: frame.put(.bool(!(try areEqual(frame + b, frame + c))), a)
        case .isSum: frame.put(.bool(try isSum(frame + b, frame + c, frame + Int(operation.d), &left)), a)
        case .isIn: frame.put(try Operators.apply(.isIn, frame[b], frame[c]), a)
        case .equalConstant: frame.put(.bool(try isEqual(frame + b, c)), a)
        case .notEqualConstant: frame.put(.bool(!(try isEqual(frame + b, c))), a)
        case .within:
          frame.put(.bool(try Operators.isWithin(frame[b], frame[c], frame[Int(operation.d)])), a)
        case .withinInts: frame.put(.bool(try isWithin(frame + b, c, Int(operation.d))), a)
        case .count: frame.put(.int(try count(frame + b)), a)
        case .textOf: frame.put(try textOf(frame + b), a)
        case .all: frame.put(.bool(try all(frame + b)), a)
        case .any: frame.put(.bool(try any(frame + b)), a)
        case .builtin:
          frame.put(
            try call(machine.builtins[b], frame, UnsafeBufferPointer(rebasing: lists[c..<c + Int(operation.d)])), a)
          left -= frame[a].size
        case .jump:
          guard left > 0 else { throw ProgramProblem(OperationLoop.tooLong) }
          next = a
          continue
        case .jumpUnless:
          if !(try isTrue(frame + b)) {
            next = a
            continue
          }
        case .jumpIf:
          if try isTrue(frame + b) {
            next = a
            continue
          }
        case .unlessLess:
          if !(try compare(.less, frame + b, frame + c, <)) {
            next = a
            continue
          }
        case .unlessLessOrEqual:
          if !(try compare(.lessOrEqual, frame + b, frame + c, <=)) {
            next = a
            continue
          }
        case .unlessGreater:
          if !(try compare(.greater, frame + b, frame + c, >)) {
            next = a
            continue
          }
        case .unlessGreaterOrEqual:
          if !(try compare(.greaterOrEqual, frame + b, frame + c, >=)) {
            next = a
            continue
          }
        case .unlessEqual:
          if !(try areEqual(frame + b, frame + c)) {
            next = a
            continue
          }
        case .unlessNotEqual:
          if try areEqual(frame + b, frame + c) {
            next = a
            continue
          }
        case .unlessLessInt:
          if !(try compare(.less, frame + b, c, <)) {
            next = a
            continue
          }
        case .unlessLessOrEqualInt:
          if !(try compare(.lessOrEqual, frame + b, c, <=)) {
            next = a
            continue
          }
        case .unlessGreaterInt:
          if !(try compare(.greater, frame + b, c, >)) {
            next = a
            continue
          }
        case .unlessGreaterOrEqualInt:
          if !(try compare(.greaterOrEqual, frame + b, c, >=)) {
            next = a
            continue
          }
        case .unlessEqualInt:
          if !(try compare(.equal, frame + b, c, ==)) {
            next = a
            continue
          }
        case .unlessNotEqualInt:
          if !(try compare(.notEqual, frame + b, c, !=)) {
            next = a
            continue
          }
        case .unlessEqualConstant:
          if !(try isEqual(frame + b, c)) {
            next = a
            continue
          }
        case .unlessNotEqualConstant:
          if try isEqual(frame + b, c) {
            next = a
            continue
          }
        case .beginList:
          var elements: [Value] = []
          elements.reserveCapacity(room(frame + c))
          frame.put(.list(elements), a)
          frame.put(.int(0), b)
        case .beginMap:
          frame.put(.record(Record(capacity: room(frame + c))), a)
          frame.put(.int(0), b)
        case .next:
          guard try advance(frame, a, b, c) else {
            next = Int(operation.d)
            continue
          }
        case .nextPlace:
          guard try advancePlace(frame, b, c) else {
            next = Int(operation.d)
            continue
          }
        case .rangeCount: frame.put(.int(try rangeCount(frame + b)), a)
        case .nextNumber:
          guard advanceNumber(frame, a, b, c) else {
            next = Int(operation.d)
            continue
          }
        case .nextAgain:
          guard left > 0 else { throw ProgramProblem(OperationLoop.tooLong) }
          if try advance(frame, a, b, c) {
            next = Int(operation.d)
            continue
          }
        case .nextPlaceAgain:
          guard left > 0 else { throw ProgramProblem(OperationLoop.tooLong) }
          if try advancePlace(frame, b, c) {
            next = Int(operation.d)
            continue
          }
        case .nextNumberAgain:
          guard left > 0 else { throw ProgramProblem(OperationLoop.tooLong) }
          if advanceNumber(frame, a, b, c) {
            next = Int(operation.d)
            continue
          }
        case .tally: if case .int(let count) = frame[a] { frame.put(.int(count &+ 1), a) }
        case .tallyAll: try tally(frame + a, frame + b, Builtins.Known.all) { $0 && $1 }
        case .tallyAny: try tally(frame + a, frame + b, Builtins.Known.any) { $0 || $1 }
        case .append: append(frame[a], frame + b)
        case .put: try put(frame + a, frame + b, frame + c)
        case .call:
          let site = sites[b]
          let base = frame + site.callerSize
          let missing = base - start + site.size - registers.count
          guard left > 0 else { throw ProgramProblem(OperationLoop.tooLong) }
          guard depth < Computation.maximumDepth else {
            throw ProgramProblem("more than \(Computation.maximumDepth) functions are under way within each other")
          }
          guard missing <= 0 else { return .success(.registers(missing)) }
          guard depth < calls.count else { return .success(.calls) }
          pass(site.arguments, frame, base)
          calls[depth] = Computation.Call(site: Int32(b), result: operation.a, back: next &+ 1)
          depth &+= 1
          frame = base
          next = site.entry
          continue
        case .leave:
          guard depth > 0 else { return .success(.effect(Int(machine.origins[next]))) }
          depth &-= 1
          let ended = calls[depth]
          let site = sites[Int(ended.site)]
          let value = (frame + a).move()
          (frame + a).initialize(to: .null)
          var index = site.emptied.lowerBound
          while index < site.emptied.upperBound {
            frame.put(.null, Int(lists[index]))
            index &+= 1
          }
          frame -= site.callerSize
          frame.put(value, Int(ended.result))
          next = ended.back
          continue
        case .compute: try compute(machine.instructions[a], frame, &left)
        case .effect: return .success(.effect(a))
        }
        next &+= 1
      }
    } catch {
      return .failure(error)
    }
  }
}

extension UnsafeMutablePointer<Value> {
  /// Assigns, and looks at the old value only as far as it takes to see that there is nothing to give back.
  @inline(__always) func put(_ value: Value, _ index: Int) {
    switch self[index] {
    case .int, .bool, .null, .float: (self + index).initialize(to: value)
    case .text, .duration, .quantity, .cidr, .list, .record, .secret: self[index] = value
    }
  }
}
