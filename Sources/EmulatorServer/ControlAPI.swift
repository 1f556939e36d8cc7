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
  /// A name of a snapshot is no longer.
  static let maximumName = 100

  struct Answer: Sendable {
    let status: Int
    let body: Value

    static func done(_ body: Value) -> Answer { Answer(status: 200, body: body) }
    static func wrong(_ reason: String) -> Answer { Answer(status: 400, body: ["Error": .text(reason)]) }
  }

  func answer(_ request: WireRequest) async -> Answer {
    guard isAuthorized(request.header("authorization")) else {
      return Answer(status: 401, body: ["Error": "The control token is missing or wrong."])
    }
    guard let query = FormFields(request.query) else { return .wrong("The query is not percent-encoded UTF-8.") }
    switch (request.method, request.path.dropFirst(ControlAPI.prefix.count)) {
    case ("GET", "inventory"): return inventory(query)
    case ("GET", "calls"): return calls(query)
    case ("POST", "announce"): return await announce(request.body)
    case ("GET", "faults"): return .done(["Faults": .list(host.faults.map(\.value))])
    case ("POST", "faults"): return await arm(request.body)
    case ("DELETE", "faults"): return await clear(query)
    case ("GET", "clock"): return clock()
    case ("POST", "clock"): return await advance(request.body)
    case ("GET", "snapshot"):
      return .done(["Snapshots": .list(host.snapshotNames.map(Value.text))])
    case ("POST", "snapshot"): return snapshot(request.body)
    case ("POST", "restore"): return await restore(request.body)
    case ("GET", "diff"): return difference(query)
    case ("POST", "reset"):
      await host.reset()
      return .done(["Reset": true])
    default: return Answer(status: 404, body: ["Error": .text("There is no \(request.method) \(request.path).")])
    }
  }

  /// Compares digests, so that neither the length nor the first wrong letter of a guess shows in the time.
  private func isAuthorized(_ header: String) -> Bool {
    SHA256.hash(data: Array(header.utf8)) == SHA256.hash(data: Array("Bearer \(token)".utf8))
  }

  private func inventory(_ query: FormFields) -> Answer {
    let account = query["account"] ?? standardAccount
    let lines = host.inventory(account: account).map(\.value)
    return .done(["Account": .text(account), "Inventory": .list(lines)])
  }

  private func calls(_ query: FormFields) -> Answer {
    let calls = host.calls.filter { call in query["account"].map { $0 == call.account } ?? true }
    return .done(["Calls": .list(calls.map(\.value))])
  }

  private func announce(_ body: [UInt8]) async -> Answer {
    guard let haVipID = member("havip", body)?.asText else {
      return .wrong("The body must be {\"havip\": ID, \"instance\": ID or null}.")
    }
    let (instance, account) = (member("instance", body)?.asText, member("account", body)?.asText ?? standardAccount)
    if let problem = await host.announce(haVipID, by: instance, account: account) { return .wrong(problem) }
    return .done(["HaVip": .text(haVipID), "Instance": instance.map(Value.text) ?? .null])
  }

  // MARK: Faults

  private func arm(_ body: [UInt8]) async -> Answer {
    do {
      let armed = await host.arm(try Scenario(decoding: JSON.parse(body)))
      return .done([
        "Armed": .list(armed.map { .text($0.fault.description) }), "Faults": .list(armed.map(\.value)),
      ])
    } catch {
      return .wrong("\(error)")
    }
  }

  private func clear(_ query: FormFields) async -> Answer {
    guard let text = query["number"] else {
      _ = await host.clearFault(nil)
      return .done(["Cleared": "all"])
    }
    guard let number = Int(text) else { return .wrong("number: a whole number is wanted, not '\(text)'.") }
    guard await host.clearFault(number) else { return .wrong("There is no fault number \(number).") }
    return .done(["Cleared": .int(number)])
  }

  // MARK: Time

  private func clock() -> Answer {
    let (now, next) = host.clock
    return .done([
      "Clock": host.time.manual == nil ? "wall" : "manual", "Now": .int(Int(now.milliseconds)),
      "Time": .text(now.plainText), "NextEvent": next.map { .int(Int($0.milliseconds)) } ?? .null,
    ])
  }

  /// The longest step: a hundred years.
  private static let longestStep = 3_153_600_000_000

  private func advance(_ body: [UInt8]) async -> Answer {
    guard let step = member("advance_ms", body)?.asInt, (0...ControlAPI.longestStep).contains(step) else {
      return .wrong("The body must be {\"advance_ms\": N}, N from 0 to \(ControlAPI.longestStep).")
    }
    guard await host.advance(by: .milliseconds(step)) != nil else {
      return .wrong("This emulator's time is the machine's; start it with --clock manual.")
    }
    return clock()
  }

  // MARK: Snapshots

  private func snapshot(_ body: [UInt8]) -> Answer {
    guard let name = name(body) else { return ControlAPI.nameWanted }
    guard host.snapshot(name) else {
      return .wrong("There are \(CloudHost.maximumSnapshots) snapshots already; give one of their names again.")
    }
    return .done(["Snapshot": .text(name)])
  }

  private func restore(_ body: [UInt8]) async -> Answer {
    guard let name = name(body) else { return ControlAPI.nameWanted }
    guard await host.restore(name) else { return .wrong("There is no snapshot '\(name)'.") }
    return .done(["Restored": .text(name)])
  }

  private func difference(_ query: FormFields) -> Answer {
    guard let from = query["from"] else { return .wrong("from: the name of a snapshot is wanted.") }
    guard let lines = host.difference(from, query["to"]) else {
      let names = [from, query["to"]].compactMap { $0 }.map { "'\($0)'" }.joined(separator: " and ")
      return .wrong("There is no snapshot of that name: \(names).")
    }
    return .done(["Lines": .list(lines.map(Value.text))])
  }

  private static let nameWanted = Answer.wrong("The body must be {\"name\": TEXT}, of 1 to \(maximumName) bytes.")

  private func name(_ body: [UInt8]) -> String? {
    guard let name = member("name", body)?.asText, (1...ControlAPI.maximumName).contains(name.utf8.count) else {
      return nil
    }
    return name
  }

  private func member(_ name: String, _ body: [UInt8]) -> Value? { (try? JSON.parse(body))?.asRecord?[name] }
}

extension CallRecord {
  fileprivate var value: Value {
    [
      "Time": .int(Int(instant.milliseconds)), "Account": .text(account), "Region": .text(region),
      "Action": .text(action.description), "Outcome": .text(outcome),
    ]
  }
}
