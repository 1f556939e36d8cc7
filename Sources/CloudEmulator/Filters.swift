import Values

/// One filter that a Describe action knows.
struct FilterField<R>: Sendable {
  let name: String
  /// Whether a part of the value is enough.
  let isFuzzy: Bool
  let values: @Sendable (R) -> [String]
  /// Where the rows stand that have one of the values; nil when no index tells.
  var places: @Sendable ([String]) -> [RowPlace]? = { _ in nil }

  static func exact(_ name: String, _ value: @escaping @Sendable (R) -> String) -> FilterField {
    FilterField(name: name, isFuzzy: false, values: { [value($0)] })
  }

  static func exact(_ name: String, of values: @escaping @Sendable (R) -> [String]) -> FilterField {
    FilterField(name: name, isFuzzy: false, values: values)
  }

  static func fuzzy(_ name: String, _ value: @escaping @Sendable (R) -> String) -> FilterField {
    FilterField(name: name, isFuzzy: true, values: { [value($0)] })
  }

  /// By the table's key of that name, or of another.
  static func key(_ name: String, of key: String? = nil) -> FilterField where R: Row {
    let key = key ?? name
    let texts = R.keys.first { $0.name == key }?.texts
    return FilterField(
      name: name, isFuzzy: false, values: { row in key == "id" ? [row.id] : texts?(row).list ?? [] },
      places: { wanted in wanted.map { RowPlace(key: key, texts: [$0], suffices: true) } })
  }

  /// The same rows, found by indexes.
  func found(_ places: @escaping @Sendable ([String]) -> [RowPlace]?) -> FilterField {
    FilterField(name: name, isFuzzy: isFuzzy, values: values, places: places)
  }

  /// A filter for a part of what a key of parts has.
  func found(byPartsOf key: String) -> FilterField {
    found { wanted in
      var places = [RowPlace(key: key, texts: [Trigrams.other], suffices: false)]
      for part in wanted {
        guard let texts = Trigrams.places(holding: part) else { return nil }
        // Three letters by themselves are a place of their own.
        places.append(RowPlace(key: key, texts: texts, suffices: texts.count == 1))
      }
      return places
    }
  }

  func term(_ wanted: [String]) -> RowTerm<R> {
    guard isFuzzy else {
      return RowTerm(places: places(wanted)) { row in values(row).contains { wanted.contains($0) } }
    }
    let parts = wanted.map { $0.lowercased() }
    return RowTerm(places: places(wanted)) { row in
      values(row).contains { value in
        let value = value.lowercased()
        return parts.contains { value.contains($0) }
      }
    }
  }
}

/// The filters of an action.
struct FilterSet<R>: Sendable {
  let fields: [FilterField<R>]
  /// With tags, the filters `tag-key` and `tag:KEY`.
  var tags: (@Sendable (R) -> [Tag])?
  /// Whether the table has the keys `tag` and `tag-key`.
  var indexesTags = false
  /// Whether there is a filter `tag-value`.
  var hasTagValue = false

  /// Nil when there is no such filter.
  func term(_ name: String, _ wanted: [String]) -> RowTerm<R>? {
    if let field = fields.first(where: { $0.name == name }) { return field.term(wanted) }
    guard let tags else { return nil }
    func places(_ key: String, _ texts: [String]) -> [RowPlace]? {
      indexesTags ? texts.map { RowPlace(key: key, texts: [$0], suffices: true) } : nil
    }
    if name == "tag-key" {
      return RowTerm(places: places("tag-key", wanted)) { row in tags(row).contains { wanted.contains($0.key) } }
    }
    if name == "tag-value", hasTagValue {
      return RowTerm(places: nil) { row in tags(row).contains { wanted.contains($0.value) } }
    }
    guard name.hasPrefix("tag:"), name.utf8.count > 4 else { return nil }
    let pairs = wanted.map { Tag(key: String(name.dropFirst(4)), value: $0) }
    return RowTerm(places: places("tag", pairs.map(\.place))) { row in tags(row).contains { pairs.contains($0) } }
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
    let terms = try terms(FilterSet(fields: fields, tags: tags), maximumValues: maximumValues)
    return { row in terms.allSatisfy { $0.passes(row) } }
  }

  /// The filters of the call, each as one term.
  func terms<R>(_ filters: FilterSet<R>, maximumValues: Int = 5) throws(Refusal) -> [RowTerm<R>] {
    var terms: [RowTerm<R>] = []
    for filter in try self.filters(maximumValues) {
      guard let term = filters.term(filter.name, filter.values) else {
        throw refusal(
          "InvalidParameterValue.InvalidFilter", "InvalidParameterValue",
          because: "There is no filter '\(filter.name)'.")
      }
      terms.append(term)
    }
    return terms
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

  /// The window of those rows that pass all terms, oldest first or newest first.
  func page<R>(
    _ table: Table<R>, _ terms: [RowTerm<R>], newestFirst: Bool = false
  ) throws(Refusal) -> (total: Int, rows: [R]) {
    let offset = try pageNumber("Offset", default: 0, 0...Int.max)
    let limit = try pageNumber("Limit", default: 20, 1...100)
    return table.page(terms, offset: offset, limit: limit, newestFirst: newestFirst)
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
