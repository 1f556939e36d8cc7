import ArgumentParser
import Diagnostics
import RunbookSyntax

struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt", abstract: "Bring runbooks into the one canonical layout, in place.",
    discussion: "In a text with problems the statements that parse are laid out, and the others are left as they are.")

  @ArgumentParser.Argument(help: "The runbooks; '-' reads one from the input and writes it to the output.")
  var files: [String]
  @Flag(help: "Change nothing; exit with 1 when a file is not in the canonical layout.")
  var check = false
  @Flag(help: "Change nothing; show what would change, and exit with 1 when something would.")
  var diff = false

  func run() throws {
    let context = CommandContext.current
    var changed: [String] = []
    var isBroken = false
    for path in files {
      let file = try source(path, context)
      var sources = SourceMap()
      let id = sources.add(file)
      var text: String?
      switch RunbookFormatter.format(file, id: id) {
      case .unparsable(let diagnostics):
        isBroken = true
        Problems.write(diagnostics, sources, to: context)
      case .partly(let laidOut, let diagnostics):
        isBroken = true
        Problems.write(diagnostics, sources, to: context)
        text = laidOut
      case .formatted(let laidOut): text = laidOut
      }
      if try write(text, file, context) { changed.append(file.path) }
    }
    if !diff, files != ["-"] || check {
      for path in changed { context.output.write(check ? "\(path) is not in the canonical layout\n" : "\(path)\n") }
    }
    if isBroken { throw CommandFailure(.wrong) }
    if check || diff, !changed.isEmpty { throw CommandFailure(.rolledBack) }
  }

  private func source(_ path: String, _ context: CommandContext) throws -> SourceFile {
    path == "-" ? SourceFile(path: "<input>", bytes: context.input()) : try Files.source(path)
  }

  /// Whether the layout is another one. A text from the input goes to the output whatever becomes of it.
  private func write(_ text: String?, _ file: SourceFile, _ context: CommandContext) throws -> Bool {
    let old = file.text(0..<file.bytes.count)
    let new = text ?? old
    let isChanged = text != nil && Array(new.utf8) != file.bytes
    if diff {
      context.output.write(TextDifference.unified(old, new, path: file.path))
    } else if check {
      return isChanged
    } else if file.path == "<input>" {
      context.output.write(new)
    } else if isChanged {
      try Files.write(new, to: file.path)
    }
    return isChanged
  }
}
