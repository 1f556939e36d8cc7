import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

extension Checker {
  /// One API call with its modifiers. Returns the type of its answer.
  @discardableResult
  mutating func checkCall(_ call: Call) -> ValueType {
    guard let used = resolveService(call.service), let facts = resolveAction(call.action, used) else {
      for argument in call.arguments { _ = infer(argument.value) }
      checkModifiers(call, answer: .unknown)
      return .unknown
    }
    let meaning = Catalog.meaning(facts.id)
    let answer = ValueType.result(service: facts.id.service, action: facts.id.name)
    note(effect: facts.id)
    if meaning == nil, !Checker.isRead(facts.id) { report(.unclassified(call.action, facts.id)) }
    let arguments = checkArguments(call, facts, used, secrets: meaning?.secrets ?? [])
    checkOwners(call, facts, meaning)
    checkModifiers(call, answer: answer)
    checkRetryCodes(call.retry, facts, used)
    tally(call, facts.id, meaning, arguments.values)
    noteFallible(call.service.span.union(call.action.span), "this call")
    let undo = checkUndo(call, facts.id, meaning)
    noteIrreversible(call, undo)
    calls[call.id.index] = CheckedCall(
      action: facts.id, arguments: arguments.values, region: arguments.region, undo: undo)
    return answer
  }

  /// Whether an action changes nothing; for one without a meaning its name tells.
  static func isRead(_ action: ActionID) -> Bool {
    if let meaning = Catalog.meaning(action) { return meaning.effect == .read }
    return ["Describe", "Inquiry", "Inquire"].contains { action.name.hasPrefix($0) }
  }

  private struct CheckedArguments {
    var values: [(name: String, value: Expression)] = []
    var region: Expression?
    var given: [Name] = []
    /// What misspelt names most likely meant: their absence is no problem of its own.
    var meant: Set<String> = []
    var hasUnnamed = false
  }

  private mutating func checkArguments(
    _ call: Call, _ facts: ActionFacts, _ used: UsedService, secrets: [String]
  ) -> CheckedArguments {
    var result = CheckedArguments()
    var seen: [String: Span] = [:]
    for argument in call.arguments {
      guard let name = argument.name else {
        _ = infer(argument.value)
        report(.positional(argument.span, facts))
        result.hasUnnamed = true
        continue
      }
      let earlier = seen.updateValue(name.span, forKey: name.text)
      if let earlier { report(.givenTwice(name, earlier)) }
      if let parameter = facts.parameter(name.text) {
        check(argument.value, expectation(parameter, used.catalog, secrets))
        result.values.append((name.text, argument.value))
        if earlier == nil { result.given.append(name) }
      } else if name.text == "Region", facts.regionRequired {
        check(
          argument.value,
          Expectation(.id(service: used.catalog.name, kind: "Region"), of: "'Region'", code: .wrongParameterType))
        result.region = argument.value
      } else {
        _ = infer(argument.value)
        let near = suggestion(for: name.text, among: facts.parameters.map(\.name))
        if let meant = near.name { result.meant.insert(meant) }
        report(.unknownParameter(name, facts, near))
      }
    }
    addDefaults(call.service.text, facts, used, secrets, to: &result)
    checkExclusions(facts.parameters, given: result.given)
    checkMissing(call, facts, used, seen, &result)
    return result
  }

  /// What `use … with (…)` supplies, where the action takes it and the call does not give it.
  private mutating func addDefaults(
    _ service: String, _ facts: ActionFacts, _ used: UsedService, _ secrets: [String], to result: inout CheckedArguments
  ) {
    for (place, item) in used.defaults.enumerated() {
      guard let parameter = facts.parameter(item.name.text) else { continue }
      let wanted = expectation(parameter, used.catalog, secrets)
      let judgement = UsedService.Judgement(
        type: wanted.type, constraints: wanted.constraints, allowsSecrets: wanted.allowsSecrets)
      if !item.judged.contains(judgement) {
        services[service]?.defaults[place].judged.append(judgement)
        relate(item.value, item.type, wanted)
      }
      if !result.values.contains(where: { $0.name == item.name.text }) {
        result.values.append((item.name.text, item.value))
      }
    }
  }

  private mutating func checkMissing(
    _ call: Call, _ facts: ActionFacts, _ used: UsedService, _ seen: [String: Span], _ result: inout CheckedArguments
  ) {
    let missing = facts.parameters.filter { parameter in
      parameter.required && seen[parameter.name] == nil && !result.values.contains { $0.name == parameter.name }
    }
    let unsaid = missing.map(\.name).filter { !result.meant.contains($0) }
    if !unsaid.isEmpty, !result.hasUnnamed { report(.missing(call.action, facts, unsaid)) }
    if result.region == nil { result.region = used.region }
    if facts.regionRequired, result.region == nil { report(.missingRegion(call.action, call.service)) }
  }

  private func expectation(_ parameter: MemberFacts, _ catalog: ServiceCatalog, _ secrets: [String]) -> Expectation {
    var wanted = Expectation(.unknown, of: "", code: .wrongParameterType).member(parameter, catalog)
    wanted.isForCloud = true
    wanted.allowsSecrets = secrets.contains(parameter.name)
    return wanted
  }
}

extension Diagnostic {
  fileprivate static func unclassified(_ name: Name, _ action: ActionID) -> Diagnostic {
    Diagnostic(
      .unclassifiedAction, name.span,
      "the catalog does not say yet what '\(action)' changes: it could be neither undone nor found again"
    )
  }

  fileprivate static func positional(_ span: Span, _ facts: ActionFacts) -> Diagnostic {
    let example = facts.parameters.first.map { ": '\($0.name): …'" } ?? ""
    return Diagnostic(.positionalArgument, span, "a parameter of '\(facts.id.name)' is given by its name\(example)")
  }

  fileprivate static func givenTwice(_ name: Name, _ earlier: Span) -> Diagnostic {
    Diagnostic(
      .duplicateParameter, name.span, "'\(name.text)' is given twice",
      notes: [DiagnosticNote("the first is here", earlier)])
  }

  fileprivate static func unknownParameter(_ name: Name, _ facts: ActionFacts, _ near: Suggestion) -> Diagnostic {
    let known = facts.parameters.map(\.name)
    let hint = known.isEmpty ? "it takes no parameters" : "it takes \(listed(known))"
    return Diagnostic(
      .unknownParameter, name.span, "'\(facts.id.name)' has no parameter '\(name.text)'\(near)",
      hint: near.isEmpty ? hint : nil, fixes: near.fixes(name.span))
  }

  fileprivate static func missing(_ name: Name, _ facts: ActionFacts, _ missing: [String]) -> Diagnostic {
    Diagnostic(
      .missingParameter, name.span,
      "'\(facts.id.name)' needs \(missing.map { "'\($0)'" }.joined(separator: ", "))",
      hint: missing == ["EcmRegion"] ? "'use \(facts.id.service) with (EcmRegion: …)' gives it to every call" : nil)
  }

  fileprivate static func missingRegion(_ name: Name, _ service: Name) -> Diagnostic {
    Diagnostic(
      .missingParameter, name.span, "'\(name.text)' needs a region",
      hint: "'use \(service.text) in \"ap-guangzhou\"' gives one to every call, 'Region: …' to this one")
  }
}
