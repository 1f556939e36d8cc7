import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

/// A service under the name by which the text calls it.
struct UsedService {
  let catalog: ServiceCatalog
  let region: Expression?
  let span: Span
  var defaults: [Default] = []

  /// `EcmRegion: region` of `use ecm with (EcmRegion: region)`
  struct Default {
    let name: Name
    let value: Expression
    let type: ValueType
    /// What it has been held against, each once.
    var judged: [Judgement] = []
  }

  /// What a parameter wants of a default.
  struct Judgement: Equatable {
    let type: ValueType
    let constraints: Constraints
    let allowsSecrets: Bool
  }
}

extension Checker {
  /// The names of the services, before anything else is looked at.
  mutating func declareServices() {
    for use in tree.uses {
      guard let catalog = Catalog.service(use.service.text) else {
        report(.noSuchService(use.service, suggestion(for: use.service.text, among: Catalog.serviceNames)))
        continue
      }
      let name = use.alias ?? use.service
      if let earlier = services[name.text] {
        report(.usedTwice(name, earlier.span))
        continue
      }
      services[name.text] = UsedService(catalog: catalog, region: use.region, span: name.span)
    }
  }

  /// What `in` and `with (…)` say; only inputs are visible there.
  mutating func checkServiceArguments() {
    for use in tree.uses {
      let name = (use.alias ?? use.service).text
      if let region = use.region { checkRegion(region, use) }
      var given: [String: Span] = [:]
      var defaults: [UsedService.Default] = []
      for argument in use.defaults {
        let type = infer(argument.value)
        guard let parameter = argument.name else {
          report(.unnamedDefault(argument.span))
          continue
        }
        if let earlier = given.updateValue(parameter.span, forKey: parameter.text) {
          report(.defaultTwice(parameter, earlier))
          continue
        }
        defaults.append(UsedService.Default(name: parameter, value: argument.value, type: type))
      }
      if services[name]?.span == (use.alias ?? use.service).span { services[name]?.defaults = defaults }
    }
  }

  private mutating func checkRegion(_ region: Expression, _ use: Use) {
    var wanted = Expectation(.id(service: use.service.text, kind: "Region"), of: "the region", code: .typeMismatch)
    wanted.allowsSecrets = false
    check(region, wanted)
    guard let catalog = Catalog.service(use.service.text), let first = catalog.actionNames.first else { return }
    if catalog.action(first)?.regionRequired == false { report(.regionIsParameter(region.span, use.service)) }
  }

  /// A default that no call of the text takes may be an oversight, or no parameter at all.
  mutating func checkServiceDefaultsAreTaken() {
    for use in tree.uses {
      guard let used = services[(use.alias ?? use.service).text] else { continue }
      for item in used.defaults where item.judged.isEmpty {
        var names: [String] = []
        for action in used.catalog.actionNames {
          names += used.catalog.action(action)?.parameters.map(\.name) ?? []
        }
        guard !names.contains(item.name.text) else { continue }
        report(.unknownDefault(item.name, used.catalog.name, suggestion(for: item.name.text, among: names)))
      }
      services[(use.alias ?? use.service).text]?.defaults = []
    }
  }

  /// The service of a call; nil, with a problem reported, when there is none.
  mutating func resolveService(_ name: Name) -> UsedService? {
    if let used = services[name.text] { return used }
    if Catalog.service(name.text) != nil {
      if !tree.uses.contains(where: { $0.service.text == name.text }) { report(.serviceNotUsed(name)) }
    } else if !tree.uses.contains(where: { ($0.alias ?? $0.service).text == name.text }) {
      report(.unknownService(name, suggestion(for: name.text, among: services.keys.sorted())))
    }
    return nil
  }

  /// The action of a call; nil, with a problem reported, when there is none.
  mutating func resolveAction(_ name: Name, _ used: UsedService) -> ActionFacts? {
    if let facts = used.catalog.action(name.text) { return facts }
    report(.unknownAction(name, used.catalog.name, suggestion(for: name.text, among: used.catalog.actionNames)))
    return nil
  }
}

extension Diagnostic {
  fileprivate static func noSuchService(_ name: Name, _ near: Suggestion) -> Diagnostic {
    Diagnostic(
      .unknownService, name.span, "there is no service '\(name.text)'\(near)",
      hint: "the services are \(Catalog.serviceNames.joined(separator: " and "))", fixes: near.fixes(name.span))
  }

  fileprivate static func usedTwice(_ name: Name, _ earlier: Span) -> Diagnostic {
    Diagnostic(
      .duplicateName, name.span, "'\(name.text)' is used twice",
      hint: "give one of them a name of its own: 'use \(name.text) as other'",
      notes: [DiagnosticNote("the first is here", earlier)])
  }

  fileprivate static func unnamedDefault(_ span: Span) -> Diagnostic {
    Diagnostic(.positionalArgument, span, "a parameter is given by its name: 'EcmRegion: region'")
  }

  fileprivate static func defaultTwice(_ name: Name, _ earlier: Span) -> Diagnostic {
    Diagnostic(
      .duplicateParameter, name.span, "'\(name.text)' is given twice",
      notes: [DiagnosticNote("the first is here", earlier)])
  }

  fileprivate static func regionIsParameter(_ span: Span, _ service: Name) -> Diagnostic {
    Diagnostic(
      .unknownParameter, span, "'\(service.text)' has no common region",
      hint: "its actions take a parameter: 'use \(service.text) with (EcmRegion: …)'")
  }

  fileprivate static func unknownDefault(_ name: Name, _ service: String, _ near: Suggestion) -> Diagnostic {
    Diagnostic(
      .unknownParameter, name.span, "no action of '\(service)' has a parameter '\(name.text)'\(near)",
      fixes: near.fixes(name.span))
  }

  fileprivate static func serviceNotUsed(_ name: Name) -> Diagnostic {
    Diagnostic(
      .unknownService, name.span, "the service '\(name.text)' is not used here",
      hint: "add 'use \(name.text)' below the header")
  }

  fileprivate static func unknownService(_ name: Name, _ near: Suggestion) -> Diagnostic {
    Diagnostic(
      .unknownService, name.span, "there is no service '\(name.text)' here\(near)", fixes: near.fixes(name.span))
  }

  fileprivate static func unknownAction(_ name: Name, _ service: String, _ near: Suggestion) -> Diagnostic {
    Diagnostic(
      .unknownAction, name.span, "'\(service)' has no action '\(name.text)'\(near)", fixes: near.fixes(name.span))
  }
}
