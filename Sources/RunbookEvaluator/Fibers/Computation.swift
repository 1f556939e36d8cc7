import RunbookSyntax
import Values

/// The machine: runs what needs nothing from the world. Where it comes to something that does, it says so and returns;
/// the strand's registers are then as that instruction finds them.
struct Computation {
  enum Stop {
    /// The instruction that concerns the world or the strand.
    case effect(Int)
    case problem(ProgramProblem, instruction: Int)
    /// A `fail` inside a function, with its reason.
    case failed(reason: Value, instruction: Int)
  }

  /// A function under way: what goes on when it ends.
  struct Call {
    let site: Int32
    let result: Int32
    /// The operation behind the call.
    let back: Int
  }

  /// How many functions and recipes may be under way within each other.
  static let maximumDepth = 10_000

  let machine: MachineCode
  let inputs: [Value]
  /// How many operations and elements are left to it.
  var fuel: Int
  /// Of the functions under way, with room for more.
  private var calls: [Call] = []

  init(_ machine: MachineCode, inputs: [Value], fuel: Int) {
    self.machine = machine
    self.inputs = inputs
    self.fuel = fuel
  }

  /// Begins at an instruction. Functions called on the way have their registers behind those given, which are as many
  /// as before when it returns.
  mutating func run(from instruction: Int, _ registers: inout [Value]) -> Stop {
    let size = registers.count
    var place = Place(next: Int(machine.starts[instruction]), base: 0, depth: 0)
    defer { if registers.count > size { registers.removeLast(registers.count - size) } }
    while true {
      do throws(ProgramProblem) {
        switch try step(&place, &registers) {
        case .effect(let index):
          guard place.depth == 0 else { return .failed(reason: reason(index, place, registers), instruction: index) }
          return .effect(index)
        case .registers(let count): registers += [Value](repeating: .null, count: max(count, registers.count, 64))
        case .calls: calls += [Call](repeating: Call(site: 0, result: 0, back: 0), count: max(calls.count, 32))
        }
      } catch {
        return .problem(error, instruction: Int(machine.origins[place.next]))
      }
    }
  }

  private func reason(_ index: Int, _ place: Place, _ registers: [Value]) -> Value {
    guard case .fail(let reason, _) = machine.instructions[index] else {
      preconditionFailure("a function has no steps, so all that ends it early is 'fail'")
    }
    return registers[place.base + reason.index]
  }

  /// Where the machine is.
  struct Place {
    /// The operation at hand.
    var next: Int
    /// Where the registers of the function at hand begin.
    var base: Int
    /// How many functions are under way.
    var depth: Int
  }

  enum Pause {
    case effect(Int)
    /// There must be so many more registers.
    case registers(Int)
    /// There must be room for more functions under way.
    case calls
  }

  private mutating func step(_ place: inout Place, _ registers: inout [Value]) throws(ProgramProblem) -> Pause {
    var outcome = Result<Pause, ProgramProblem>.success(.effect(0))
    registers.withUnsafeMutableBufferPointer { registers in
      calls.withUnsafeMutableBufferPointer { calls in
        machine.withPointers { operations, lists, sites, constants, names in
          let loop = OperationLoop(
            operations: operations, lists: lists, constants: constants, names: names, machine: machine, inputs: inputs,
            sites: sites, registers: registers, calls: calls)
          outcome = loop.run(&place, &fuel)
        }
      }
    }
    return try outcome.get()
  }
}

extension MachineCode {
  fileprivate func withPointers(
    _ body: (
      UnsafeBufferPointer<Operation>, UnsafeBufferPointer<Int32>, UnsafeBufferPointer<Site>, UnsafeBufferPointer<Value>,
      UnsafeBufferPointer<String>
    ) -> Void
  ) {
    operations.withUnsafeBufferPointer { operations in
      lists.withUnsafeBufferPointer { lists in
        sites.withUnsafeBufferPointer { sites in
          constants.withUnsafeBufferPointer { constants in
            names.withUnsafeBufferPointer { names in body(operations, lists, sites, constants, names) }
          }
        }
      }
    }
  }
}
