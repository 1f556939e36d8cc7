import CloudEmulator
import Crypto
import Values

/// What a test asks the emulator for beside the cloud's own API: `/_belay/…`, for whoever has the token.
struct ControlAPI: Sendable {
  let token: String
  let host: CloudHost
  /// The account of requests that name none.
  let standardAccount: String

  static let prefix = "/_belay/"

  struct Answer: Sendable {
    let status: Int
    let body: Value
  }

  func answer(_ request: WireRequest, query: [String: String]) async -> Answer {
    guard isAuthorized(request.header("authorization")) else {
      return Answer(status: 401, body: ["Error": "The control token is missing or wrong."])
    }
    switch (request.method, request.path.dropFirst(ControlAPI.prefix.count)) {
    case ("GET", "inventory"):
      let account = query["account"] ?? standardAccount
      let lines = await host.inventory(account: account).map(\.value)
      return Answer(status: 200, body: ["Account": .text(account), "Inventory": .list(lines)])
    case ("GET", "calls"):
      return Answer(status: 200, body: ["Calls": .list(await host.calls.map(\.value))])
    case ("POST", "faults"): return await arm(request.body)
    case ("POST", "reset"):
      await host.reset()
      return Answer(status: 200, body: ["Reset": true])
    default:
      return Answer(status: 404, body: ["Error": .text("There is no \(request.method) \(request.path).")])
    }
  }

  /// Compares digests, so that neither the length nor the first wrong letter of a guess shows in the time.
  private func isAuthorized(_ header: String) -> Bool {
    SHA256.hash(data: Array(header.utf8)) == SHA256.hash(data: Array("Bearer \(token)".utf8))
  }

  private func arm(_ body: [UInt8]) async -> Answer {
    do {
      guard let texts = try JSON.parse(body).asRecord?["faults"]?.asList else {
        return Answer(status: 400, body: ["Error": "The body must be {\"faults\": [TEXT, …]}."])
      }
      let faults = try texts.map { try Fault(parsing: $0.asText ?? $0.display) }
      await host.inject(faults)
      return Answer(status: 200, body: ["Armed": .list(faults.map { .text($0.description) })])
    } catch {
      return Answer(status: 400, body: ["Error": .text("\(error)")])
    }
  }
}

extension CallRecord {
  fileprivate var value: Value {
    [
      "Time": .int(Int(instant.milliseconds)), "Account": .text(account), "Region": .text(region),
      "Action": .text(action.description), "Outcome": .text(outcome),
    ]
  }
}
