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
      "ACTION:N:KIND: what goes wrong at the N-th call of an action, such as "
        + "ecm.CreateListener:1:refused=LimitExceeded (other kinds: "
        + "throttled, server-error, lost-before-effect, lost-after-effect, async-failure).",
      valueName: "fault"))
  var faults: [String] = []

  func options() throws(CommandFailure) -> EmbeddedEmulator.Options {
    EmbeddedEmulator.Options(
      seed: seed, speed: try checkedSpeed() ?? EmbeddedEmulator.standardSpeed, faults: try parsedFaults())
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

  /// These options mean nothing for a real cloud: refuses them rather than passing over them.
  func refuse(because reason: String) throws(CommandFailure) {
    let given = [seed.map { _ in "--seed" }, speed.map { _ in "--speed" }, faults.isEmpty ? nil : "--fault"]
    guard let first = given.lazy.compactMap({ $0 }).first else { return }
    throw CommandFailure(.wrong, "\(first) is for the embedded emulator, but \(reason)")
  }
}
