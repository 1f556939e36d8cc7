import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

extension Checker {
  /// A record literal where the cloud wants a structure: its members one by one, at any depth.
  mutating func checkStructure(
    _ entries: [RecordEntry], _ service: String, _ structure: String, _ span: Span, _ wanted: Expectation
  ) -> ValueType {
    guard let catalog = Catalog.service(service), let facts = catalog.structure(structure) else {
      for entry in entries { _ = infer(entry.value) }
      return .unknown
    }
    var fields: [ValueType.RecordField] = []
    var given: [String: Span] = [:]
    var meant: Set<String> = []
    for entry in entries {
      let name = entry.name.text
      let earlier = given.updateValue(entry.name.span, forKey: name)
      guard let member = facts.member(name) else {
        _ = infer(entry.value)
        let near = suggestion(for: name, among: facts.members.map(\.name))
        if let near = near.name { meant.insert(near) }
        report(.unknownMember(entry.name, service, facts, near))
        continue
      }
      let type = check(entry.value, wanted.member(member, catalog))
      if let earlier {
        report(.duplicateMember(entry.name, earlier))
      } else {
        fields.append(ValueType.RecordField(name, type))
      }
    }
    let missing = facts.members.filter { $0.required && given[$0.name] == nil && !meant.contains($0.name) }.map(\.name)
    if !missing.isEmpty { report(.missingMembers(span, service, structure, missing)) }
    checkExclusions(facts.members, given: entries.map(\.name).filter { given[$0.text] == $0.span })
    return .record(fields)
  }

  /// Parameters, or members of one structure, that may not be given together: one problem for each pair.
  mutating func checkExclusions(_ members: [MemberFacts], given: [Name]) {
    for (place, name) in given.enumerated() {
      guard let exclusive = members.first(where: { $0.name == name.text })?.constraints.exclusive else { continue }
      for other in given[..<place] where other.text != name.text {
        let isMutual = members.first { $0.name == other.text }?.constraints.exclusive.contains(name.text) ?? false
        if isMutual || exclusive.contains(other.text) { report(.exclusive(name, other)) }
      }
    }
  }
}

extension Expectation {
  /// What is wanted of one member of the structure that stands here.
  func member(_ facts: MemberFacts, _ catalog: ServiceCatalog) -> Expectation {
    var copy = self
    copy.type = catalog.type(of: facts)
    copy.subject = "'\(facts.name)'"
    copy.constraints = facts.constraints
    copy.unit = ParameterUnit.of(facts)
    copy.path = path.isEmpty ? facts.name : "\(path).\(facts.name)"
    return copy
  }
}

extension Diagnostic {
  fileprivate static func unknownMember(
    _ name: Name, _ service: String, _ structure: StructureFacts, _ near: Suggestion
  ) -> Diagnostic {
    let known = listed(structure.members.map(\.name))
    return Diagnostic(
      .unknownParameter, name.span, "the structure \(service).\(structure.name) has no member '\(name.text)'\(near)",
      hint: near.isEmpty ? "it has \(known)" : nil, fixes: near.fixes(name.span))
  }

  fileprivate static func duplicateMember(_ name: Name, _ earlier: Span) -> Diagnostic {
    Diagnostic(
      .duplicateParameter, name.span, "'\(name.text)' is given twice",
      notes: [DiagnosticNote("the first is here", earlier)])
  }

  fileprivate static func missingMembers(_ span: Span, _ service: String, _ structure: String, _ names: [String])
    -> Diagnostic
  {
    Diagnostic(
      .missingParameter, span,
      "the structure \(service).\(structure) needs \(names.map { "'\($0)'" }.joined(separator: ", "))")
  }

  fileprivate static func exclusive(_ name: Name, _ other: Name) -> Diagnostic {
    Diagnostic(
      .exclusiveParameters, name.span, "'\(name.text)' may not be given together with '\(other.text)'",
      notes: [DiagnosticNote("'\(other.text)' is given here", other.span)])
  }
}
