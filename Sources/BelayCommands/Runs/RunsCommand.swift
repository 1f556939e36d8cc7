import ArgumentParser
import RunEngine
import Values

struct RunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "runs", abstract: "List the runs, newest first.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @OptionGroup var state: StateOption
  @Option(help: "text, or json: one object.")
  var format = Format.text

  func run() async throws {
    let context = CommandContext.current
    let journal = try state.open().openJournal()
    let runs: [RunSummary]
    do {
      runs = try await journal.runs()
    } catch {
      throw CommandFailure(.unreachable, error.message)
    }
    switch format {
    case .json: context.output.write(JSON.prettyPrint(value(runs)) + "\n")
    case .text where runs.isEmpty: context.output.write("There are no runs yet. Start one with: belay run FILE\n")
    case .text: context.output.write(table(runs))
    }
  }

  private func table(_ runs: [RunSummary]) -> String {
    var table = TextTable([.init("RUN"), .init("RUNBOOK", isFlexible: true), .init("STARTED"), .init("STATUS")])
    for run in runs { table.add([run.id.text, run.runbook, "\(run.createdAt.plainText) UTC", run.status]) }
    return table.lines(CommandContext.current.outputStyle).map { $0 + "\n" }.joined()
  }

  private func value(_ runs: [RunSummary]) -> Value {
    [
      "format": "belay.runs/1",
      "runs": .list(
        runs.map { run in
          [
            "run": .text(run.id.text), "runbook": .text(run.runbook), "created_at": .text(run.createdAt.iso8601),
            "updated_at": .text(run.updatedAt.iso8601), "status": .text(run.status),
          ]
        }),
    ]
  }
}
