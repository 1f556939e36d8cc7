import ArgumentParser
import Values

/// Which cloud a run is carried out in.
struct TargetOptions: ParsableArguments {
  @OptionGroup var account: AccountOptions
  @Flag(help: "Use the embedded emulator even when an account is configured.")
  var emulated = false
  @OptionGroup(title: "Embedded emulator") var emulator: EmulatorWorldOptions
}

/// The inputs of a run.
struct InputOptions: ParsableArguments {
  @Option(
    name: .customLong("input"),
    help: ArgumentHelp(
      "NAME=VALUE; VALUE may be @FILE or @env:VARIABLE, as a secret should be. May be given more than once.",
      valueName: "name=value"))
  var pairs: [String] = []
  @Option(name: .customLong("inputs"), help: ArgumentHelp("A .json or .yaml file of inputs.", valueName: "file"))
  var files: [String] = []

  func read() throws(CommandFailure) -> Record {
    try InputArguments.read(pairs, files: files, CommandContext.current.environment)
  }
}

extension RunView.Format: ExpressibleByArgument {}
