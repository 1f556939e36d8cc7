import CloudCatalog
import Values

/// What a run asks of the traffic at once; none of it changes anything in the cloud.
package enum TrafficRequest: Sendable {
  case withdraw(SendID)
  case lock(LockID, LockRequest)
  /// The locked call is answered; the work it began is not over.
  case settling(LockID)
  case unlock(LockID)
  indirect case watch(WatchID, Watch)
  case unwatch(WatchID)
  /// What was kept for an undo is not needed any more.
  case forgo([BudgetClaim])
}

/// A call that may leave as soon as the records before it are durable.
package struct OutgoingCall: Sendable {
  package let id: SendID
  package let call: CloudCall
  package let urgency: Dispatcher.Urgency
  /// Under which it is made; calls of one party leave as one.
  package let lock: LockID?
  /// Whether the answer to the same question of somebody else serves as well.
  package let isShared: Bool
  /// What it takes of a day's units. Apart, since most take nothing.
  private final class Budget: Sendable {
    let claim: BudgetClaim?
    let kept: [BudgetClaim]
    init(_ claim: BudgetClaim?, _ kept: [BudgetClaim]) { (self.claim, self.kept) = (claim, kept) }
  }
  private let budget: Budget?

  package init(
    _ id: SendID, _ call: CloudCall, _ urgency: Dispatcher.Urgency, lock: LockID? = nil, isShared: Bool = false,
    claim: BudgetClaim? = nil, kept: [BudgetClaim] = []
  ) {
    self.id = id
    self.call = call
    self.urgency = urgency
    self.lock = lock
    self.isShared = isShared
    budget = claim == nil && kept.isEmpty ? nil : Budget(claim, kept)
  }

  var claim: BudgetClaim? { budget?.claim }
  /// What its undo will take, kept from when it leaves.
  var kept: [BudgetClaim] { budget?.kept ?? [] }
  var hasClaims: Bool { budget != nil }
  var claims: [BudgetClaim] { [claim].compactMap { $0 } + kept }
}

/// A call on its way to the cloud.
package struct Departure: Sendable {
  package let ticket: Int
  package let call: CloudCall
}
