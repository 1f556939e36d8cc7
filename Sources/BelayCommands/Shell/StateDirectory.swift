import ArgumentParser
import Foundation
import RunJournal

/// Where journals and the embedded emulator's world are kept.
struct StateDirectory: Sendable {
  let path: String

  /// `--state`, else `$BELAY_STATE`, else `$XDG_STATE_HOME/belay`, else `~/.local/state/belay`. Made when it is
  /// missing, readable by its owner only.
  init(_ given: String?, _ environment: [String: String]) throws(CommandFailure) {
    path = StateDirectory.choose(given, environment)
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw CommandFailure(
        .unreachable, "the state directory '\(path)' cannot be made; name another with --state or BELAY_STATE")
    }
  }

  private static func choose(_ given: String?, _ environment: [String: String]) -> String {
    if let given { return given }
    if let chosen = environment["BELAY_STATE"], !chosen.isEmpty { return chosen }
    if let base = environment["XDG_STATE_HOME"], !base.isEmpty { return base + "/belay" }
    return (environment["HOME"] ?? "/tmp") + "/.local/state/belay"
  }

  var emulatorPath: String { path + "/emulator.state" }

  /// What processes share to keep within the limits of an account together.
  func openLimits() throws(CommandFailure) -> SQLiteLimitStore {
    do { return try SQLiteLimitStore(path: path + "/limits.sqlite") } catch {
      throw CommandFailure(
        .unreachable, "\(error.message); it may be deleted when no run is under way, because the cloud counts too")
    }
  }

  func openJournal() throws(CommandFailure) -> SQLiteJournalStore {
    do {
      return try SQLiteJournalStore(path: path + "/journal.sqlite")
    } catch {
      throw CommandFailure(.unreachable, error.message)
    }
  }
}

struct StateOption: ParsableArguments {
  @Option(name: .customLong("state"), help: "The state directory (default: $BELAY_STATE, or ~/.local/state/belay).")
  var directory: String?

  func open() throws(CommandFailure) -> StateDirectory {
    try StateDirectory(directory, CommandContext.current.environment)
  }
}
