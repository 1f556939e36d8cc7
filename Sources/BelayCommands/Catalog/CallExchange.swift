import CloudCatalog
import RunEngine
import Values

/// One call, or the pages of one read, sent and answered.
struct CallExchange: Sendable {
  let nature: ActionNature
  let call: CloudCall
  let send: @Sendable (CloudCall) async -> Reply
  let pause: @Sendable (Duration) async -> Void

  /// The answer with its RequestId, the members in the cloud's order.
  func result(_ walk: PageWalk?) async -> Result<Record, CommandFailure> {
    do throws(CommandFailure) {
      if let walk { return .success(try await all(walk)) }
      return .success(try await answer(to: call))
    } catch {
      return .failure(error)
    }
  }

  /// Pages are asked for within the action's limit. The RequestId is that of the last one.
  private func all(_ walk: PageWalk) async throws(CommandFailure) -> Record {
    var merger = PageWalk.Merger(walk, call.arguments)
    while true {
      let page = CloudCall(call.action, region: call.region, merger.next)
      guard merger.received(try await answer(to: page)) else { return merger.answer }
      await pause(.milliseconds(1000 / max(1, nature.facts.rate)))
    }
  }

  private func answer(to call: CloudCall) async throws(CommandFailure) -> Record {
    switch await send(call) {
    case .outcome(.done(let answer, let requestID)):
      return answer.merging(["RequestId": .text(requestID)])
    case .outcome(.refused(let error)):
      throw CommandFailure(
        .rolledBack, "\(call.action) was refused: \(error.code): \(error.message) (RequestId \(error.requestID))")
    case .outcome(.unknown(let reason)): throw unknown(reason)
    case .unreachable(let reason): throw CommandFailure(.unreachable, reason)
    }
  }

  /// A read that was not answered leaves nothing behind.
  private func unknown(_ reason: String) -> CommandFailure {
    if nature.isRead { return CommandFailure(.unreachable, "\(reason); it only reads: try again") }
    let advice =
      switch nature.meaning?.lost {
      case .resend?: "sending it again is harmless"
      case .probe(let probe)?: "\(probe.read.action) tells; do not send it again before you have looked"
      case .ask(let reason)?: reason
      case nil: "look before you send it again"
      }
    return CommandFailure(
      .needsAttention, "nobody knows whether \(call.action) took effect: \(reason); \(advice)")
  }
}
