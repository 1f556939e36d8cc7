import CloudCatalog
import Values

/// A call to CVM, for one region. Its parameters have passed the catalog's checks.
struct CvmCall: Sendable, ParameterReading {
  let facts: ActionFacts
  let region: String
  var parameters: Record
  let requestID: String
  let failsLater: Bool
  let seeds: Seeds

  init(_ call: Call) throws(Refusal) {
    guard let region = call.commonRegion, !region.isEmpty else {
      throw Refusal("MissingParameter", "The common parameter Region is missing.")
    }
    guard call.seeds.cvm.geography.region(region) != nil else {
      throw Refusal("UnsupportedRegion", "There is no region '\(region)'.")
    }
    facts = call.facts
    self.region = region
    parameters = call.parameters
    requestID = call.requestID
    failsLater = call.failsLater
    seeds = call.seeds
  }

  var action: String { facts.id.name }

  /// The first of the codes that the action's page prints; when it prints none of them, the last.
  func refusal(_ codes: String..., because message: String) -> Refusal { refusal(anyOf: codes, message) }

  func refusal(anyOf codes: [String], _ message: String) -> Refusal {
    Refusal(codes.first { facts.errors.contains($0) } ?? codes.last ?? "FailedOperation", message)
  }

  func prints(_ code: String) -> Bool { facts.errors.contains(code) }

  /// The ids of a list, each once, in their first order; never none and never more than `limit`.
  func ids(_ name: String, limit: Int = 100) throws(Refusal) -> [String] {
    var seen: Set<String> = []
    let ids = texts(name).filter { seen.insert($0).inserted }
    guard !ids.isEmpty else {
      throw refusal("InvalidParameterValue.NotEmpty", "MissingParameter", because: "\(name) is empty.")
    }
    guard ids.count <= limit else {
      throw refusal(
        "InvalidParameterValue.LimitExceeded", "InvalidParameterValue", because: "\(name) takes at most \(limit) ids.")
    }
    return ids
  }

  /// Ends a dry run whose checks have all passed.
  func endDryRun() throws(Refusal) {
    guard isTrue("DryRun") else { return }
    throw Refusal("DryRunOperation", "The request would have succeeded, but it is a dry run.")
  }

  /// The tags of `TagSpecification` for a kind of resource.
  func tags(for resourceType: String) throws(Refusal) -> [Tag] {
    var tags: [Tag] = []
    for value in list("TagSpecification") {
      guard let record = value.asRecord, record["ResourceType"] == .text(resourceType) else { continue }
      for pair in record["Tags"]?.asList ?? [] {
        guard let key = pair.asRecord?["Key"]?.asText else { continue }
        guard !tags.contains(where: { $0.key == key }) else {
          throw refusal(
            "InvalidParameterValue.DuplicateTags", "InvalidParameterValue", because: "The tag '\(key)' occurs twice.")
        }
        tags.append(Tag(key: key, value: pair.asRecord?["Value"]?.asText ?? ""))
      }
    }
    return tags
  }
}

extension CvmCall {
  /// The filters of the call as one test, nil when there are none: AND between filters, OR between values.
  func filter<R>(
    _ fields: [FilterField<R>], tags: (@Sendable (R) -> [Tag])? = nil, maximumValues: Int = 5
  ) throws(Refusal) -> ((R) -> Bool)? {
    let terms = try terms(
      FilterSet(fields: fields, tags: tags, hasTagValue: true), maximumValues: maximumValues)
    return terms.isEmpty ? nil : { row in terms.allSatisfy { $0.passes(row) } }
  }

  /// The filters of the call, each as one term.
  func terms<R>(_ filters: FilterSet<R>, maximumValues: Int = 5) throws(Refusal) -> [RowTerm<R>] {
    var terms: [RowTerm<R>] = []
    for value in list("Filters") {
      guard let record = value.asRecord, let name = record["Name"]?.asText else { continue }
      let wanted = (record["Values"]?.asList ?? []).compactMap(\.asText)
      guard wanted.count <= maximumValues else {
        throw refusal(
          "InvalidFilterValue.LimitExceeded", "InvalidParameterValue.LimitExceeded", "InvalidFilter",
          because: "The filter \(name) takes at most \(maximumValues) values; these are \(wanted.count).")
      }
      guard let term = filters.term(name, wanted) else {
        throw refusal("InvalidFilter", "InvalidParameterValue", because: "There is no filter '\(name)'.")
      }
      terms.append(term)
    }
    return terms
  }

  /// The values of the filter of that name, nil without it.
  func filteredValues(_ name: String) -> [String]? {
    for filter in list("Filters") where filter.asRecord?["Name"] == .text(name) {
      return (filter.asRecord?["Values"]?.asList ?? []).compactMap(\.asText)
    }
    return nil
  }

  /// The window of `Offset` and `Limit`, newest first, and how many rows there were before it.
  func newestFirst<Rows: BidirectionalCollection>(_ rows: Rows) throws(Refusal) -> (total: Int, rows: [Rows.Element]) {
    let (offset, limit) = try window()
    return (rows.count, Array(rows.reversed().dropFirst(offset).prefix(limit)))
  }

  func page<Rows: Collection>(_ rows: Rows) throws(Refusal) -> (total: Int, rows: [Rows.Element]) {
    let (offset, limit) = try window()
    return (rows.count, Array(rows.dropFirst(offset).prefix(limit)))
  }

  /// The window of those rows that pass all terms, newest first.
  func newestFirst<R>(_ table: Table<R>, _ terms: [RowTerm<R>]) throws(Refusal) -> (total: Int, rows: [R]) {
    let (offset, limit) = try window()
    return table.page(terms, offset: offset, limit: limit, newestFirst: true)
  }

  private func window() throws(Refusal) -> (Int, Int) {
    let offset = int("Offset") ?? 0
    let limit = int("Limit") ?? 20
    guard offset >= 0 else {
      throw refusal("InvalidParameterValueOffset", "InvalidParameterValue", because: "Offset is negative.")
    }
    guard (1...100).contains(limit) else {
      throw refusal(
        "InvalidParameterValueLimit", "InvalidParameterValue.InvalidParameterValueLimit", "InvalidParameterValue",
        because: "Limit must be 1 to 100.")
    }
    return (offset, limit)
  }
}

extension Value {
  static func text(orNull text: String?) -> Value { text.map(Value.text) ?? .null }
  static func texts(_ texts: [String]) -> Value { .list(texts.map(Value.text)) }
  static func records(_ records: [Record]) -> Value { .list(records.map(Value.record)) }
}

extension Instant {
  /// `YYYY-MM-DDThh:mm:ssZ`, as CVM answers carry times.
  var cvmText: String {
    let plain = plainText
    return "\(plain.prefix(10))T\(plain.suffix(8))Z"
  }

  /// From `YYYY-MM-DDThh:mm:ssZ` or with an offset such as `+08:00`; nil when it is neither.
  init?(cvmText: String) {
    guard cvmText.utf8.count >= 20,
      let base = Instant(plainText: "\(cvmText.prefix(10)) \(cvmText.dropFirst(11).prefix(8))")
    else { return nil }
    let zone = cvmText.dropFirst(19)
    if zone == "Z" {
      self = base
      return
    }
    let parts = zone.dropFirst().split(separator: ":").compactMap { Int64($0) }
    guard let sign = zone.first, sign == "+" || sign == "-", parts.count == 2, (0..<24).contains(parts[0]),
      (0..<60).contains(parts[1])
    else { return nil }
    let shift = (parts[0] * 60 + parts[1]) * 60_000
    self.init(milliseconds: base.milliseconds + (sign == "+" ? -shift : shift))
  }
}

/// Checks of ids by their looks.
enum CvmID {
  /// Whether the text is the prefix, a dash, and 8 or 9 lower-case letters or digits.
  static func isWellFormed(_ id: String, _ prefix: String) -> Bool {
    guard id.hasPrefix("\(prefix)-") else { return false }
    let rest = id.utf8.dropFirst(prefix.utf8.count + 1)
    return (8...9).contains(rest.count) && rest.allSatisfy { (48...57).contains($0) || (97...122).contains($0) }
  }

  /// An id that is the same in every account.
  static func seeded(_ prefix: String, _ text: String) -> String {
    var generator = SplitMix64(seed: SplitMix64.mix(0, "\(prefix) \(text)"))
    return "\(prefix)-\(generator.suffix())"
  }
}

/// A record as the state keeps it: as JSON, and without passwords.
struct KeptRecord: Codable, Sendable, Equatable {
  let record: Record

  init(_ record: Record) { self.record = KeptRecord.withoutPasswords(record) }

  private static func withoutPasswords(_ record: Record) -> Record {
    var kept = Record()
    for (name, value) in record where name != "Password" {
      kept[name] = value.asRecord.map { .record(withoutPasswords($0)) } ?? value
    }
    return kept
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = try? JSON.parse(text), let record = value.asRecord else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "it is not a JSON object")
    }
    self.record = record
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(JSON.print(.record(record)))
  }
}
