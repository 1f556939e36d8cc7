import CloudCatalog
import Values

extension Traffic {
  /// Who made a call.
  struct Sender: Hashable, Sendable {
    let run: RunSlot
    let send: SendID
  }
  /// What a ticket stands for.
  enum Cargo: Sendable {
    /// Others may have asked the same.
    case call(CloudCall, Sender, others: [Sender])
    indirect case common(CloudCall, CommonCall)
    case look(WatchBoard.LookID, CloudCall)
    /// How many units of a day there are.
    indirect case quota(BudgetClaim, CloudCall)

    var call: CloudCall {
      switch self {
      case .call(let call, _, _), .common(let call, _), .look(_, let call), .quota(_, let call): call
      }
    }

    var senders: [Sender] {
      switch self {
      case .call(_, let sender, let others): [sender] + others
      case .common(_, let party): party.parts.map { Sender(run: $0.holder.run, send: $0.outgoing.id) }
      case .look, .quota: []
      }
    }
  }
}
