import CloudCatalog
import Values

/// What a call asks for in a zone, and how its page says that there is none.
package enum SoldOut {
  /// The faults that leave nothing for a call; none for one that takes nothing from a zone's stock.
  package static func faults(_ parameters: Record, _ facts: ActionFacts) -> [Fault] {
    guard code(facts) != nil else { return [] }
    return places(parameters).map { Fault.soldOut(zone: $0.zone, carrier: $0.carrier) }
  }

  /// The places in which a call that its parameters describe makes something.
  static func places(_ parameters: Record) -> [(zone: String, carrier: String?)] {
    var places: [(zone: String, carrier: String?)] = []
    for wanted in parameters["ZoneInstanceCountISPSet"]?.asList ?? [] {
      guard let record = wanted.asRecord, let zone = record["Zone"]?.asText else { continue }
      places.append((zone, record["ISP"]?.asText))
    }
    for holder in [parameters["Placement"]?.asRecord, parameters] {
      if let zone = holder?["Zone"]?.asText { places.append((zone, parameters["ISP"]?.asText)) }
    }
    return places
  }

  /// Nil for an action whose page prints no such code: it takes nothing from a zone's stock.
  static func code(_ facts: ActionFacts) -> String? {
    let preferred = [
      "ResourceInsufficient", "ResourceInsufficient.AvailabilityZoneSoldOut", "ResourcesSoldOut.AvailableZone",
      "ResourceInsufficient.SpecifiedInstanceType", "ResourcesSoldOut.SpecifiedInstanceType",
      "ResourceInsufficient.CloudDiskSoldOut",
    ]
    return preferred.first { facts.errors.contains($0) }
  }
}
