import CloudCatalog
import Values

/// What a user gives for one call: a document first, then `--param` in their order; the last of a name wins. Values are
/// read by the parameter's type; what carries secrets is hidden at once.
struct CallArguments {
  private(set) var record = Record()
  /// The common parameter Region, where the action takes it.
  private(set) var region: String?
  /// Everything that could not be read.
  private(set) var problems: [String] = []
  private let facts: ActionFacts
  private let secrets: [String]

  init(_ nature: ActionNature) {
    facts = nature.facts
    secrets = nature.meaning?.secrets ?? []
  }

  mutating func add(document: Record) {
    for (name, value) in document { set(name, value) }
  }

  /// `NAME=VALUE`, with VALUE as ``GivenText`` has it.
  mutating func add(pair: String, _ environment: [String: String]) throws(CommandFailure) {
    guard let equals = pair.firstIndex(of: "="), equals > pair.startIndex else {
      // What is given may be a secret whose name was forgotten.
      throw CommandFailure(.wrong, "--param takes NAME=VALUE")
    }
    let name = String(pair[..<equals])
    let text = try GivenText.read(String(pair[pair.index(after: equals)...]), of: "parameter '\(name)'", environment)
    guard let parameter = facts.parameter(name) else { return set(name, .text(text)) }
    switch CallArguments.read(text, parameter.type) {
    case .success(let value): set(name, value)
    case .failure(let reason):
      let isSecret = secrets.contains(name)
      let given = isSecret || text.count > 40 ? "this" : "'\(text)'"
      // The reason may name a word of the text.
      let why = isSecret ? "" : reason.text
      problems.append("'\(name)' is \(parameter.type.withArticle), and \(given) is not one\(why)")
    }
  }

  /// `--region`: the common parameter where the action takes it, else EcmRegion.
  mutating func add(region: String) {
    if facts.regionRequired {
      self.region = region
    } else if facts.parameter("EcmRegion") != nil {
      if record["EcmRegion"] == nil { record["EcmRegion"] = .text(region) }
    } else {
      problems.append("'\(facts.id)' takes no region")
    }
  }

  private mutating func set(_ name: String, _ value: Value) {
    if name == "Region", facts.regionRequired, let text = value.asText {
      region = text
    } else {
      record[name] = secrets.contains(name) ? CallArguments.hidden(value, name) : value
    }
  }

  /// Every text in it as a secret of that name.
  private static func hidden(_ value: Value, _ name: String) -> Value {
    switch value {
    case .text(let text): .secret(Secret(name: name, text: text))
    case .list(let elements): .list(elements.map { hidden($0, name) })
    case .record(let record): .record(record.mapValues { hidden($0, name) })
    case .null, .bool, .int, .float, .duration, .quantity, .cidr, .secret: value
    }
  }

  private struct Reason: Error {
    /// Empty, or `: …`
    let text: String
  }

  private static func read(_ text: String, _ type: FactType) -> Result<Value, Reason> {
    switch type {
    case .string, .timestamp: .success(.text(text))
    case .integer: Int(text).map { .success(.int($0)) } ?? .failure(Reason(text: ""))
    case .float:
      Double(text).flatMap { $0.isFinite ? .success(.float($0)) : nil } ?? .failure(Reason(text: ""))
    case .boolean:
      switch text {
      case "true": .success(true)
      case "false": .success(false)
      default: .failure(Reason(text: ": write true or false"))
      }
    case .structure: json(text)
    case .array(let element): list(text, element)
    }
  }

  private static func json(_ text: String) -> Result<Value, Reason> {
    do {
      return .success(try JSON.parse(text))
    } catch {
      return .failure(Reason(text: ": write it as JSON; \(error.description)"))
    }
  }

  /// JSON, or elements between commas where they are plain.
  private static func list(_ text: String, _ element: FactType) -> Result<Value, Reason> {
    if text.hasPrefix("[") { return json(text) }
    switch element {
    case .structure, .array: return json(text).map { .list([$0]) }
    case .integer, .float, .boolean, .string, .timestamp: break
    }
    var elements: [Value] = []
    for piece in text.split(separator: ",") {
      switch read(String(piece), element) {
      case .success(let value): elements.append(value)
      case .failure(let reason): return .failure(reason)
      }
    }
    return .success(.list(elements))
  }
}

extension FactType {
  /// `an Integer`, `an Array of String`, `a Placement`
  var withArticle: String {
    let isVowel = description.first.map { "AEIO".contains($0) } ?? false
    return "\(isVowel ? "an" : "a") \(description)"
  }
}
