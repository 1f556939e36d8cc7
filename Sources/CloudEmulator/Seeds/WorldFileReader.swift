import Values

/// One object of a world file, with the place where it stands.
struct WorldFileReader {
  let record: Record
  let place: String

  init(_ value: Value, at place: String, _ members: [String]) throws(WorldFile.Problem) {
    let here = place.isEmpty ? "the file" : place
    guard let record = value.asRecord else {
      throw WorldFile.Problem(description: "\(here): an object is wanted, not a \(value.kindName)")
    }
    if let unknown = record.names.first(where: { !members.contains($0) }) {
      throw WorldFile.Problem(
        description: "\(here): there is no member '\(unknown)'; it takes \(members.joined(separator: ", "))")
    }
    self.record = record
    self.place = place
  }

  private func path(_ member: String) -> String { place.isEmpty ? member : "\(place).\(member)" }

  /// Nil when the member is not there. A list that is there is not empty.
  func rows(_ member: String) throws(WorldFile.Problem) -> [Value]? {
    guard let value = record[member] else { return nil }
    guard let rows = value.asList, !rows.isEmpty else {
      throw WorldFile.Problem(description: "\(path(member)): a list of one or more is wanted")
    }
    return rows
  }

  /// Nil when the member is not there.
  func object(_ member: String, _ members: [String]) throws(WorldFile.Problem) -> WorldFileReader? {
    guard let value = record[member] else { return nil }
    return try WorldFileReader(value, at: path(member), members)
  }

  func text(_ member: String, else standard: String? = nil) throws(WorldFile.Problem) -> String {
    guard let value = record[member] else {
      guard let standard else { throw WorldFile.Problem(description: "\(path(member)): it is missing") }
      return standard
    }
    guard let text = value.asText, !text.isEmpty else {
      throw WorldFile.Problem(description: "\(path(member)): a text is wanted")
    }
    return text
  }

  /// At least `least`, and at most `most`, which keeps sums of products within range.
  func number(
    _ member: String, else standard: Int? = nil, from least: Int = 1, upTo most: Int = 1_000_000_000
  ) throws(WorldFile.Problem) -> Int {
    guard let value = record[member] else {
      guard let standard else { throw WorldFile.Problem(description: "\(path(member)): it is missing") }
      return standard
    }
    guard let number = value.asInt, (least...most).contains(number) else {
      throw WorldFile.Problem(description: "\(path(member)): a whole number from \(least) to \(most) is wanted")
    }
    return number
  }

  /// An amount of dollars, in hundred-thousandths.
  func dollars(_ member: String, else standard: Int) throws(WorldFile.Problem) -> Int {
    guard let value = record[member] else { return standard }
    let amount: Double? =
      switch value {
      case .int(let whole): Double(whole)
      case .float(let amount): amount
      default: nil
      }
    guard let amount, (0...10_000).contains(amount) else {
      throw WorldFile.Problem(description: "\(path(member)): an amount from 0 to 10000 dollars is wanted")
    }
    return Int((amount * 100_000).rounded())
  }

  func flag(_ member: String, else standard: Bool) throws(WorldFile.Problem) -> Bool {
    guard let value = record[member] else { return standard }
    guard let flag = value.asBool else {
      throw WorldFile.Problem(description: "\(path(member)): true or false is wanted")
    }
    return flag
  }

  /// An id of the prefix, such as `img-`, that no other of its kind has.
  func id(_ prefix: String, in seen: inout Set<String>) throws(WorldFile.Problem) -> String {
    let id = try unique("id", in: &seen)
    guard CvmID.isWellFormed(id, prefix) else {
      throw WorldFile.Problem(
        description: "\(path("id")): '\(id)' must be \(prefix)- and 8 or 9 small letters or digits")
    }
    return id
  }

  /// A text that no other of its kind has.
  func unique(_ member: String, in seen: inout Set<String>) throws(WorldFile.Problem) -> String {
    let text = try text(member)
    guard seen.insert(text).inserted else {
      throw WorldFile.Problem(description: "\(path(member)): '\(text)' occurs twice")
    }
    return text
  }
}
