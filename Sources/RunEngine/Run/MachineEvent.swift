import CloudCatalog
import Values

/// What happened outside of the machine. The rare and large ones are kept apart, so that each is small.
package enum MachineEvent: Sendable {
  case start
  case replied(SendID, Reply)
  /// The call was taken back before it left.
  case withdrawn(SendID)
  case woke(TimerID)
  /// A lock that was asked for is granted.
  case locked(LockID)
  /// A lock has to be waited for; the key is what somebody else changes just now.
  case blocked(LockID, by: String)
  /// Somebody waits for a lock whose call is answered: its work is to be watched to its end.
  case wanted(LockID)
  case watched(WatchID, Watch.News)
  /// A call waits for its limit; it has left after all.
  case held(SendID)
  case left(SendID)
  /// A call does not leave: the units of the day that it takes are used up.
  indirect case exhausted(SendID, BudgetShortage)
  /// Somebody asked the run to stop: SIGINT, a deadline. The reason is one sentence.
  case cancel(String)
  /// A person asked for something from elsewhere.
  indirect case asked(RunVerb, by: String)
  /// A person has decided on an approval.
  indirect case decided(StepAddress, ApprovalDecision)
  /// A program that has paused goes on.
  case proceed
  /// What was left for the next turn is done; see ``RunMachine/hasMore``.
  case goOn
  /// The time of this `timeout` is up, whatever the clock says. Rehearsals say so.
  case expired(StepAddress)
}

/// What the machine wants done outside. Records are durable before the sends that follow them leave. As with events,
/// the rare and large ones are kept apart.
package enum MachineIntent: Sendable {
  case append(JournalRecord)
  case send(OutgoingCall)
  case request(TrafficRequest)
  case wake(TimerID, at: Instant)
  /// For people who watch; not part of the journal.
  case notice(RunNotice)
  /// A person's word is waited for; it comes as ``MachineEvent/decided(_:_:)``, from here or through the journal.
  indirect case askApproval(ApprovalAsk)
  case finish(RunStatus)
  /// The journal says something else than the program: going on would be guessing. One sentence.
  case mismatch(String)
}

/// A sending has its call's number in its own, so that nobody has to remember whose it is.
package struct SendID: Hashable, Sendable {
  private static let countBits = 20
  package let index: Int
  package init(index: Int) { self.index = index }

  init(activity: Int, number: Int) { index = activity << SendID.countBits | number & (1 << SendID.countBits - 1) }

  var activity: Int { index >> SendID.countBits }
}
package struct TimerID: Hashable, Sendable { package let index: Int }

/// Passing news of a step.
package enum RunNotice: Hashable, Sendable {
  case sent(StepAddress, attempt: Int)
  /// The same call goes out again after a while, with the reason.
  case resting(StepAddress, reason: String, Duration)
  case probing(StepAddress, reason: String)
  case polled(StepAddress, String)
  /// Its call has to wait, and for what.
  case held(StepAddress, Hold)
  /// What held it is over.
  case released(StepAddress)

  package enum Hold: Hashable, Sendable {
    /// The limit of an action.
    case limit(ActionID)
    /// Something that another call changes just now, by its id.
    case lock(String)
  }
}
