import ArgumentParser
import CloudEmulator
import Values

struct EmulatorClock: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clock", abstract: "Tell an emulated cloud's time, or move it on (with `--clock manual`).")

  @Option(help: ArgumentHelp("How far, such as 500ms, 30s, 5min, 1h.", valueName: "duration"))
  var advance: String?
  @Flag(help: "Move to the next thing that happens by itself.")
  var toNext = false
  @OptionGroup var control: ControlOptions

  func run() async throws {
    let answer = try await moved()
    let output = CommandContext.current.output
    output.write("\(answer["Time"]?.display ?? "") (\(answer["Clock"]?.display ?? ""))\n")
    guard let now = answer["Now"]?.asInt, let next = answer["NextEvent"]?.asInt else {
      return output.write("nothing is to happen by itself\n")
    }
    output.write("next event in \(Duration.milliseconds(max(0, next - now)).belayText)\n")
  }

  private func moved() async throws -> Record {
    guard advance == nil || !toNext else { throw CommandFailure(.wrong, "give --advance or --to-next, not both") }
    if let advance {
      guard let step = Duration(faultText: advance), step >= .zero else {
        throw CommandFailure(.wrong, "--advance takes a duration such as 30s, not '\(advance)'")
      }
      return try await control.send("POST", "clock", body: ["advance_ms": .int(Int(step.milliseconds))])
    }
    let shown = try await control.send("GET", "clock")
    guard toNext else { return shown }
    guard let now = shown["Now"]?.asInt, let next = shown["NextEvent"]?.asInt else { return shown }
    return try await control.send("POST", "clock", body: ["advance_ms": .int(max(0, next - now))])
  }
}

struct EmulatorSnapshot: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot", abstract: "Keep an emulated cloud's state under a name, in the emulator's memory.")

  @Argument(help: "The name; without it, the names that there are.")
  var name: String?
  @OptionGroup var control: ControlOptions

  func run() async throws {
    let output = CommandContext.current.output
    if let name {
      _ = try await control.send("POST", "snapshot", body: ["name": .text(name)])
      output.write("kept '\(name)'\n")
    } else {
      for name in try await control.send("GET", "snapshot")["Snapshots"]?.asList ?? [] {
        output.write("\(name.display)\n")
      }
    }
  }
}

struct EmulatorRestore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Put an emulated cloud back to a snapshot, a manual clock with it.")

  @Argument(help: "The name of the snapshot.")
  var name: String
  @OptionGroup var control: ControlOptions

  func run() async throws {
    _ = try await control.send("POST", "restore", body: ["name": .text(name)])
    CommandContext.current.output.write("restored '\(name)'\n")
  }
}

struct EmulatorReset: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset", abstract: "Empty an emulated cloud: no resources, calls or faults. Snapshots stay.")

  @OptionGroup var control: ControlOptions

  func run() async throws {
    _ = try await control.send("POST", "reset")
    CommandContext.current.output.write("reset\n")
  }
}

struct EmulatorDiff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Tell what has changed in an emulated cloud since a snapshot.")

  @Argument(help: "The earlier snapshot.")
  var from: String
  @Argument(help: "The later one; without it, the cloud as it is now.")
  var to: String?
  @OptionGroup var control: ControlOptions

  func run() async throws {
    let query = [("from", from)] + (to.map { [("to", $0)] } ?? [])
    let lines = try await control.send("GET", "diff", query: query)["Lines"]?.asList ?? []
    let output = CommandContext.current.output
    output.write(lines.isEmpty ? "no difference\n" : lines.map { "\($0.display)\n" }.joined())
  }
}
