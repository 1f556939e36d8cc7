import Values

/// What goes wrong in a cloud, as a file says it: faults, each from an instant on.
package struct Scenario: Sendable, Hashable {
  package struct Entry: Sendable, Hashable {
    package let fault: Fault
    /// From the arming of the scenario.
    package let after: Duration
  }

  /// Draws the probabilities and latencies; nil leaves them to the cloud's own.
  package var seed: UInt64?
  package var entries: [Entry]

  package init(seed: UInt64? = nil, _ faults: [Fault]) {
    self.seed = seed
    entries = faults.map { Entry(fault: $0, after: .zero) }
  }

  /// `{"seed": N, "faults": [TEXT, {"fault": TEXT, "after": DURATION}, {"action": …, "nth": …, "kind": …}]}`
  package init(decoding value: Value) throws(FaultProblem) {
    guard let record = value.asRecord, let faults = record["faults"]?.asList else {
      throw FaultProblem(scenario: "it must be {\"faults\": [FAULT, …]}")
    }
    try Scenario.check(record, against: ["seed", "faults", "description"], at: "")
    if let seed = record["seed"] {
      guard let number = seed.asInt else { throw FaultProblem(scenario: "seed: a whole number is wanted") }
      self.seed = UInt64(bitPattern: Int64(number))
    }
    entries = []
    for (index, fault) in faults.enumerated() { entries.append(try Scenario.entry(fault, at: "faults[\(index)]")) }
  }

  private static func entry(_ value: Value, at place: String) throws(FaultProblem) -> Entry {
    if let text = value.asText { return Entry(fault: try Fault(parsing: text), after: .zero) }
    guard let record = value.asRecord else {
      throw FaultProblem(scenario: "\(place): a text or an object is wanted, not a \(value.kindName)")
    }
    try check(record, against: ["fault", "after", "action", "nth", "every", "probability", "kind"], at: place)
    var after = Duration.zero
    if let given = record["after"] {
      guard let duration = Duration(faultText: given.asText ?? ""), duration >= .zero else {
        throw FaultProblem(scenario: "\(place).after: a duration is wanted, such as \"30s\"")
      }
      after = duration
    }
    return Entry(fault: try Fault(parsing: try text(record, at: place)), after: after)
  }

  private static func text(_ record: Record, at place: String) throws(FaultProblem) -> String {
    if let text = record["fault"]?.asText {
      guard record.names.allSatisfy({ ["fault", "after"].contains($0) }) else {
        throw FaultProblem(scenario: "\(place): fault says it all; only after may stand beside it")
      }
      return text
    }
    guard let action = record["action"]?.asText, let kind = record["kind"]?.asText else {
      throw FaultProblem(scenario: "\(place): fault is missing, or action and kind")
    }
    let moments = [
      record["nth"].map(\.display), record["every"].map { "every=\($0.display)" },
      record["probability"].map { "p=\($0.display)" },
    ].compactMap { $0 }
    guard moments.count <= 1 else {
      throw FaultProblem(scenario: "\(place): only one of nth, every and probability may be given")
    }
    return "\(action):\(moments.first ?? "0"):\(kind)"
  }

  private static func check(_ record: Record, against names: [String], at place: String) throws(FaultProblem) {
    guard let unknown = record.names.first(where: { !names.contains($0) }) else { return }
    let path = place.isEmpty ? unknown : "\(place).\(unknown)"
    throw FaultProblem(scenario: "\(path): there is no such member; it takes \(names.joined(separator: ", "))")
  }
}
