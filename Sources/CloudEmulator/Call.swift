import CloudCatalog
import Values

/// Why a call is turned down, before it has an id.
struct Refusal: Error, Sendable, Hashable {
  let code: String
  let message: String

  init(_ code: String, _ message: String) {
    self.code = code
    self.message = message
  }
}

/// A call whose parameters have passed the catalog's checks.
struct Call: Sendable {
  let facts: ActionFacts
  let parameters: Record
  let requestID: String
  /// Whether what the call starts is to end in failure.
  let failsLater: Bool
  /// The common parameter Region.
  var commonRegion: String?

  /// The first of the codes that the action's page prints; when it prints none of them, the last.
  func refusal(_ codes: String..., because message: String) -> Refusal {
    Refusal(codes.first { facts.errors.contains($0) } ?? codes.last ?? "FailedOperation", message)
  }

  func text(_ name: String) -> String? { parameters[name]?.asText }
  func int(_ name: String) -> Int? { parameters[name]?.asInt }
  func bool(_ name: String) -> Bool? { parameters[name]?.asBool }
  func list(_ name: String) -> [Value] { parameters[name]?.asList ?? [] }
  func record(_ name: String) -> Record? { parameters[name]?.asRecord }
  func texts(_ name: String) -> [String] { list(name).compactMap(\.asText) }
  func ints(_ name: String) -> [Int] { list(name).compactMap(\.asInt) }
  func has(_ name: String) -> Bool { parameters[name] != nil }

  /// Members typed String that mean a boolean: `TRUE`, `True`, `true`.
  func isTrue(_ name: String) -> Bool { bool(name) ?? (text(name)?.lowercased() == "true") }

  /// A parameter that the page marks as required; the check of the parameters has made sure of it.
  func required(_ name: String) throws(Refusal) -> String {
    guard let text = text(name) else { throw Refusal("MissingParameter", "The parameter \(name) is missing.") }
    return text
  }

  /// The ids of a list, each once, in their first order.
  func ids(_ name: String) -> [String] {
    var seen: Set<String> = []
    return texts(name).filter { seen.insert($0).inserted }
  }
}

/// A tag of a resource, whatever the shape in which the call carried it.
struct Tag: Codable, Sendable, Hashable {
  let key: String
  let value: String

  var pair: Value { ["Key": .text(key), "Value": .text(value)] }
  var infoValue: Value { ["TagKey": .text(key), "TagValue": .text(value)] }
}

extension Call {
  /// `Tags: [{Key, Value}]`
  func tags(_ name: String = "Tags") -> [Tag] { list(name).compactMap { Tag($0, "Key", "Value") } }

  /// `Tags: [{TagKey, TagValue}]`
  func tagInfos(_ name: String = "Tags") -> [Tag] { list(name).compactMap { Tag($0, "TagKey", "TagValue") } }

  /// `TagSpecification: [{ResourceType, Tags}]`
  func tags(specifiedFor resourceType: String) -> [Tag] {
    list("TagSpecification").flatMap { specification in
      guard let record = specification.asRecord, record["ResourceType"] == .text(resourceType) else { return [Tag]() }
      return (record["Tags"]?.asList ?? []).compactMap { Tag($0, "Key", "Value") }
    }
  }
}

extension Tag {
  fileprivate init?(_ value: Value, _ keyName: String, _ valueName: String) {
    guard let record = value.asRecord, let key = record[keyName]?.asText else { return nil }
    self.init(key: key, value: record[valueName]?.asText ?? "")
  }
}

extension [Tag] {
  /// As most answers carry them: null when there are none.
  var answer: Value { isEmpty ? .null : .list(map(\.pair)) }
}
