import ArgumentParser
import CloudCatalog
import Diagnostics
import RunbookChecker
import RunbookEvaluator
import Values

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check runbooks without calling anything; reports every problem at once.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: "The runbooks.")
  var files: [String]
  @Option(help: "text, or json: one object with every problem.")
  var format = Format.text
  @Flag(help: "Make the changes that problems offer, in place, until none is left; then report what remains.")
  var fix = false
  @Flag(help: "With --fix: show the changes instead of making them.")
  var diff = false

  @Flag(help: "Also say what each recipe may call.")
  var effects = false

  func validate() throws {
    if diff, !fix { throw ValidationError("--diff shows what --fix would change: give both") }
    if diff, format == .json { throw ValidationError("--diff writes a text, not json: leave one out") }
  }

  func run() throws {
    let context = CommandContext.current
    var results: [CheckResult] = []
    var fixed: [FixedText.Step] = []
    for path in files {
      var source = try Files.source(path)
      if fix {
        let text = FixedText(source) { check($0).diagnostics.filter { $0.span.source.index == 0 } }
        fixed += text.steps
        if diff {
          let (old, new) = (source.text(0..<source.bytes.count), text.file.text(0..<text.file.bytes.count))
          context.output.write(TextDifference.unified(old, new, path: path))
        } else if text.file.bytes != source.bytes {
          try Files.write(text.file.bytes, to: path)
        }
        source = text.file
      }
      results.append(check(source))
    }
    switch format {
    case .json: context.output.write(JSON.prettyPrint(Problems.value(results, fixed: fix ? fixed : nil)) + "\n")
    case .text:
      for step in fixed where !diff {
        context.output.write("\(step.place): fixed[\(step.code.rawValue)]: \(step.sentence)\n")
      }
      for result in results { writeText(result, context) }
    }
    if results.contains(where: { $0.runbook == nil }) { throw CommandFailure(.wrong) }
  }

  private func check(_ file: SourceFile) -> CheckResult {
    RunbookCheck.check(file, functions: StandardLibrary.signatures, read: Files.used)
  }

  private func writeText(_ result: CheckResult, _ context: CommandContext) {
    Problems.write(result.diagnostics, result.sources, to: context)
    guard let runbook = result.runbook, !diff else { return }
    context.output.write("\(runbook.name) \(runbook.version) is sound. ")
    if runbook.isLibrary {
      let count = runbook.routines.count { $0.routine.span.source == runbook.tree.source }
      let what = count == 1 ? "function or recipe" : "functions and recipes"
      context.output.write("It is a library of \(count) \(what).\n")
    } else {
      context.output.write("It may call \(CheckCommand.listed(runbook.effects)).\n")
    }
    guard effects else { return }
    for recipe in runbook.recipes {
      let place = result.sources.place(of: recipe.routine.name.span)
      context.output.write("\(place): \(recipe.spelling) may call \(CheckCommand.listed(recipe.effects))\n")
    }
  }

  private static func listed(_ actions: [ActionID]) -> String {
    actions.isEmpty ? "nothing" : actions.map(\.description).joined(separator: ", ")
  }
}
