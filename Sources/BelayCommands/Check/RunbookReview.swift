import CloudCatalog
import Diagnostics
import RunbookChecker
import RunbookEvaluator
import Values

/// What `belay check` does.
struct RunbookReview {
  var files: [String]
  var isJSON = false
  /// See the options of ``CheckCommand``.
  var fixes = false
  var showsDifference = false
  var showsEffects = false

  func run(in context: CommandContext) throws {
    var results: [CheckResult] = []
    var fixed: [FixedText.Step] = []
    for path in files {
      var source = try Files.source(path)
      if fixes {
        let text = FixedText(source) { check($0).diagnostics.filter { $0.span.source.index == 0 } }
        fixed += text.steps
        if showsDifference {
          let (old, new) = (source.text(0..<source.bytes.count), text.file.text(0..<text.file.bytes.count))
          context.output.write(TextDifference.unified(old, new, path: path))
        } else if text.file.bytes != source.bytes {
          try Files.write(text.file.bytes, to: path)
        }
        source = text.file
      }
      results.append(check(source))
    }
    if isJSON {
      context.output.write(JSON.prettyPrint(Problems.value(results, fixed: fixes ? fixed : nil)) + "\n")
    } else {
      for step in fixed where !showsDifference {
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
    guard let runbook = result.runbook, !showsDifference else { return }
    context.output.write("\(runbook.name) \(runbook.version) is sound. ")
    if runbook.isLibrary {
      let count = runbook.routines.count { $0.routine.span.source == runbook.tree.source }
      let what = count == 1 ? "function or recipe" : "functions and recipes"
      context.output.write("It is a library of \(count) \(what).\n")
    } else {
      context.output.write("It may call \(RunbookReview.listed(runbook.effects)).\n")
    }
    guard showsEffects else { return }
    for recipe in runbook.recipes {
      let place = result.sources.place(of: recipe.routine.name.span)
      context.output.write("\(place): \(recipe.spelling) may call \(RunbookReview.listed(recipe.effects))\n")
    }
  }

  private static func listed(_ actions: [ActionID]) -> String {
    actions.isEmpty ? "nothing" : actions.map(\.description).joined(separator: ", ")
  }
}
