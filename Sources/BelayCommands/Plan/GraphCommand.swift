import ArgumentParser
import RunPlanner
import Values

struct GraphCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph", abstract: "Draw the plan of a runbook: steps in lanes over time, the longest chain marked.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case svg, mermaid, dot }

  @Argument(help: "The runbook.")
  var file: String
  @OptionGroup var inputs: InputOptions
  @OptionGroup(title: "World") var world: PlanWorldOptions
  @OptionGroup var limits: LimitOptions
  @Option(help: "svg: a drawing for a browser; mermaid or dot: the text of those programs.")
  var format = Format.svg
  @Option(help: ArgumentHelp("Where to write it (default: the output).", valueName: "file"))
  var out: String?

  func run() async throws {
    let prepared = try RunPreparation(Files.source(file)) { () throws(CommandFailure) in try inputs.read() }
    let world = try await world.world(for: prepared.services)
    let sheet = await PlanSheet(prepared, world, try limits.accountLimits())
    await world.live?.shutdown()
    let graph = PlanGraph(sheet)
    let text =
      switch format {
      case .svg: PlanSVG(graph).text
      case .mermaid: graph.mermaid
      case .dot: graph.dot
      }
    if let out { try Files.write(text, to: out) } else { CommandContext.current.output.write(text) }
  }
}
