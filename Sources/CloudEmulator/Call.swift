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
struct Call: Sendable, ParameterReading {
  let facts: ActionFacts
  let parameters: Record
  let requestID: String
  /// Whether what the call starts is to end in failure.
  let failsLater: Bool
  /// Of the cloud that is called.
  let seeds: Seeds
  /// The common parameter Region.
  var commonRegion: String?

  /// The first of the codes that the action's page prints; when it prints none of them, the last.
  func refusal(_ codes: String..., because message: String) -> Refusal {
    Refusal(codes.first { facts.errors.contains($0) } ?? codes.last ?? "FailedOperation", message)
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
