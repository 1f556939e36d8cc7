import ArgumentParser
import Diagnostics
import Values

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a problem's code, with a wrong and a right example; without one, list all.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: "The code, such as B0402.")
  var code: String?
  @Option(help: "text, or json: one object.")
  var format = Format.text

  func run() throws {
    let context = CommandContext.current
    guard let code else {
      switch format {
      case .text: context.output.write(ExplanationPage.list.text(context.outputStyle))
      case .json:
        let codes = DiagnosticExplanation.all.map { Value.record(ExplanationPage.record(of: $0)) }
        context.output.write(JSON.prettyPrint(["format": "belay.explain/1", "codes": .list(codes)]) + "\n")
      }
      return
    }
    let explanation = try ExplainCommand.explanation(of: code)
    switch format {
    case .text: context.output.write(ExplanationPage.lines(of: explanation).text(context.outputStyle))
    case .json:
      let head: Record = ["format": "belay.explain/1"]
      let record = head.merging(ExplanationPage.record(of: explanation))
      context.output.write(JSON.prettyPrint(.record(record)) + "\n")
    }
  }

  /// `B0402`, `b0402`, `402`
  private static func explanation(of code: String) throws(CommandFailure) -> DiagnosticExplanation {
    var wanted = code.uppercased()
    if wanted.utf8.allSatisfy({ (48...57).contains($0) }), wanted.count <= 4 {
      wanted = "B" + String(repeating: "0", count: 4 - wanted.count) + wanted
    }
    if let found = DiagnosticCode(rawValue: wanted)?.explanation { return found }
    let near = didYouMean(wanted, among: DiagnosticCode.allCases.map(\.rawValue))
    throw CommandFailure(
      .wrong, "there is no code '\(code)'\(near)\(near.isEmpty ? "; `belay explain` lists them" : "")")
  }
}
