import CloudCatalog
import Values

/// Where calls that take units of a day come by before they are queued. When there seem to be too few, the cloud is
/// asked how many there are: accounts differ, and others use them too.
struct BudgetDesk: Sendable {
  enum Outcome: Sendable {
    case queue(OutgoingCall, Traffic.Sender)
    case refuse(Traffic.Sender, BudgetShortage)
    case ask(BudgetClaim, CloudCall)
  }
  private struct Visitor: Sendable {
    let outgoing: OutgoingCall
    let sender: Traffic.Sender
    /// What the cloud is asked for on its account.
    var asked: String?
    /// Budgets of which the cloud has said how it is.
    var known: Set<String> = []
  }
  var ledger = BudgetLedger()
  private var visitors: [Visitor] = []
  /// What calls under way have taken.
  private var taken: [Traffic.Sender: [BudgetClaim]] = [:]

  /// The names of what the next settlement reads or changes.
  var stakes: [String] {
    ledger.stakes(visitors.filter { $0.asked == nil }.flatMap(\.outgoing.claims))
  }

  mutating func bring(_ outgoing: OutgoingCall, _ sender: Traffic.Sender) {
    visitors.append(Visitor(outgoing: outgoing, sender: sender))
  }

  mutating func forgo(_ claims: [BudgetClaim]) { for claim in claims { ledger.drop(claim) } }

  mutating func leave(_ run: RunSlot) { visitors.removeAll { $0.sender.run == run } }

  /// Whether it was still here.
  mutating func withdraw(_ sender: Traffic.Sender) -> Bool {
    guard let index = visitors.firstIndex(where: { $0.sender == sender }) else { return false }
    visitors.remove(at: index)
    return true
  }

  /// A call will not leave any more.
  mutating func tookBack(_ sender: Traffic.Sender) { forgo(taken.removeValue(forKey: sender) ?? []) }

  /// What was refused has used nothing; what nobody knows of may have.
  mutating func concluded(_ sender: Traffic.Sender, _ reply: Reply) {
    guard let claims = taken.removeValue(forKey: sender) else { return }
    switch reply {
    case .outcome(.refused(let error)) where error.kind != .server: forgo(claims)
    case .outcome, .unreachable: break
    }
  }

  /// What the cloud said of a budget; without an answer what is known stays.
  mutating func answered(_ claim: BudgetClaim, _ reply: Reply) {
    if case .outcome(.done(let result, _)) = reply {
      let rows = ValuePath("QuotaSet[]").value(in: .record(result))?.asList ?? []
      let row = rows.first { $0.asRecord?["QuotaId"]?.asText == claim.quota }?.asRecord
      if let limit = row?["QuotaLimit"]?.asInt, let used = row?["QuotaCurrent"]?.asInt {
        let underWay = Set(taken.values.flatMap { $0.filter { $0.name == claim.name }.map(\.holder) })
        ledger.learn(claim, limit: limit, used: used, underWay: underWay)
      }
    }
    for index in visitors.indices where visitors[index].asked == claim.name {
      visitors[index].asked = nil
      visitors[index].known.insert(claim.name)
    }
  }

  /// Whether there is nothing to settle.
  var isIdle: Bool { visitors.isEmpty && ledger.isSettled }

  mutating func settle(on day: String) -> [Outcome] {
    ledger.settle(on: day)
    var outcomes: [Outcome] = []
    var left: [Visitor] = []
    for var visitor in visitors {
      guard visitor.asked == nil else {
        left.append(visitor)
        continue
      }
      let outgoing = visitor.outgoing
      guard let shortage = ledger.take(outgoing.claim, reserving: outgoing.kept, on: day) else {
        taken[visitor.sender] = outgoing.claims
        outcomes.append(.queue(outgoing, visitor.sender))
        continue
      }
      let claim = shortage.claim
      guard let look = claim.look, !visitor.known.contains(claim.name) else {
        outcomes.append(.refuse(visitor.sender, shortage))
        continue
      }
      if !visitors.contains(where: { $0.asked == claim.name }), !left.contains(where: { $0.asked == claim.name }) {
        outcomes.append(.ask(claim, look))
      }
      visitor.asked = claim.name
      left.append(visitor)
    }
    visitors = left
    return outcomes
  }
}
