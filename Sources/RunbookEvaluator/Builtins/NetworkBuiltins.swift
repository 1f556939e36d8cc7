import RunbookChecker
import Values

extension Builtins {
  /// The cloud answers networks as texts.
  private static let network = TypePattern.oneOf([.type(.cidr), .type(.text)])

  static let networkBuiltins: [Builtin] = [
    Builtin(
      FunctionSignature(
        "subnet", [.init("cidr", network), .init("prefix", .type(.int)), .init("index", .type(.int))], .type(.cidr),
        "The network of so many bits at a place, from 0, within another; a problem when there is none.",
        example: "subnet(10.20.0.0/16, prefix: 24, index: 3)", is: cidr("10.20.3.0/24"))
    ) { (arguments) throws(BuiltinProblem) in
      let network = try arguments.network(0)
      let prefix = try arguments.int(1)
      let index = try arguments.int(2)
      guard let subnet = network.subnet(index, prefix: prefix) else {
        throw BuiltinProblem("\(network) has no network number \(index) of /\(prefix)")
      }
      return .cidr(subnet)
    },
    Builtin(
      FunctionSignature(
        "cidr_contains", [.init("cidr", network), .init("x", network)], .type(.bool),
        "Whether an address, or a whole network, lies within a network.",
        example: "cidr_contains(10.20.0.0/16, \"10.20.3.7\")", is: true)
    ) { (arguments) throws(BuiltinProblem) in
      let network = try arguments.network(0)
      if case .text(let text) = arguments[1], let address = CIDR.address(text) {
        return .bool(network.contains(address))
      }
      return .bool(network.contains(try arguments.network(1)))
    },
    Builtin(
      FunctionSignature(
        "address", [.init("cidr", network), .init("index", .type(.int))], .type(.text),
        "The address at a place, from 0, within a network; a problem when there is none.",
        example: "address(10.20.3.0/24, index: 7)", is: "10.20.3.7")
    ) { (arguments) throws(BuiltinProblem) in
      let network = try arguments.network(0)
      let index = try arguments.int(1)
      guard index >= 0, index < network.size else { throw BuiltinProblem("\(network) has no address number \(index)") }
      return .text(CIDR.text(of: network.network + UInt32(index)))
    },
    Builtin(
      FunctionSignature(
        "size", [.init("cidr", network)], .type(.int), "How many addresses a network has.",
        example: "size(10.20.3.0/24)",
        is: 256)
    ) { (arguments) throws(BuiltinProblem) in .int(try arguments.network(0).size) },
  ]

  private static func cidr(_ text: String) -> Value { CIDR(text).map(Value.cidr) ?? .null }
}
