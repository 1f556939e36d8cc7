import Values

/// One filter that a Describe action knows.
struct FilterField<R>: Sendable {
  let name: String
  /// Whether a part of the value is enough.
  let isFuzzy: Bool
  let values: @Sendable (R) -> [String]

  static func exact(_ name: String, _ value: @escaping @Sendable (R) -> String) -> FilterField {
    FilterField(name: name, isFuzzy: false, values: { [value($0)] })
  }

  static func exact(_ name: String, of values: @escaping @Sendable (R) -> [String]) -> FilterField {
    FilterField(name: name, isFuzzy: false, values: values)
  }

  static func fuzzy(_ name: String, _ value: @escaping @Sendable (R) -> String) -> FilterField {
    FilterField(name: name, isFuzzy: true, values: { [value($0)] })
  }

  fileprivate func matches(_ row: R, _ wanted: [String]) -> Bool {
    values(row).contains { value in
      wanted.contains { isFuzzy ? value.lowercased().contains($0.lowercased()) : value == $0 }
    }
  }
}

extension Call {
  private struct Filter {
    let name: String
    let values: [String]
  }

  /// The filters of the call as one test: AND between filters, OR between the values of one.
  func filter<R>(
    _ fields: [FilterField<R>], tags: (@Sendable (R) -> [Tag])? = nil, maximumValues: Int = 5
  ) throws(Refusal) -> (R) -> Bool {
    var tests: [(R) -> Bool] = []
    for filter in try filters(maximumValues) {
      if let field = fields.first(where: { $0.name == filter.name }) {
        tests.append { field.matches($0, filter.values) }
      } else if let tags, filter.name == "tag-key" {
        tests.append { row in tags(row).contains { filter.values.contains($0.key) } }
      } else if let tags, filter.name.hasPrefix("tag:"), filter.name.utf8.count > 4 {
        let key = String(filter.name.dropFirst(4))
        tests.append { row in tags(row).contains { $0.key == key && filter.values.contains($0.value) } }
      } else {
        throw refusal(
          "InvalidParameterValue.InvalidFilter", "InvalidParameterValue",
          because: "There is no filter '\(filter.name)'.")
      }
    }
    return { row in tests.allSatisfy { $0(row) } }
  }

  /// The values of a filter that names rows by id: the rows need not be searched for. Nil without such a filter.
  func filteredIDs(_ name: String) throws(Refusal) -> [String]? {
    try filters(100).first { $0.name == name }?.values
  }

  private func filters(_ maximumValues: Int) throws(Refusal) -> [Filter] {
    var result: [Filter] = []
    for value in list("Filters") {
      guard let record = value.asRecord, let name = record["Name"]?.asText else { continue }
      let values = (record["Values"]?.asList ?? []).compactMap(\.asText)
      guard values.count <= maximumValues else {
        throw refusal(
          "InvalidParameterValue.FilterLimitExceeded", "InvalidParameterValue.ParameterValueTooLarge",
          "InvalidParameterValue.Length", "InvalidParameterValue",
          because: "The filter \(name) takes at most \(maximumValues) values; these are \(values.count).")
      }
      result.append(Filter(name: name, values: values))
    }
    return result
  }

  /// The window of `Offset` and `Limit`, and how many rows there were before it.
  func page<R>(_ rows: [R]) throws(Refusal) -> (total: Int, rows: ArraySlice<R>) {
    let offset = try pageNumber("Offset", default: 0, 0...Int.max)
    let limit = try pageNumber("Limit", default: 20, 1...100)
    return (rows.count, rows.dropFirst(offset).prefix(limit))
  }

  private func pageNumber(_ name: String, default standard: Int, _ range: ClosedRange<Int>) throws(Refusal) -> Int {
    guard has(name) else { return standard }
    guard let number = int(name) ?? text(name).flatMap({ Int($0) }), range.contains(number) else {
      throw refusal(
        "InvalidParameterValue.InvaildPageParam", "InvalidParameterValue.Range", "InvalidParameterValue",
        because: "\(name) is out of range.")
    }
    return number
  }
}
