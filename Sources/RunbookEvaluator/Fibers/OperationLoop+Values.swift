import RunbookSyntax
import Values

/// What single operations come to. The common case of each is spelled out here, the rest is left to ``Operators``.
extension OperationLoop {
  /// Looks at a value that stays where it is, without a copy of its own, which is paid for twice when it is a list, a
  /// record or a long text: when it is made and when it is given back. Only the bits are lent, and never given back, so
  /// whatever has the value must keep it meanwhile.
  @inline(__always) func looking<Looked, Result>(
    at place: UnsafePointer<Looked>, _ look: (Looked) throws(ProgramProblem) -> Result
  ) throws(ProgramProblem) -> Result {
    try withUnsafeTemporaryAllocation(of: Looked.self, capacity: 1) { slot throws(ProgramProblem) in
      let lent = slot.baseAddress.unsafelyUnwrapped
      UnsafeMutableRawPointer(lent).copyMemory(from: place, byteCount: MemoryLayout<Looked>.size)
      let value = lent.move()
      defer { lent.initialize(to: value) }
      return try look(value)
    }
  }

  // MARK: Numbers and conditions

  @inline(__always) func isTrue(_ value: Frame) throws(ProgramProblem) -> Bool {
    if case .bool(let answer) = value.pointee { return answer }
    throw ProgramProblem("a condition must be Bool, not \(value.pointee.kindName)")
  }

  @inline(__always) func arithmetic(
    _ symbol: BinaryOperator, _ left: Frame, _ right: Frame, _ compute: (Int, Int) -> (Int, Bool)
  ) throws(ProgramProblem) -> Value {
    if case .int(let a) = left.pointee, case .int(let b) = right.pointee {
      let (result, overflow) = compute(a, b)
      if !overflow { return .int(result) }
    }
    return try Operators.apply(symbol, left.pointee, right.pointee)
  }

  @inline(__always) func arithmetic(
    _ symbol: BinaryOperator, _ left: Frame, _ right: Int, _ compute: (Int, Int) -> (Int, Bool)
  ) throws(ProgramProblem) -> Value {
    if case .int(let a) = left.pointee {
      let (result, overflow) = compute(a, right)
      if !overflow { return .int(result) }
    }
    return try Operators.apply(symbol, left.pointee, .int(right))
  }

  @inline(__always) func compare(
    _ symbol: BinaryOperator, _ left: Frame, _ right: Frame, _ compute: (Int, Int) -> Bool
  ) throws(ProgramProblem) -> Bool {
    if case .int(let a) = left.pointee, case .int(let b) = right.pointee { return compute(a, b) }
    return try Operators.holds(symbol, left.pointee, right.pointee)
  }

  @inline(__always) func compare(
    _ symbol: BinaryOperator, _ left: Frame, _ right: Int, _ compute: (Int, Int) -> Bool
  ) throws(ProgramProblem) -> Bool {
    if case .int(let a) = left.pointee { return compute(a, right) }
    return try Operators.holds(symbol, left.pointee, .int(right))
  }

  @inline(__always) func areEqual(_ left: Frame, _ right: Frame) throws(ProgramProblem) -> Bool {
    if case .int(let a) = left.pointee, case .int(let b) = right.pointee { return a == b }
    return try looking(at: left) { left throws(ProgramProblem) in
      try looking(at: right) { right throws(ProgramProblem) in
        if case .text(let a) = left, case .text(let b) = right { return a == b }
        return try Operators.holds(.equal, left, right)
      }
    }
  }

  @inline(__always) func isEqual(_ value: Frame, _ constant: Int) throws(ProgramProblem) -> Bool {
    try looking(at: value) { value throws(ProgramProblem) in
      try looking(at: constants.baseAddress.unsafelyUnwrapped + constant) { constant throws(ProgramProblem) in
        if case .text(let a) = value, case .text(let b) = constant { return a == b }
        return try Operators.holds(.equal, value, constant)
      }
    }
  }

  @inline(__always) func isWithin(_ value: Frame, _ low: Int, _ high: Int) throws(ProgramProblem) -> Bool {
    if case .int(let number) = value.pointee { return low <= number && number <= high }
    return try Operators.isWithin(value.pointee, .int(low), .int(high))
  }

  // MARK: Lists, records and texts

  @inline(__always) func member(_ base: UnsafePointer<Value>, _ name: Int) throws(ProgramProblem) -> Value {
    try looking(at: base) { base throws(ProgramProblem) in
      try looking(at: names.baseAddress.unsafelyUnwrapped + name) { name throws(ProgramProblem) in
        if case .record(let record) = base { return record[name] ?? .null }
        return try Operators.member(base, name)
      }
    }
  }

  /// Of the element that a loop is at, which has no register of its own.
  @inline(__always) func elementMember(
    _ list: Frame, _ counter: Frame, _ name: Int
  ) throws(ProgramProblem) -> Value {
    try looking(at: list) { list throws(ProgramProblem) in
      guard case .list(let elements) = list, case .int(let next) = counter.pointee else {
        preconditionFailure("a loop goes through a list, and counts")
      }
      return try elements.withUnsafeBufferPointer { elements throws(ProgramProblem) in
        let place = next &- 1
        guard place >= 0, place < elements.count, let first = elements.baseAddress else {
          preconditionFailure("a loop counts one more than the element that it is at")
        }
        return try member(first + place, name)
      }
    }
  }

  @inline(__always) func element(_ frame: Frame, _ base: Int, _ place: Int) throws(ProgramProblem) -> Value {
    try looking(at: frame + base) { base throws(ProgramProblem) in
      if case .list(let elements) = base, case .int(let index) = frame[place], elements.indices.contains(index) {
        return elements[index]
      }
      return try looking(at: frame + place) { place throws(ProgramProblem) in
        if case .record(let record) = base, case .text(let name) = place, let value = record[name] { return value }
        return try Operators.element(base, place)
      }
    }
  }

  func record(_ names: [String], _ frame: Frame, _ first: Int) -> Value {
    var record = Record(capacity: names.count)
    for (offset, name) in names.enumerated() { record[name] = frame[Int(lists[first + offset])] }
    return .record(record)
  }

  /// How many elements a list is to have room for, when as many as this come.
  func room(_ sequence: Frame) -> Int {
    switch sequence.pointee {
    case .list(let elements): elements.count
    case .int(let count): count
    case .null, .bool, .float, .text, .duration, .quantity, .cidr, .record, .secret: 0
    }
  }

  @inline(__always) func count(_ value: Frame) throws(ProgramProblem) -> Int {
    try looking(at: value) { value throws(ProgramProblem) in
      if case .list(let elements) = value { return elements.withUnsafeBufferPointer { $0.count } }
      return try Operators.count(value)
    }
  }

  /// Whether all or any of the elements are true, when all are Bools; nil when something else is among them.
  private func first(_ wanted: Bool, in value: Frame) -> Bool? {
    guard case .list(let elements) = value.pointee else { return nil }
    var isFound = false
    for element in elements {
      guard case .bool(let answer) = element else { return nil }
      if answer == wanted { isFound = true }
    }
    return isFound
  }

  func all(_ value: Frame) throws(ProgramProblem) -> Bool {
    if let isFound = first(false, in: value) { return !isFound }
    return try Operators.call(Builtins.Known.all, [value.pointee]).asBool ?? false
  }

  func any(_ value: Frame) throws(ProgramProblem) -> Bool {
    if let isFound = first(true, in: value) { return isFound }
    return try Operators.call(Builtins.Known.any, [value.pointee]).asBool ?? false
  }

  /// One more value for an `all` or `any` of a loop's values; null counts as false.
  @inline(__always) func tally(
    _ value: Frame, _ result: Frame, _ function: @autoclosure () -> Builtin, _ join: (Bool, Bool) -> Bool
  ) throws(ProgramProblem) {
    guard case .bool(let before) = result.pointee else { preconditionFailure("the loop began with a Bool") }
    switch value.pointee {
    case .bool(let answer): result.initialize(to: .bool(join(before, answer)))
    case .null: result.initialize(to: .bool(join(before, false)))
    case .int, .float, .text, .duration, .quantity, .cidr, .list, .record, .secret:
      // Says what is wrong with it in the function's own words.
      _ = try Operators.call(function(), [.list([value.pointee])])
    }
  }

  /// Of a loop over the numbers of a `range`.
  @inline(__always) func advanceNumber(_ frame: Frame, _ element: Int, _ counter: Int, _ end: Int) -> Bool {
    guard case .int(let number) = frame[counter], case .int(let end) = frame[end], number < end else { return false }
    frame.put(.int(number), element)
    frame.put(.int(number &+ 1), counter)
    return true
  }

  @inline(__always) func advance(
    _ frame: Frame, _ element: Int, _ counter: Int, _ list: Int
  ) throws(ProgramProblem) -> Bool {
    guard case .int(let place) = frame[counter] else { return false }
    return try looking(at: frame + list) { list throws(ProgramProblem) in
      guard case .list(let elements) = list else { return try isDone(list) }
      guard place < elements.count else { return false }
      frame.put(elements[place], element)
      frame.put(.int(place &+ 1), counter)
      return true
    }
  }

  /// Of a loop whose element is only looked into.
  @inline(__always) func advancePlace(
    _ frame: Frame, _ counter: Int, _ list: Int
  ) throws(ProgramProblem) -> Bool {
    guard case .int(let place) = frame[counter] else { return false }
    return try looking(at: frame + list) { list throws(ProgramProblem) in
      guard case .list(let elements) = list else { return try isDone(list) }
      guard place < elements.withUnsafeBufferPointer({ $0.count }) else { return false }
      frame.put(.int(place &+ 1), counter)
      return true
    }
  }

  private func isDone(_ list: Value) throws(ProgramProblem) -> Bool {
    guard list.isNull else { throw ProgramProblem("a loop needs a list, not \(list.kindName)") }
    return false
  }

  /// In place: the list is taken out of its register first, so that it is not copied.
  @inline(__always) func append(_ value: Value, _ list: Frame) {
    guard case .list(var elements) = list.move() else { preconditionFailure("what is appended to is a list") }
    elements.append(value)
    list.initialize(to: .list(elements))
  }

  func put(_ key: Frame, _ value: Frame, _ map: Frame) throws(ProgramProblem) {
    guard case .text(let name) = key.pointee else { throw Operators.unfitKey(key.pointee) }
    guard case .record(var record) = map.move() else { preconditionFailure("what takes keys is a map") }
    let isNew = record.insert(value.pointee, named: name)
    map.initialize(to: .record(record))
    guard isNew else { throw Operators.doubleKey(name) }
  }

  func rangeCount(_ value: Frame) throws(ProgramProblem) -> Int {
    guard case .int(let count) = value.pointee, 0...Builtins.maximumCount ~= count else {
      // Says what is wrong with it in the function's own words.
      return try Operators.call(Builtins.Known.range, [value.pointee]).asList?.count ?? 0
    }
    return count
  }

  func call(_ builtin: Builtin, _ frame: Frame, _ arguments: UnsafeBufferPointer<Int32>) throws(ProgramProblem)
    -> Value
  {
    try Operators.call(builtin, arguments.map { frame[Int($0)] })
  }

  /// The arguments of a function into its registers.
  @inline(__always) func pass(_ arguments: Range<Int>, _ caller: Frame, _ callee: Frame) {
    var index = arguments.lowerBound
    while index < arguments.upperBound {
      let (parameter, isGiven, argument) = (Int(lists[index]), Int(lists[index + 1]), Int(lists[index + 2]))
      callee.put(argument < 0 ? .null : caller[argument], parameter)
      if isGiven >= 0 { callee.put(.bool(argument >= 0), isGiven) }
      index += 3
    }
  }

  // MARK: The rest

  /// Instructions that are rare enough to be carried out as they are.
  func compute(_ instruction: Instruction, _ frame: Frame, _ fuel: inout Int) throws(ProgramProblem) {
    switch instruction {
    case .each(let target, let base, let name, _):
      frame[target.index] = try Operators.each(frame[base.index], name)
      fuel -= frame[target.index].size
    case .map(let target, let pairs, _): frame[target.index] = try Operators.map(frame[pairs.index])
    case .negate(let target, let operand, _): frame[target.index] = try Operators.negate(frame[operand.index])
    case .range(let target, let low, let high, _):
      frame[target.index] = try Operators.range(frame[low.index], frame[high.index])
      fuel -= frame[target.index].size
    case .takeApart(let source, let targets, _):
      guard case .list(let parts) = frame[source.index], parts.count == targets.count else {
        throw ProgramProblem("\(targets.count) names cannot take \(frame[source.index].display) apart")
      }
      for (target, part) in zip(targets, parts) { frame[target.index] = part }
    default: preconditionFailure("the assembler leaves only these as they are")
    }
  }
}

extension Value {
  /// What it costs to make, in elements.
  var size: Int {
    switch self {
    case .list(let elements): elements.count
    case .record(let record): record.count
    case .text(let text): text.utf8.count >> 4
    case .null, .bool, .int, .float, .duration, .quantity, .cidr, .secret: 0
    }
  }
}
