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

  /// Runs to the end. Nil when the run can never end: nothing is under way and no timer is set.
  package func run(
    _ id: RunID, created: JournalRecord, program: any RunProgram, cloud: inout some SimulatedCloud,
    startingAt start: Instant, cancelAt: Instant? = nil
  ) -> Outcome? {
    var loop = RunLoop(
      machine: RunMachine(program: program, mark: id.text), dispatcher: Dispatcher(), account: "simulated",
      nextSequence: 1)
    var records: [(Instant, JournalRecord)] = [(start, created)]
    var now = start
    var arrivals: [Arrival] = []
    var cancelAt = cancelAt
    var number = 0
    var turn = loop.turn(.start, at: now)
    for _ in 0..<SimulatedDriver.maximumTurns {
      records += turn.records.map { ($0.stored.at, $0.record) }
      if let end = turn.end { return Outcome(status: end, records: records, endedAt: now) }
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
