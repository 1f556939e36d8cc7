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

  /// What comes back later.
  private struct Arrival {
    let at: Instant
    let number: Int
    let ticket: Int
    let reply: Reply
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
    var loop = RunLoop(
      machine: RunMachine(program: program, mark: id.text, past: RunPast(journal)), dispatcher: Dispatcher(),
      account: "simulated", nextSequence: journal.count)
    var records = journal
    var now = start
    var arrivals: [Arrival] = []
    var cancelAt = cancelAt
    var number = 0
    var turn = loop.turn(.start, at: now)
    for _ in 0..<SimulatedDriver.maximumTurns {
      records += turn.records.map { ($0.stored.at, $0.record) }
      if let crash, records.count >= crash.recordCount {
        if crash.afterSending, records.count == crash.recordCount {
          for departure in loop.departures(at: now) { _ = cloud.send(departure.call, at: now) }
        }
        return Outcome(status: loop.status, records: Array(records.prefix(crash.recordCount)), endedAt: now)
      }
      if let end = turn.end { return Outcome(status: end, records: records, endedAt: now) }
      if turn.mismatch != nil { return nil }
      for departure in loop.departures(at: now) {
        let (reply, latency) = cloud.send(departure.call, at: now)
        arrivals.append(Arrival(at: now + latency, number: number, ticket: departure.ticket, reply: reply))
        number += 1
      }
      let next = [arrivals.map(\.at).min(), loop.nextAlarm(after: now), cancelAt].compactMap { $0 }.min()
      guard let next else { return nil }
      now = max(now, next)
      if let at = cancelAt, at <= now {
        cancelAt = nil
        turn = loop.turn(.cancel("cancelled"), at: now)
      } else if let index = arrivals.indices.filter({ arrivals[$0].at <= now }).min(by: {
        (arrivals[$0].at, arrivals[$0].number) < (arrivals[$1].at, arrivals[$1].number)
      }) {
        let arrival = arrivals.remove(at: index)
        turn = loop.returned(arrival.ticket, arrival.reply, at: now)
      } else if let timer = loop.dueTimer(at: now) {
        turn = loop.turn(.woke(timer), at: now)
      } else {
        turn = RunLoop.Turn()
      }
    }
    return nil
  }
}
