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

  func number(_ member: String, else standard: Int? = nil) throws(WorldFile.Problem) -> Int {
    guard let value = record[member] else {
      guard let standard else { throw WorldFile.Problem(description: "\(path(member)): it is missing") }
      return standard
    }
    guard let number = value.asInt, (1...1_000_000_000).contains(number) else {
      throw WorldFile.Problem(description: "\(path(member)): a whole number above 0 is wanted")
    }
    return number
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
