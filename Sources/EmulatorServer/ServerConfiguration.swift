import CloudEmulator
import Values

/// Who may call: the secret key of a secret id, and the account it belongs to.
package struct Credential: Sendable, Hashable {
  package let secretKey: String
  package let account: String
  /// Of a temporary key: what must come with every request.
  package let token: String?

  package init(secretKey: String, account: String, token: String? = nil) {
    self.secretKey = secretKey
    self.account = account
    self.token = token
  }
}

package struct ServerConfiguration: Sendable {
  package var host: String
  /// 0 takes any free one.
  package var port: Int
  /// By secret id.
  package var credentials: [String: Credential]
  package var cloud: EmulatedCloud
  /// Opens the control API under `/_belay/`; nil keeps it shut.
  package var controlToken: String?
  /// What `now` is for the cloud and for the age of signatures.
  package var clock: @Sendable () -> Instant
  /// When given, it is the cloud's time, and ``clock`` is only for the age of signatures.
  package var manualClock: ManualClock?
  /// Waits as a slow answer does.
  package var wait: @Sendable (Duration) async -> Void
  /// Called with the cloud's document after each call that may have changed it, before the call is answered: what the
  /// caller has written by the time it returns is there before any client acts on the answer.
  package var onChange: (@Sendable (Value) -> Void)?
  /// With it, ``onChange`` is called at most once in so long, and at the end, instead of before each answer.
  package var changeInterval: Duration?

  package init(
    host: String = "127.0.0.1", port: Int = 0, credentials: [String: Credential], cloud: EmulatedCloud,
    controlToken: String? = nil, clock: @escaping @Sendable () -> Instant = WallClock.now,
    manualClock: ManualClock? = nil, wait: @escaping @Sendable (Duration) async -> Void = WallClock.wait,
    onChange: (@Sendable (Value) -> Void)? = nil, changeInterval: Duration? = nil
  ) {
    self.host = host
    self.port = port
    self.credentials = credentials
    self.cloud = cloud
    self.controlToken = controlToken
    self.clock = clock
    self.manualClock = manualClock
    self.wait = wait
    self.onChange = onChange
    self.changeInterval = changeInterval
  }
}

/// Why the server does not serve.
package enum ServerProblem: Error, Sendable, Hashable, CustomStringConvertible {
  case cannotListen(host: String, port: Int, reason: String)
  case failed(String)

  package var description: String {
    switch self {
    case .cannotListen(let host, let port, let reason): "the emulator cannot listen on \(host):\(port): \(reason)"
    case .failed(let reason): "the emulator stopped: \(reason)"
    }
  }
}
