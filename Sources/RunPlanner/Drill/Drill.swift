import CloudCatalog
import CloudEmulator
import RunDriver
import RunEngine
import Values

/// Tries everything that can go wrong with a run, one thing at a time: each documented kind of failure at each call,
/// the end of the process at each record. With depth 2 the same again on each way back that these lead to.
///
/// A scenario goes on from a copy of the undisturbed run, taken where it is struck. The same runbook, inputs and world
/// give the same drill, on any number of threads.
package struct Drill: Sendable {
  package struct Progress: Sendable {
    package let depth: Int
    package let done: Int
    package let total: Int
  }

  package let trial: Trial
  package let cloud: EmulatedCloud
  /// 1, or 2 for failures on the way back, too.
  package let depth: Int
  /// How many scenarios go on at a time.
  package let jobs: Int

  package init(_ trial: Trial, in cloud: EmulatedCloud, depth: Int = 1, jobs: Int = 1) {
    self.trial = trial
    self.cloud = cloud
    self.depth = depth
    self.jobs = max(1, jobs)
  }

  /// How many turns a scenario may take until it counts as one that never ends.
  private static let maximumTurns = 1_000_000

  package func run(_ progress: @escaping @Sendable (Progress) -> Void = { _ in }) async -> DrillReport {
    let start = Course(trial, in: cloud)
    var calm = start
    Drill.finish(&calm)
    let judge = DrillJudge(calm, from: cloud)
    var report = DrillReport(calm, judge)
    let first = Wave(DrillScenario([]), start, isUndo: false)
    var waysBack: [(Course, DrillScenario)] = []
    var known: Set<String> = []
    await strike([first], 1, judge, &report, progress) { way, scenario in
      if known.insert(way.key).inserted { waysBack.append((way.course, scenario)) }
    }
    report.waysBack = waysBack.count
    if depth > 1 {
      let waves = waysBack.map { Wave($0.1, $0.0, isUndo: true) }
      await strike(waves, 2, judge, &report, progress) { _, _ in }
    }
    return report
  }

  /// A course along which blows are struck.
  private struct Wave: Sequence {
    let scenario: DrillScenario
    let course: Course
    /// Whether only the way back is looked at.
    let isUndo: Bool

    init(_ scenario: DrillScenario, _ course: Course, isUndo: Bool) {
      self.scenario = scenario
      self.course = course
      self.isUndo = isUndo
    }

    func makeIterator() -> Moments { Moments(course: course, isUndo: isUndo) }
  }

  /// The moments of a course at which there is something to try.
  private struct Moments: IteratorProtocol {
    var course: Course
    let isUndo: Bool
    var turns = 0
    var hasEnded = false

    mutating func next() -> Moment? {
      while !hasEnded, turns < Drill.maximumTurns {
        let moment = !isUndo || course.isUndoing || course.isOver ? Moment(course) : nil
        hasEnded = course.isOver
        course.step()
        turns += 1
        if let moment, !moment.blows.isEmpty { return moment }
      }
      return nil
    }
  }

  /// The way back that a scenario led to, as it began.
  struct WayBack: Sendable {
    let key: String
    let course: Course
  }

  private typealias Struck = [(result: DrillResult, way: WayBack?)]

  private func strike(
    _ waves: [Wave], _ depth: Int, _ judge: DrillJudge, _ report: inout DrillReport,
    _ progress: @escaping @Sendable (Progress) -> Void, _ note: (WayBack, DrillScenario) -> Void
  ) async {
    var total = 0
    for wave in waves {
      for moment in wave {
        total += moment.blows.count
        report.note(moment)
      }
    }
    var done = 0
    progress(Progress(depth: depth, done: 0, total: total))
    var results: [Int: Struck] = [:]
    var next = 0
    func take(_ index: Int, _ struck: Struck) {
      results[index] = struck
      done += struck.count
      progress(Progress(depth: depth, done: done, total: total))
      // In the order of the moments, whichever is ready first.
      while let ready = results.removeValue(forKey: next) {
        for (result, way) in ready {
          report.results.append(result)
          if let way { note(way, result.scenario) }
        }
        next += 1
      }
    }
    let wantsWays = depth == 1
    await withTaskGroup(of: (Int, Struck).self) { group in
      var count = 0
      for wave in waves {
        for moment in wave {
          if count >= jobs, let (index, struck) = await group.next() { take(index, struck) }
          let (index, scenario) = (count, wave.scenario)
          group.addTask { (index, Drill.strike(moment, scenario, judge, wantsWays: wantsWays)) }
          count += 1
        }
      }
      for await (index, struck) in group { take(index, struck) }
    }
  }

  private static func strike(
    _ moment: Moment, _ scenario: DrillScenario, _ judge: DrillJudge, wantsWays: Bool
  ) -> Struck {
    moment.blows.map { blow in
      var course = moment.course.struck(blow, moment.leaving)
      let way = wantsWays ? wayBack(&course) : nil
      finish(&course)
      let name = DrillScenario(scenario.blows + [blow])
      return (judge.judge(course, name, at: moment.site(blow)), way)
    }
  }

  /// Goes on to where the way back begins; nil when there is none. Two failures have the same way back when the same
  /// steps are done by then, and the same are in doubt.
  private static func wayBack(_ course: inout Course) -> WayBack? {
    var turns = 0
    while !course.isOver, !course.isUndoing, turns < maximumTurns {
      course.step()
      turns += 1
    }
    guard course.isUndoing else { return nil }
    let steps = RunReport(course.run.records).steps.filter { $0.kind == .change }
      .map { "\($0.address)=\($0.state.rawValue)" }.sorted()
    return WayBack(key: steps.joined(separator: "\n"), course: course)
  }

  static func finish(_ course: inout Course) {
    var turns = 0
    while !course.isOver, turns < maximumTurns {
      course.step()
      turns += 1
    }
  }
}
