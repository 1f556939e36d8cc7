import ArgumentParser
import CloudCatalog
import Values

struct ActionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "action", abstract: "Explain one action: parameters, results, errors, undo, waiting, an example.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: "The action, such as ecm.CreateVpc; without a service where only one has it.")
  var action: String
  @Option(help: "text, or json: one object.")
  var format = Format.text

  func run() throws {
    let context = CommandContext.current
    let facts = try ActionLookup.action(action)
    switch format {
    case .text: context.output.write(ActionPage(facts).lines.text(context.outputStyle))
    case .json:
      let head: Record = ["format": "belay.action/1", "action": .text(facts.id.description)]
      context.output.write(JSON.prettyPrint(.record(head.merging(CatalogDocument.record(of: facts)))) + "\n")
    }
  }
}
