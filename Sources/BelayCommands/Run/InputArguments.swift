import Foundation
import Values
import Yams

/// The inputs that a user gives: files first, then `--input` in their order; the last of a name wins.
enum InputArguments {
  static func read(_ pairs: [String], files: [String], _ environment: [String: String]) throws(CommandFailure) -> Record
  {
    var inputs = Record()
    for path in files { inputs = inputs.merging(try file(path)) }
    for pair in pairs {
      guard let equals = pair.firstIndex(of: "="), equals > pair.startIndex else {
        throw CommandFailure(.wrong, "--input takes NAME=VALUE, not '\(pair)'")
      }
      let name = String(pair[..<equals])
      inputs[name] = .text(
        try GivenText.read(
          String(pair[pair.index(after: equals)...]), of: "input '\(name)'", environment))
    }
    return inputs
  }

  private static func file(_ path: String) throws(CommandFailure) -> Record {
    let bytes = try Files.read(path, what: "inputs file")
    let value: Value
    if path.hasSuffix(".json") {
      do {
        value = try JSON.parse(bytes)
      } catch {
        throw CommandFailure(.wrong, "the inputs file '\(path)' is not JSON: \(error.description)")
      }
    } else if path.hasSuffix(".yaml") || path.hasSuffix(".yml") {
      value = try yaml(bytes, path)
    } else {
      throw CommandFailure(.wrong, "the inputs file '\(path)' must end in .json or .yaml")
    }
    guard let record = value.asRecord else {
      throw CommandFailure(.wrong, "the inputs file '\(path)' must hold one object of names and values")
    }
    return record
  }

  private static func yaml(_ bytes: [UInt8], _ path: String) throws(CommandFailure) -> Value {
    do {
      guard let node = try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self)) else { return .empty }
      return value(of: node, depth: 0)
    } catch let error as YamlError {
      let reason = error.description.split(separator: "\n").first.map(String.init) ?? "it cannot be read"
      throw CommandFailure(.wrong, "the inputs file '\(path)' is not YAML: \(reason)")
    } catch {
      throw CommandFailure(.wrong, "the inputs file '\(path)' is not YAML")
    }
  }

  /// A scalar that is not plainly a number, a Bool or null is a text. Deeper than JSON may nest, null.
  private static func value(of node: Node, depth: Int) -> Value {
    guard depth < JSON.maximumDepth else { return .null }
    switch node {
    case .mapping(let mapping):
      return .record(Record(mapping.map { ($0.key.string ?? "", value(of: $0.value, depth: depth + 1)) }))
    case .sequence(let sequence): return .list(sequence.map { value(of: $0, depth: depth + 1) })
    case .scalar(let scalar):
      guard scalar.style == .plain else { return .text(scalar.string) }
      if node.null != nil { return .null }
      if let bool = node.bool { return .bool(bool) }
      if let int = node.int { return .int(int) }
      if let float = node.float, float.isFinite { return .float(float) }
      return .text(scalar.string)
    case .alias: return .null
    }
  }
}
