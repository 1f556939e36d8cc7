import CloudClient
import CloudEmulator
import RunDriver
import RunEngine

/// The cloud a run is carried out in, and how it is introduced.
struct RunTarget: Sendable {
  let world: ClientWorld
  private let traffic: LiveTraffic
  /// As the journal keeps it.
  let name: String
  /// The first line that the user sees.
  let introduction: String
  private let emulator: EmbeddedEmulator?
  private static let embeddedName = "embedded emulator"

  /// A live account is used only when one is configured; otherwise, or with `--emulated`, the embedded emulator. A run
  /// that is taken up goes on in the cloud that its journal names.
  static func choose(
    _ options: TargetOptions, _ state: StateDirectory, recorded: String? = nil
  ) async throws(CommandFailure) -> RunTarget {
    let limits = try options.limits.accountLimits()
    let isEmulated = options.emulated || recorded == embeddedName
    if let credentials = isEmulated ? nil : try options.account.account() {
      try options.emulator.refuse(because: "an account is configured; give --emulated to use the embedded emulator")
      let target = try live(options.account, credentials, limits, state)
      guard let recorded, recorded != target.name else { return target }
      throw CommandFailure(.wrong, "the run was carried out as \(recorded), but \(target.name) is configured now")
    }
    if let recorded, recorded != embeddedName {
      throw CommandFailure(.wrong, "the run was carried out as \(recorded): configure that account to go on with it")
    }
    if let endpoint = options.account.endpoint {
      throw CommandFailure(
        .wrong,
        isEmulated
          ? "--emulated uses the embedded emulator; it cannot go with --endpoint"
          : "there are no credentials for \(endpoint): set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or name "
            + "a file with --credentials")
    }
    let emulator = try await EmbeddedEmulator.start(state, try options.emulator.options())
    let reason = options.emulated ? "asked for" : recorded != nil ? "as before" : "no account is configured"
    return RunTarget(
      world: emulator.world, traffic: LiveTraffic(world: emulator.world, limits: limits),
      name: embeddedName,
      introduction: "Emulated cloud (\(reason)); its world is kept in \(state.emulatorPath).", emulator: emulator)
  }

  private static func live(
    _ account: AccountOptions, _ credentials: Credentials, _ limits: AccountLimits, _ state: StateDirectory
  ) throws(CommandFailure) -> RunTarget {
    let store = try state.openLimits()
    let world = try account.client(credentials)
    let place = account.endpoint ?? "the provider's own endpoints"
    let output = CommandContext.current.error
    let traffic = LiveTraffic(world: world, limits: limits, store: store) { problem in
      output.write("belay: \(problem.message); from here on this process keeps to the limits by itself\n")
    }
    return RunTarget(
      world: world, traffic: traffic,
      name: "\(credentials.maskedID) at \(place)",
      introduction: "Account \(credentials.maskedID) at \(place).", emulator: nil)
  }

  /// Drives a run in this cloud; SIGINT and SIGTERM cancel it, where the context says so.
  func drive(
    _ journal: any JournalStore, _ view: RunView, _ driving: DrivingOptions, requester: String,
    _ body: (LiveDriver) async throws(JournalProblem) -> RunStatus
  ) async throws(CommandFailure) -> RunStatus {
    let prompt = ApprovalPrompt(context: .current, view: view, requester: requester)
    let driver = LiveDriver(
      world: world, traffic: traffic, store: journal, onFailure: driving.policy,
      approver: { await prompt.decide($0) }, observer: { view.observe($0) })
    let signals = CommandContext.current.handlesSignals ? CancelSignals { driver.cancel($0) } : nil
    defer { signals?.stop() }
    do throws(JournalProblem) {
      return try await body(driver)
    } catch {
      throw view.fail(error)
    }
  }

  func stop() async {
    if let emulator { await emulator.stop() } else { await world.shutdown() }
  }

  /// When the command ends by an error: lets go without waiting.
  func abandon() { emulator?.abandon() }
}
