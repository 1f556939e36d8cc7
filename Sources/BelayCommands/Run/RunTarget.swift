import CloudClient
import CloudEmulator
import RunDriver

/// The cloud a run is carried out in, and how it is introduced.
struct RunTarget: Sendable {
  let world: ClientWorld
  /// As the journal keeps it.
  let name: String
  /// The first line that the user sees.
  let introduction: String
  private let emulator: EmbeddedEmulator?

  /// A live account is used only when one is configured; otherwise, or with `--emulated`, the embedded emulator.
  static func choose(_ command: RunCommand, _ state: StateDirectory) async throws(CommandFailure) -> RunTarget {
    let credentials = command.emulated ? nil : try command.account.account()
    if let credentials {
      try command.emulator.refuse(because: "an account is configured; give --emulated to use the embedded emulator")
      return try live(command.account, credentials)
    }
    if let endpoint = command.account.endpoint {
      throw CommandFailure(
        .wrong,
        command.emulated
          ? "--emulated uses the embedded emulator; it cannot go with --endpoint"
          : "there are no credentials for \(endpoint): set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or name "
            + "a file with --credentials")
    }
    let emulator = try await EmbeddedEmulator.start(state, try command.emulator.options())
    let reason = command.emulated ? "asked for" : "no account is configured"
    return RunTarget(
      world: emulator.world, name: "embedded emulator",
      introduction: "Emulated cloud (\(reason)); its world is kept in \(state.emulatorPath).", emulator: emulator)
  }

  private static func live(
    _ options: AccountOptions, _ credentials: Credentials
  ) throws(CommandFailure) -> RunTarget {
    let world = try options.client(credentials)
    let place = options.endpoint ?? "the provider's own endpoints"
    return RunTarget(
      world: world, name: "\(credentials.maskedID) at \(place)",
      introduction: "Account \(credentials.maskedID) at \(place).", emulator: nil)
  }

  func stop() async {
    if let emulator { await emulator.stop() } else { await world.shutdown() }
  }

  /// When the command ends by an error: lets go without waiting.
  func abandon() { emulator?.abandon() }
}
