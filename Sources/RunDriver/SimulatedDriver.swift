import CloudCatalog
import RunEngine
import Values

/// A cloud inside the process: it answers at once and says how long the answer takes to arrive.
package protocol SimulatedCloud {
  mutating func send(_ call: CloudCall, at now: Instant) -> (reply: Reply, latency: Duration)
}

/// Carries out a run in virtual time: the clock jumps to whatever comes next. The same machine, limits and records as
/// live; nothing waits.
package struct SimulatedDriver {
  package struct Outcome: Sendable {
    package let status: RunStatus
    package let records: [(Instant, JournalRecord)]
    package let endedAt: Instant
  }

  /// How many turns a run may take before it is given up: a cloud that never comes to an end.
  package static let maximumTurns = 10_000_000

  package init() {}

  /// The end of a process in the middle of a run.
  package struct Crash: Sendable {
    /// How many records the journal holds then; a batch may be cut in the middle.
    package let recordCount: Int
    /// Whether the calls that follow these records still leave.
    package let afterSending: Bool
    package init(recordCount: Int, afterSending: Bool) {
      self.recordCount = recordCount
      self.afterSending = afterSending
    }
  }

  /// Runs to the end. Nil when the run can never end: nothing is under way and no timer is set.
  package func run(
    _ id: RunID, created: JournalRecord, program: any RunProgram, cloud: inout some SimulatedCloud,
    startingAt start: Instant, cancelAt: Instant? = nil, crash: Crash? = nil
  ) -> Outcome? {
    run(
      id, journal: [(start, created)], program: program, cloud: &cloud, startingAt: start, cancelAt: cancelAt,
      crash: crash)
  }

  /// Takes up a run from its journal, or begins it when the journal holds its `created` only. A crash ends it with the
  /// status that it has then.
  package func run(
    _ id: RunID, journal: [(Instant, JournalRecord)], program: any RunProgram, cloud: inout some SimulatedCloud,
    startingAt start: Instant, cancelAt: Instant? = nil, crash: Crash? = nil
  ) -> Outcome? {
    var scene = Scene(
      loop: RunLoop(
        machine: RunMachine(program: program, mark: id.text, past: RunPast(journal)), nextSequence: journal.count),
      traffic: Traffic(account: "simulated"))
    var records = journal
    var now = start
    var cancelAt = cancelAt
    var turn = scene.turn([.start], at: now)
    for _ in 0..<SimulatedDriver.maximumTurns {
      records += turn.records.map { ($0.stored.at, $0.record) }
      if let crash, records.count >= crash.recordCount {
        if crash.afterSending, records.count == crash.recordCount { scene.send(turn.calls, to: &cloud, at: now) }
        return Outcome(status: scene.status, records: Array(records.prefix(crash.recordCount)), endedAt: now)
      }
      if let end = turn.end { return Outcome(status: end, records: records, endedAt: now) }
      if turn.mismatch != nil { return nil }
      scene.send(turn.calls, to: &cloud, at: now)
      guard let next = [scene.nextChange(after: now), cancelAt].compactMap({ $0 }).min() else { return nil }
      now = max(now, next)
      if let at = cancelAt, at <= now {
        cancelAt = nil
        turn = scene.turn([.cancel("cancelled")], at: now)
      } else {
        turn = scene.turn(scene.receive(at: now), at: now)
      }
    }
    return nil
  }

  /// The run and the traffic, of which it is the only one.
  private struct Scene {
    /// What comes back later.
    private struct Arrival {
      let ticket: Int
      let reply: Reply
    }
    private var loop: RunLoop
    private var traffic: Traffic
    private let slot: RunSlot
    private var arrivals = Agenda<Arrival>()

    init(loop: RunLoop, traffic: Traffic) {
      (self.loop, self.traffic) = (loop, traffic)
      slot = self.traffic.join()
    }

    var status: RunStatus { loop.status }

    mutating func turn(_ events: [MachineEvent], at now: Instant) -> RunLoop.Turn {
      var turn = RunLoop.Turn()
      for event in events { loop.turn(event, at: now, into: &turn) }
      loop.wake(at: now, into: &turn)
      while !turn.requests.isEmpty {
        let requests = turn.requests
        turn.requests = []
        traffic.request(requests, of: slot, at: now)
        for (_, event) in traffic.takeNews() { loop.turn(event, at: now, into: &turn) }
      }
      return turn
    }

    mutating func send(_ calls: [OutgoingCall], to cloud: inout some SimulatedCloud, at now: Instant) {
      for call in calls { traffic.send(call, of: slot) }
      for departure in traffic.departures(at: now) {
        let (reply, latency) = cloud.send(departure.call, at: now)
        arrivals.insert(Arrival(ticket: departure.ticket, reply: reply), at: now + latency)
      }
    }

    /// What came back by now, and other news.
    mutating func receive(at now: Instant) -> [MachineEvent] {
      if let arrival = arrivals.popDue(at: now) { traffic.returned(arrival.ticket, arrival.reply, at: now) }
      return traffic.takeNews().map(\.event)
    }

    func nextChange(after now: Instant) -> Instant? {
      [arrivals.next, traffic.nextChange(after: now), loop.nextAlarm].compactMap { $0 }.min()
    }
  }
}
