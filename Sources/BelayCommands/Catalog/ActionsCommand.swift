import ArgumentParser
import CloudCatalog
import Values

struct ActionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "actions", abstract: "List the cloud's actions: what they do and how they are undone.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: "The service: ecm or cvm; without it both.")
  var service: String?
  @Option(help: "text, or json: the whole catalog as one object.")
  var format = Format.text

  func run() throws {
    let context = CommandContext.current
    let names = try service.map { [try ActionLookup.service($0).name] } ?? Catalog.serviceNames
    let services = names.compactMap(Catalog.service)
    switch format {
    case .json: context.output.write(JSON.prettyPrint(CatalogDocument.value(of: services)) + "\n")
    case .text: context.output.write(table(services, context.outputStyle))
    }
  }

  private func table(_ services: [ServiceCatalog], _ style: TerminalStyle) -> String {
    var table = TextTable([
      .init("ACTION", isFlexible: true), .init("CATEGORY", isFlexible: true), .init("EFFECT"),
      .init("UNDO", isFlexible: true), .init("LIMIT", .right),
    ])
    for service in services {
      for facts in service.actionNames.compactMap(service.action) { table.add(row(facts)) }
    }
    return table.lines(style).map { $0 + "\n" }.joined()
  }

  private func row(_ facts: ActionFacts) -> [String] {
    let nature = ActionNature(facts)
    let quality = nature.inverse.map { $0.quality == .exact ? "" : " (\($0.quality.rawValue))" } ?? ""
    return [
      facts.id.description, facts.isInferred ? "\(facts.category) (inferred)" : facts.category,
      nature.meaning?.effect.rawValue ?? "?",
      MeaningWording(nature).shortUndo + quality, "\(facts.rate)/s",
    ]
  }
}
