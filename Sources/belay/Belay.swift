import BelayCommands

@main struct Belay {
  static func main() async {
    let status = await BelayCLI.run(Array(CommandLine.arguments.dropFirst()), in: .process())
    quit(status)
  }
}
