import Synchronization
import Values

/// The cloud's contract: the facts of the books and what each action means. Read-only; the same in every process.
package enum Catalog {
  /// The services in the order in which they are listed.
  package static let serviceNames = ["ecm", "cvm"]

  package static func service(_ name: String) -> ServiceCatalog? {
    switch name {
    case "ecm": ecm
    case "cvm": cvm
    default: nil
    }
  }

  package static func action(_ id: ActionID) -> ActionFacts? { service(id.service)?.action(id.name) }

  /// What an action does, how it is undone, awaited and found again. Nil for an action that is not classified yet.
  package static func meaning(_ id: ActionID) -> ActionMeaning? {
    switch id.service {
    case "ecm": ecmMeaning(of: id.name)
    case "cvm": cvmMeaning(of: id.name)
    default: nil
    }
  }

  private static let ecm = ServiceCatalog(name: "ecm", facts: ecmFacts)
  private static let cvm = ServiceCatalog(name: "cvm", facts: cvmFacts, inferred: cvmInferredFacts)
}

/// One service of the cloud.
package final class ServiceCatalog: Sendable {
  package let name: String
  private let reader: FactsReader
  /// Of the actions that the books list without a page.
  private let inferred: FactsReader?
  private let parsedActions = Mutex<[String: ActionFacts]>([:])
  private let parsedStructures = Mutex<[String: StructureFacts]>([:])

  init(name: String, facts: StaticString, inferred: StaticString? = nil) {
    self.name = name
    reader = FactsReader(facts)
    self.inferred = inferred.map { FactsReader($0) }
  }

  /// The API version, such as `2019-07-19`.
  package var version: String { reader.head("version") ?? "" }
  /// The host name that serves every region.
  package var endpoint: String { reader.head("endpoint") ?? "" }
  /// Those that have a page in the books, in the books' order; then those that are only listed there.
  package var actionNames: [String] { documentedActionNames + (inferred?.actionNames ?? []) }
  package var documentedActionNames: [String] { reader.actionNames }
  package var structureNames: [String] { reader.structureNames }

  /// The error codes that every action may answer.
  package var commonErrors: [String] { reader.heads.filter { $0.word == "commonerror" }.map(\.rest) }

  package func action(_ name: String) -> ActionFacts? {
    parsedActions.withLock { parsed in
      if let known = parsed[name] { return known }
      let facts = reader.action(self.name, name) ?? inferred?.action(self.name, name, isInferred: true)
      parsed[name] = facts
      return facts
    }
  }

  package func structure(_ name: String) -> StructureFacts? {
    parsedStructures.withLock { parsed in
      if let known = parsed[name] { return known }
      let facts = reader.structure(name)
      parsed[name] = facts
      return facts
    }
  }
}
