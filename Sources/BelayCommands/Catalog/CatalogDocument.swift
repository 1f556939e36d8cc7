import CloudCatalog
import Values

/// The catalog as one JSON object: `belay.actions/1`; described in docs/operations.md. Actions, parameters, results,
/// errors and members stand in the books' order.
enum CatalogDocument {
  static let format = "belay.actions/1"

  static func value(of services: [ServiceCatalog]) -> Value {
    var document: Record = ["format": .text(format)]
    for service in services { document[service.name] = value(of: service) }
    return .record(document)
  }

  private static func value(of service: ServiceCatalog) -> Value {
    let actions = service.actionNames.compactMap(service.action)
    let sent = SentStructures(service)
    return [
      "version": .text(service.version), "endpoint": .text(service.endpoint),
      "actions": .record(Record(actions.map { ($0.id.name, .record(record(of: $0))) })),
      "structures": .record(
        Record(
          service.structureNames.compactMap(service.structure).map { structure in
            (structure.name, .list(structure.members.map { member($0, of: structure, sent) }))
          })),
      "common_errors": .list(service.commonErrors.map(Value.text)),
    ]
  }

  /// One action: `belay.action/1` without its head.
  static func record(of facts: ActionFacts) -> Record {
    let head: Record = [
      "category": .text(facts.category), "summary": .text(facts.summary), "rate_limit": .int(facts.rate),
      "region_required": .bool(facts.regionRequired), "inferred": .bool(facts.isInferred),
      "params": .list(facts.parameters.map(parameter)),
      "outputs": .list(
        facts.outputs.map { output in
          [
            "name": .text(output.name), "type": .text(output.type.description), "nullable": .bool(output.nullable),
          ]
        }), "errors": .list(facts.errors.map(Value.text)),
    ]
    return head.merging(meaning(of: ActionNature(facts)))
  }

  private static func parameter(_ facts: MemberFacts) -> Value {
    let head: Record = [
      "name": .text(facts.name), "type": .text(facts.type.description), "required": .bool(facts.required),
    ]
    return .record(head.merging(constraints(of: facts)))
  }

  private static func member(_ facts: MemberFacts, of structure: StructureFacts, _ sent: SentStructures) -> Value {
    if sent.names.contains(structure.name) { return parameter(facts) }
    let head: Record = [
      "name": .text(facts.name), "type": .text(facts.type.description), "nullable": .bool(facts.nullable),
    ]
    return .record(head.merging(constraints(of: facts)))
  }

  /// Only what the books state.
  private static func constraints(of facts: MemberFacts) -> Record {
    let stated = facts.constraints
    var record = Record()
    record["default"] = stated.defaultValue.map { typed($0, facts.type) }
    if !stated.enumeration.isEmpty { record["enum"] = .list(stated.enumeration.map { typed($0, facts.type) }) }
    record["min"] = stated.minimum.map(Value.init(number:))
    record["max"] = stated.maximum.map(Value.init(number:))
    record["min_length"] = stated.minimumLength.map(Value.int)
    record["max_length"] = stated.maximumLength.map(Value.int)
    record["max_items"] = stated.maximumItems.map(Value.int)
    record["format"] = stated.format.map(Value.text)
    record["pattern"] = stated.pattern.map(Value.text)
    if !stated.exclusive.isEmpty { record["exclusive"] = .list(stated.exclusive.map(Value.text)) }
    return record
  }

  /// A printed value as the parameter would carry it; of an array, one element.
  private static func typed(_ text: String, _ type: FactType) -> Value {
    switch type {
    case .integer: Int(text).map(Value.int) ?? .text(text)
    case .float: Double(text).map(Value.init(number:)) ?? .text(text)
    case .boolean: ["true": Value.bool(true), "false": .bool(false)][text.lowercased()] ?? .text(text)
    case .array(let element): typed(text, element)
    case .string, .timestamp, .structure: .text(text)
    }
  }

  private static func meaning(of nature: ActionNature) -> Record {
    let meaning = nature.meaning
    let inverse = nature.inverse
    var record: Record = [
      "effect": .init(text: meaning?.effect.rawValue), "resource": .init(text: nature.resource),
      "identity": .init(text: meaning?.identity?.description), "inverse": undo(inverse),
      "quality": .text(inverse?.quality.rawValue ?? "none"), "undo_reason": .init(text: nature.undoReason),
      "before_image": inverse?.beforeImage.map { .record($0.form) } ?? .null,
      "lookup": inverse?.lookup.map { .record($0.form) } ?? .null,
      "leaves": .list(inverse?.leaves.map(Value.text) ?? []),
    ]
    record["probe"] = .null
    record["lost_reason"] = .null
    switch meaning?.lost {
    case .probe(let probe)?: record["probe"] = probe.form
    case .ask(let reason)?: record["lost_reason"] = .text(reason)
    case .resend?, nil: break
    }
    record["wait"] = meaning.map { $0.wait?.form ?? "immediate" } ?? .null
    record["idempotency"] = .init(text: nature.idempotency)
    record["client_token"] = .init(text: meaning?.clientToken)
    record["given"] = .record(Record(meaning?.given.map { ($0.name, $0.value) } ?? []))
    record["conflicts"] = .list(meaning?.conflicts.map { .text($0.description) } ?? [])
    record["cascades"] = .list(meaning?.cascades.map(\.form) ?? [])
    record["budget"] = meaning?.budget?.form ?? .null
    record["secrets"] = .list(meaning?.secrets.map(Value.text) ?? [])
    record["secret_results"] = .list(meaning?.secretResults.map { .text($0.description) } ?? [])
    record["partial_failure"] = .init(text: meaning?.partialFailure?.description)
    record["condition"] = .init(text: meaning?.condition)
    record["doubt"] = .init(text: nature.doubt)
    record["read"] = nature.read?.form ?? .null
    return record
  }

  /// The first call, with further ones under `then`; null when there is no inverse.
  private static func undo(_ inverse: Inverse?) -> Value {
    guard let inverse, let first = inverse.calls.first else { return .null }
    var record = first.form
    if inverse.calls.count > 1 { record["then"] = .list(inverse.calls.dropFirst().map { .record($0.form) }) }
    return .record(record)
  }
}

extension Cascade {
  fileprivate var form: Value {
    ["resource": .text(resource), "effect": .text(effect), "condition": .init(text: condition)]
  }
}

extension Budget {
  fileprivate var form: Value {
    ["name": .text(name), "period": .text(period.rawValue), "units": units.form, "limit": .text(limit)]
  }
}

extension Value {
  fileprivate init(text: String?) { self = text.map(Value.text) ?? .null }

  /// A whole number as an Int.
  fileprivate init(number: Double) { self = Int(exactly: number).map(Value.int) ?? .float(number) }
}
