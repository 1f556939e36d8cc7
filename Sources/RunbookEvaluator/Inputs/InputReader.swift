import CloudCatalog
import RunbookChecker
import Values

/// Reads what a user gave for an input, a text from the command line or a value from a file, as the input's type.
struct InputReader {
  struct Problem: Error {
    let message: String
  }
  private let input: CheckedInput

  init(_ input: CheckedInput) { self.input = input }

  func read(_ raw: Value) -> Result<Value, Problem> {
    do {
      let value = try read(raw, input.type)
      return .success(input.isSecret ? .secret(Secret(name: input.name, text: value.display)) : value)
    } catch let problem as Problem {
      return .failure(problem)
    } catch {
      return .failure(Problem(message: "it cannot be read"))
    }
  }

  private func read(_ raw: Value, _ type: ValueType) throws -> Value {
    switch type {
    case .unknown: return raw
    case .optional(let wrapped): return raw.isNull || raw == .text("null") ? .null : try read(raw, wrapped)
    case .secret(let wrapped): return try read(raw, wrapped)
    case .list(let element): return try list(raw).map { try read($0, element) }.asValue
    case .text: return .text(try text(raw))
    case .int: return .int(try int(raw))
    case .float: return .float(try float(raw))
    case .bool: return .bool(try bool(raw))
    case .null: return .null
    case .duration: return .duration(try duration(raw))
    case .quantity(let kind): return .quantity(try quantity(raw, kind))
    case .cidr: return .cidr(try cidr(raw))
    case .id(let service, let kind): return .text(try id(raw, service, kind))
    case .enumeration(_, let values):
      let text = try text(raw)
      guard values.contains(text) else {
        throw Problem(message: "'\(text)' is not one of \(values.joined(separator: ", "))")
      }
      return .text(text)
    case .map(_, let value): return try map(raw, value)
    case .record, .structure, .result: return try record(raw, type)
    }
  }

  private func map(_ raw: Value, _ type: ValueType) throws -> Value {
    guard let record = raw.asRecord else { throw Problem(message: "\(shown(raw)) is not a map") }
    return .record(try record.mapValues { try read($0, type) })
  }

  /// What to show of a value in a message: nothing of a secret.
  private func shown(_ raw: Value) -> String { input.isSecret ? "the value" : JSON.print(raw) }

  private func text(_ raw: Value) throws -> String {
    switch raw {
    case .text(let text): return text
    case .int, .float, .bool: return raw.display
    case .null, .duration, .quantity, .cidr, .list, .record, .secret:
      throw Problem(message: "\(shown(raw)) is not a text")
    }
  }

  private func int(_ raw: Value) throws -> Int {
    if let value = raw.asInt { return value }
    guard let text = raw.asText, let value = Int(text) else {
      throw Problem(message: "\(shown(raw)) is not a whole number")
    }
    return value
  }

  private func float(_ raw: Value) throws -> Double {
    switch raw {
    case .float(let value): return value
    case .int(let value): return Double(value)
    case .text(let text):
      if let value = Double(text), value.isFinite { return value }
    case .null, .bool, .duration, .quantity, .cidr, .list, .record, .secret: break
    }
    throw Problem(message: "\(shown(raw)) is not a number")
  }

  private func bool(_ raw: Value) throws -> Bool {
    switch raw {
    case .bool(let value): return value
    case .text("true"): return true
    case .text("false"): return false
    default: throw Problem(message: "\(shown(raw)) is neither true nor false")
    }
  }

  private func duration(_ raw: Value) throws -> Duration {
    if let value = raw.asDuration { return value }
    let units: [(String, Int64)] = [("ms", 1), ("min", 60_000), ("s", 1000), ("h", 3_600_000), ("d", 86_400_000)]
    if let text = raw.asText {
      for (unit, size) in units where text.hasSuffix(unit) {
        if let count = Int64(text.dropLast(unit.count)), count >= 0, count < 1 << 40 {
          return .milliseconds(count * size)
        }
      }
    }
    throw Problem(message: "\(shown(raw)) is not a duration such as 30s or 15min")
  }

  private func quantity(_ raw: Value, _ kind: Quantity.Kind) throws -> Quantity {
    let given: Quantity? = if case .quantity(let value) = raw { value } else { raw.asText.flatMap { Quantity($0) } }
    guard let given else {
      throw Problem(message: "\(shown(raw)) is not a \(kind.rawValue) such as \(kind.example)")
    }
    guard given.kind == kind else {
      throw Problem(message: "\(given) is a \(given.kind.rawValue), not a \(kind.rawValue) such as \(kind.example)")
    }
    return given
  }

  private func cidr(_ raw: Value) throws -> CIDR {
    if case .cidr(let value) = raw { return value }
    guard let text = raw.asText, let value = CIDR(text) else {
      throw Problem(message: "\(shown(raw)) is not a network such as 10.20.0.0/16 (with no host bits set)")
    }
    return value
  }

  private func id(_ raw: Value, _ service: String, _ kind: String) throws -> String {
    let text = try text(raw)
    guard !text.isEmpty else { throw Problem(message: "it is empty") }
    guard let known = IDKind.named(kind, service: service) else { return text }
    guard known.accepts(text) else {
      let prefixes = known.prefixes.joined(separator: " or ")
      throw Problem(message: "'\(text)' is not an \(known.spelling): those begin with \(prefixes)")
    }
    let words = text.split(separator: ";").map(String.init)
    guard known.vocabulary.isEmpty || words.allSatisfy(known.vocabulary.contains) else {
      throw Problem(message: "'\(text)' is not one of \(known.vocabulary.joined(separator: ", "))")
    }
    return text
  }

  /// A list, JSON text of one, or words between commas.
  private func list(_ raw: Value) throws -> [Value] {
    if case .list(let elements) = raw { return elements }
    guard let text = raw.asText else { throw Problem(message: "\(shown(raw)) is not a list") }
    if text.hasPrefix("[") { return try json(text).asList ?? [] }
    return text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false).map { .text(String($0)) }
  }

  private func record(_ raw: Value, _ type: ValueType) throws -> Value {
    let value = raw.asText != nil ? try json(raw.asText ?? "") : raw
    guard let record = value.asRecord, let members = Catalog.members(of: type) else {
      throw Problem(message: "\(shown(raw)) is not a record")
    }
    var result = Record()
    for (name, value) in record {
      guard let member = members.first(where: { $0.name == name }) else {
        throw Problem(message: "there is no member '\(name)'")
      }
      result[name] = try read(value, member.type)
    }
    return .record(result)
  }

  private func json(_ text: String) throws -> Value {
    do {
      return try JSON.parse(text)
    } catch {
      throw Problem(message: "it is not JSON: \(error.message)")
    }
  }
}

extension [Value] {
  fileprivate var asValue: Value { .list(self) }
}
