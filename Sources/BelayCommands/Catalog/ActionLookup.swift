import CloudCatalog
import Diagnostics

/// Finds services and actions by what a person typed.
enum ActionLookup {
  /// Every action of every service, by service and name.
  static let all = Catalog.serviceNames.flatMap { name in
    (Catalog.service(name)?.actionNames ?? []).map { ActionID(name, $0) }
  }

  static func service(_ name: String) throws(CommandFailure) -> ServiceCatalog {
    if let service = Catalog.service(name) { return service }
    let near = didYouMean(name, among: Catalog.serviceNames)
    let known = near.isEmpty ? "; the services are \(Catalog.serviceNames.joined(separator: " and "))" : ""
    throw CommandFailure(.wrong, "there is no service '\(name)'\(near)\(known)")
  }

  /// `ecm.CreateVpc`, or `CreateVpc` where only one service has it.
  static func action(_ text: String) throws(CommandFailure) -> ActionFacts {
    guard text.contains(".") else { return try unqualified(text) }
    let id = ActionID(text)
    if let facts = Catalog.action(id) { return facts }
    if Catalog.service(id.service) == nil, !all.contains(where: { $0.name == id.name }) {
      _ = try service(id.service)
    }
    throw CommandFailure(.wrong, "there is no action '\(text)'\(suggestion(for: id))")
  }

  private static func unqualified(_ name: String) throws(CommandFailure) -> ActionFacts {
    let candidates = all.filter { $0.name == name }
    if candidates.count == 1, let only = candidates.first, let facts = Catalog.action(only) { return facts }
    guard candidates.isEmpty else {
      let list = candidates.map(\.description).joined(separator: " and ")
      throw CommandFailure(.wrong, "more than one service has '\(name)': say \(list)")
    }
    throw CommandFailure(.wrong, "there is no action '\(name)'\(suggestion(for: ActionID("", name)))")
  }

  /// The same name in another service first, then the nearest of the service, then the nearest of all.
  private static func suggestion(for id: ActionID) -> String {
    let own = all.filter { $0.service == id.service }
    let found =
      all.first { $0.name == id.name } ?? match(id.name, own) ?? match(id.name, all)
    return found.map { " (did you mean '\($0)'?)" } ?? "; `belay actions` lists them"
  }

  private static func match(_ name: String, _ candidates: [ActionID]) -> ActionID? {
    guard let near = nearest(to: name, among: candidates.map(\.name)) else { return nil }
    return candidates.first { $0.name == near }
  }
}
