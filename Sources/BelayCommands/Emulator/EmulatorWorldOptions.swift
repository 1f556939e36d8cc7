import ArgumentParser
import CloudEmulator

/// What an emulated world is like.
struct EmulatorWorldOptions: ParsableArguments {
  @Option(help: "Draws the ids and latencies of a new world; the same seed and calls make the same world.")
  var seed: UInt64?
  @Option(help: "How much faster than real the emulated work goes (default: 20 embedded, 1 as a server).")
  var speed: Double?
  @Option(
    name: .customLong("fault"),
    help: ArgumentHelp(
      "What goes wrong, such as ecm.CreateListener:1:refused=LimitExceeded at the first call of CreateListener; "
        + "`belay emulator serve --help` lists all forms and kinds.", valueName: "fault"))
  var faults: [String] = []
  @Option(help: ArgumentHelp("A JSON file of faults, too: see docs/emulator.md.", valueName: "file"))
  var scenario: String?

  /// All faults, for help pages.
  static let faultForms: String = {
    let forms = Fault.forms.map { form, meaning in "  \(form)\n      \(meaning)" }
    let kinds = Fault.Kind.spellings.map { "  \($0)" }
    return
      "A fault is one of\n\n\(forms.joined(separator: "\n"))\n\nACTION is ecm.CreateVpc, ecm.* or *. KIND is one of\n\n"
      + kinds.joined(separator: "\n") + "\n\nDurations are written 250ms, 30s, 15min, 2h, 1d."
  }()

  func options() throws(CommandFailure) -> EmbeddedEmulator.Options {
    EmbeddedEmulator.Options(
      seed: seed, speed: try checkedSpeed() ?? EmbeddedEmulator.standardSpeed, faults: try parsedFaults(),
      scenario: try parsedScenario())
  }

  func checkedSpeed() throws(CommandFailure) -> Double? {
    guard let speed else { return nil }
    guard speed.isFinite, speed > 0, speed <= 1_000_000 else {
      throw CommandFailure(.wrong, "--speed must be above 0 and at most 1000000, not \(speed)")
    }
    return speed
  }

  func parsedFaults() throws(CommandFailure) -> [Fault] {
    do {
      return try faults.map { text throws(FaultProblem) in try Fault(parsing: text) }
    } catch {
      throw CommandFailure(.wrong, "--fault: \(error)")
    }
  }

  func parsedScenario() throws(CommandFailure) -> Scenario? {
    try scenario.map { path throws(CommandFailure) in try ScenarioFile.read(path) }
  }

  /// These options mean nothing for a real cloud: refuses them rather than passing over them.
  func refuse(because reason: String) throws(CommandFailure) {
    let given = [
      seed.map { _ in "--seed" }, speed.map { _ in "--speed" }, faults.isEmpty ? nil : "--fault",
      scenario.map { _ in "--scenario" },
    ]
    guard let first = given.lazy.compactMap({ $0 }).first else { return }
    throw CommandFailure(.wrong, "\(first) is for the embedded emulator, but \(reason)")
  }
}
