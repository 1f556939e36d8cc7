import CloudCatalog
import CloudClient
import EmulatorServer
import RunDriver
import RunEngine
import Values

/// The world of a live or emulated run: the machine's clocks, and the cloud behind signed HTTP.
struct ClientWorld: World {
  let account: String
  private let client: CloudHTTPClient

  init(
    endpoint: CloudEndpoint?, credentials: Credentials, signing: Signing = .tc3, caFile: String?
  ) throws(ClientProblem) {
    // It is kept in a file: no more of the ID than the user sees. Two that begin alike share a limit, which is safe.
    account = "\(credentials.maskedID) at \(endpoint?.description ?? "the provider")"
    client = try CloudHTTPClient(
      endpoint: endpoint, credentials: credentials, signing: signing, caFile: caFile, now: WallClock.now)
  }

  func now() -> Instant { SteadyClock.now() }
  func wall() -> Instant { WallClock.now() }

  func sleep(until: Instant) async {
    let rest = until - now()
    if rest > .zero { try? await Task.sleep(for: rest) }
  }

  func send(_ call: CloudCall) async -> Reply {
    switch await client.send(call) {
    case .outcome(let outcome): .outcome(outcome)
    case .unreachable(let reason): .unreachable(reason)
    }
  }

  func shutdown() async { try? await client.shutdown() }
}
