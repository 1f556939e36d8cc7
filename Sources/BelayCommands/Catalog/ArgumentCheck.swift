import CloudCatalog
import Diagnostics
import Values

/// Holds the arguments of a call against the books before anything is sent. Finds everything at once; a secret's text
/// is looked at, never told.
struct ArgumentCheck {
  private(set) var problems: [String] = []
  private let service: ServiceCatalog

  /// Nil for an action of no known service.
  init?(_ arguments: CallArguments, of facts: ActionFacts) {
    guard let service = Catalog.service(facts.id.service) else { return nil }
    self.service = service
    problems = arguments.problems
    checkMembers(arguments.record, facts.parameters, of: "'\(facts.id)'", kind: "parameter", path: "", isTop: true)
    if facts.regionRequired, arguments.region == nil { problems.append("'\(facts.id)' needs a region: --region") }
  }

  /// Holds what a person says that an action answered against what the books say that it answers.
  init?(result: Record, of facts: ActionFacts) {
    guard let service = Catalog.service(facts.id.service) else { return nil }
    self.service = service
    checkMembers(result, facts.outputs, of: "the result of '\(facts.id)'", kind: "member", path: "", isTop: false)
  }

  private mutating func checkMembers(
    _ record: Record, _ known: [MemberFacts], of owner: String, kind: String, path: String, isTop: Bool
  ) {
    for (name, value) in record {
      guard let member = known.first(where: { $0.name == name }) else {
        problems.append("\(owner) has no \(kind) '\(name)'\(hint(name, known))")
        continue
      }
      check(value, member.type, member, path: path + name)
      for other in member.constraints.exclusive where name < other && record[other] != nil {
        problems.append("'\(path)\(name)' and '\(path)\(other)' cannot be given together")
      }
    }
    // What could not be read has been told already.
    let missing = known.filter { member in
      member.required && record[member.name] == nil
        && !(isTop && problems.contains { $0.hasPrefix("'\(member.name)' ") })
    }
    if !missing.isEmpty { problems.append("\(owner) needs \(missing.map { "'\($0.name)'" }.joined(separator: ", "))") }
  }

  private func hint(_ name: String, _ known: [MemberFacts]) -> String {
    let near = didYouMean(name, among: known.map(\.name))
    guard near.isEmpty else { return near }
    return known.isEmpty ? "; it has none" : "; it has \(known.map(\.name).joined(separator: ", "))"
  }

  private mutating func check(_ value: Value, _ type: FactType, _ member: MemberFacts, path: String) {
    switch type {
    case .array(let element):
      guard case .list(let elements) = value else { return mismatch(value, type, path) }
      if let maximum = member.constraints.maximumItems, elements.count > maximum {
        problems.append("'\(path)' takes at most \(maximum) elements, but these are \(elements.count)")
      }
      for (index, item) in elements.enumerated() { check(item, element, member, path: "\(path)[\(index)]") }
    case .structure(let name):
      guard let record = value.asRecord else { return mismatch(value, type, path) }
      // One structure of the CVM book has no table: whatever is in it is let through.
      guard let structure = service.structure(name), !structure.members.isEmpty else { return }
      checkMembers(
        record, structure.members, of: "'\(path)' (\(name))", kind: "member", path: "\(path).", isTop: false)
    case .integer, .float, .boolean, .string, .timestamp:
      guard ArgumentCheck.fits(value, type) else { return mismatch(value, type, path) }
      checkConstraints(value, member, path)
    }
  }

  private static func fits(_ value: Value, _ type: FactType) -> Bool {
    switch (value, type) {
    case (.int, .integer), (.int, .float), (.float, .float), (.bool, .boolean): true
    case (.text, .string), (.text, .timestamp), (.secret, .string), (.secret, .timestamp): true
    default: false
    }
  }

  private mutating func mismatch(_ value: Value, _ type: FactType, _ path: String) {
    problems.append("'\(path)' is \(type.withArticle), but this is \(ArgumentCheck.shown(value))")
  }

  private mutating func checkConstraints(_ value: Value, _ member: MemberFacts, _ path: String) {
    let stated = member.constraints
    let plain = value.revealed
    if !stated.enumeration.isEmpty, !stated.enumeration.contains(plain.display) {
      let near = value.asText.map { didYouMean($0, among: stated.enumeration) } ?? ""
      return report(value, path, "is one of \(stated.enumeration.joined(separator: ", "))", near)
    }
    if let number = plain.number {
      if let minimum = stated.minimum, number < minimum {
        report(value, path, "is at least \(ConstraintWording.number(minimum))")
      }
      if let maximum = stated.maximum, number > maximum {
        report(value, path, "is at most \(ConstraintWording.number(maximum))")
      }
    }
    if let text = plain.asText { checkText(text, value, member, path) }
  }

  private mutating func checkText(_ text: String, _ value: Value, _ member: MemberFacts, _ path: String) {
    let stated = member.constraints
    if let minimum = stated.minimumLength, text.count < minimum {
      report(value, path, "has at least \(minimum) characters")
    }
    if let maximum = stated.maximumLength, text.count > maximum {
      report(value, path, "has at most \(maximum) characters")
    }
    if let pattern = stated.pattern, !TextForm.matches(text, pattern) { report(value, path, "has the form \(pattern)") }
    if let format = stated.format, let form = TextForm.named(format), !form.accepts(text) {
      report(value, path, "is \(form.wording)")
    }
    if let kind = IDKind.ofMember(member.name, service: service.name), !kind.accepts(text) {
      let prefixes = kind.prefixes.map { "\($0)…" }.joined(separator: " or ")
      report(value, path, "is \(kind.spelling), which looks like \(prefixes)")
    }
  }

  private mutating func report(_ value: Value, _ path: String, _ rule: String, _ near: String = "") {
    problems.append("'\(path)' \(rule), but this is \(ArgumentCheck.shown(value))\(near)")
  }

  private static func shown(_ value: Value) -> String {
    switch value {
    case .text(let text) where text.count > 40: "\(text.count) characters long"
    case .secret: "a secret that is not"
    case .list: "a list"
    case .record: "an object"
    case .null, .bool, .int, .float, .text, .duration, .quantity, .cidr: value.wording
    }
  }
}

/// A form of texts that the books name.
struct TextForm {
  let wording: String
  let accepts: (String) -> Bool

  static func named(_ format: String) -> TextForm? {
    switch format {
    case "cidr": TextForm(wording: "a network such as 10.20.0.0/16") { CIDR($0) != nil }
    case "base64":
      TextForm(wording: "base64") { matches($0, "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?") }
    case "date": TextForm(wording: "YYYY-MM-DD") { matches($0, #"\d{4}-\d\d-\d\d"#) }
    case "month": TextForm(wording: "YYYY-MM") { matches($0, #"\d{4}-\d\d"#) }
    case "datetime": TextForm(wording: "YYYY-MM-DD HH:MM:SS") { matches($0, #"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"#) }
    case "iso8601":
      TextForm(wording: "YYYY-MM-DDThh:mm:ssZ") { matches($0, #"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:?\d\d)"#) }
    default: nil
    }
  }

  /// Whether the whole text is of a pattern; a pattern that cannot be read lets everything through.
  static func matches(_ text: String, _ pattern: String) -> Bool {
    guard let regex = try? Regex(pattern) else { return true }
    return (try? regex.wholeMatch(in: text)) != nil
  }
}

extension Value {
  fileprivate var number: Double? {
    switch self {
    case .int(let value): Double(value)
    case .float(let value): value
    default: nil
    }
  }
}
