import CloudEmulator
import RunDriver
import RunEngine
import Values

/// One scenario again, step by step.
package struct DrillReplay: Sendable {
  /// What happened, in order.
  package enum Event: Sendable {
    case record(Instant, JournalRecord)
    /// A call left. `number` is the one by which a blow names it.
    case call(number: Int, SimulatedCall)
    /// What goes wrong with what comes next.
    case blow(Instant, Blow)
  }
  package struct Problem: Error, Sendable, CustomStringConvertible {
    package let description: String
  }

  package private(set) var events: [Event] = []
  package let result: DrillResult

  package init(_ scenario: DrillScenario, of drill: Drill) throws(Problem) {
    var calm = Course(drill.trial, in: drill.cloud)
    Drill.finish(&calm)
    var course = Course(drill.trial, in: drill.cloud)
    var events = DrillReplay.news(course, recordsFrom: 0, callsFrom: 0)
    var site = DrillResult.Site(steps: [], action: nil, record: nil, isUndo: false)
    for blow in scenario.blows {
      let moment = try DrillReplay.moment(for: blow, on: &course, &events)
      site = moment.site(blow)
      events.append(.blow(course.run.now, blow))
      let struck = course.struck(blow, moment.leaving)
      events += DrillReplay.news(struck, recordsFrom: course.run.records.count, callsFrom: course.calls.count)
      course = struck
    }
    while !course.isOver { DrillReplay.step(&course, &events) }
    self.events = events
    result = DrillJudge(calm, from: drill.cloud).judge(course, scenario, at: site)
  }

  private static func moment(
    for blow: Blow, on course: inout Course, _ events: inout [Event]
  ) throws(Problem) -> Moment {
    while true {
      let moment = Moment(course)
      if moment.blows.contains(blow) { return moment }
      guard !course.isOver else {
        throw Problem(
          description: "'\(blow)' cannot be struck: the run has \(course.calls.count) calls and "
            + "\(course.run.records.count) records up to there, and each takes only what its action documents")
      }
      step(&course, &events)
    }
  }

  private static func step(_ course: inout Course, _ events: inout [Event]) {
    let (records, calls) = (course.run.records.count, course.calls.count)
    course.step()
    events += news(course, recordsFrom: records, callsFrom: calls)
  }

  /// What left stands before the records that came after it.
  private static func news(_ course: Course, recordsFrom: Int, callsFrom: Int) -> [Event] {
    let calls = course.calls.enumerated().dropFirst(callsFrom).map { Event.call(number: $0.offset + 1, $0.element) }
    return calls + course.run.records.dropFirst(recordsFrom).map { .record($0.0, $0.1) }
  }
}
