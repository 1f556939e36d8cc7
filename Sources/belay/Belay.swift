import BelayCommands
import Dispatch

@main struct Belay {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let context = CommandContext.process()
    if let status = BelayCLI.runAtOnce(arguments, in: context) { quit(status) }
    Task { quit(await BelayCLI.run(arguments, in: context)) }
    dispatchMain()
  }
}
