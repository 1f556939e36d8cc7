import ArgumentParser
import CloudCatalog
import RunEngine
import Values

/// Which cloud a run is carried out in.
struct TargetOptions: ParsableArguments {
  @OptionGroup var account: AccountOptions
  @Flag(help: "Use the embedded emulator even when an account is configured.")
  var emulated = false
  @OptionGroup var limits: LimitOptions
  @OptionGroup(title: "Embedded emulator") var emulator: EmulatorWorldOptions
}

/// What the account may do a second, where that is not what the books say.
struct LimitOptions: ParsableArguments {
  @Option(
    name: .customLong("limit"),
    help: ArgumentHelp(
      "ACTION=RATE: the account's own limit in calls a second, such as ecm.RunInstances=5, where it differs from the "
        + "documented one. May be given more than once.", valueName: "action=rate"))
  var limits: [String] = []

  func accountLimits() throws(CommandFailure) -> AccountLimits {
    var rates: [ActionID: Int] = [:]
    for text in limits {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let rate = Int(parts[1]), (1...1000).contains(rate) else {
        throw CommandFailure(.wrong, "--limit \(text): ACTION=RATE is wanted, with 1 to 1000 calls a second")
      }
      let action = ActionID(String(parts[0]))
      guard Catalog.action(action) != nil else {
        throw CommandFailure(
          .wrong, "--limit \(text): there is no action \(parts[0]); 'belay actions' lists them")
      }
      rates[action] = rate
    }
    return AccountLimits(rates: rates)
  }
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
