import ArgumentParser

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
    var check = RunbookReview(files: files)
    check.isJSON = format == .json
    (check.fixes, check.showsDifference, check.showsEffects) = (fix, diff, effects)
    try check.run(in: CommandContext.current)
  }
}
