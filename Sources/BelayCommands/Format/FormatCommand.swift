import ArgumentParser
import Diagnostics
import RunbookSyntax

struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt", abstract: "Bring runbooks into the one canonical layout, in place.")

  @ArgumentParser.Argument(help: "The runbooks.")
  var files: [String]
  @Flag(help: "Change nothing; exit with 1 when a file is not in the canonical layout.")
  var check = false

  func run() throws {
    let context = CommandContext.current
    var changed: [String] = []
    var isBroken = false
    for path in files {
      let file = try Files.source(path)
      var sources = SourceMap()
      let id = sources.add(file)
      switch RunbookFormatter.format(file, id: id) {
      case .unparsable(let diagnostics):
        isBroken = true
        Problems.write(diagnostics, sources, to: context)
      case .formatted(let text):
        guard Array(text.utf8) != file.bytes else { continue }
        changed.append(path)
        if !check { try Files.write(text, to: path) }
      }
    }
    for path in changed { context.output.write(check ? "\(path) is not in the canonical layout\n" : "\(path)\n") }
    if isBroken { throw CommandFailure(.wrong) }
    if check, !changed.isEmpty { throw CommandFailure(.rolledBack) }
  }
}
