import CloudCatalog
import CloudEmulator
import RunDriver
import RunEngine
import Values

/// Compares where a scenario ended with where it may end: with the world before the run, with what the runbook and the
/// run say of it, and with the undisturbed run.
struct DrillJudge: Sendable {
  /// How long the cloud goes on by itself before the worlds are compared.
  private static let settling = Duration.minutes(10)

  private let account: String
  private let before: Set<InventoryLine>
  private let calmSteps: Set<StepAddress>
  private let calmStates: [String: Int]
  private let calmGone: Set<InventoryLine>

  /// `calm` is the undisturbed run at its end.
  init(_ calm: Course, from start: EmulatedCloud) {
    account = calm.trial.account
    before = DrillJudge.lines(start, account, at: calm.run.now)
    let after = DrillJudge.lines(calm.run.cloud.cloud, account, at: calm.run.now)
    calmSteps = DrillJudge.standing(RunReport(calm.run.records))
    calmStates = DrillJudge.states(after)
    calmGone = before.subtracting(after)
  }

  func judge(_ course: Course, _ scenario: DrillScenario, at site: DrillResult.Site) -> DrillResult {
    let report = RunReport(course.run.records)
    let after = DrillJudge.lines(course.run.cloud.cloud, account, at: course.run.now)
    var findings = overruns(course)
    var declared: [DrillResult.Declared] = []
    let end: DrillResult.End
    switch course.run.state {
    case .ended(.succeeded):
      end = .succeeded
      findings += compared(report, after)
    case .ended(.rolledBack), .ended(.needsAttention):
      end = course.run.state == .ended(.rolledBack) ? .rolledBack : .needsAttention
      let reference =
        course.notes.hasCommitted ? DrillJudge.lines(course.notes.reference, account, at: course.run.now) : before
      let residue = Residue(course.run.records, from: reference, to: after)
      declared = residue.declared
      findings += residue.findings
      if end == .needsAttention, !course.strikes.contains(where: \.excusesAttention) {
        findings.append(DrillFinding(kind: .attention, sentence: DrillJudge.attention(report)))
      }
    case .ended(let status):
      end = .neverEnds
      findings.append(DrillFinding(kind: .neverEnds, sentence: "it ended as \(status.rawValue)"))
    case .stalled(let reason):
      end = .neverEnds
      findings.append(DrillFinding(kind: .neverEnds, sentence: "it never ends: \(reason)"))
    case .going:
      end = .neverEnds
      findings.append(DrillFinding(kind: .neverEnds, sentence: "it goes on and on"))
    }
    return DrillResult(
      scenario: scenario, site: site, end: end, findings: findings,
      left: end == .needsAttention
        ? report.remaining.map {
          .init(step: $0.address, state: $0.state, note: $0.note, requestID: $0.requestID)
        } : [],
      declared: declared, undoTime: course.notes.undoBeganAt.map { course.run.now - $0 })
  }

  private static func attention(_ report: RunReport) -> String {
    let left = report.remaining.map { step in
      step.note.isEmpty ? step.address.text : "\(step.address) (\(step.note))"
    }
    return "the run asks for help although nothing stands in its way; left: \(left.joined(separator: ", "))"
  }

  // MARK: A run that succeeded

  /// What a run that went on after all has made, held against the undisturbed one where both took the same steps.
  private func compared(_ report: RunReport, _ after: Set<InventoryLine>) -> [DrillFinding] {
    guard DrillJudge.standing(report) == calmSteps else { return strays(report, after) }
    var findings: [DrillFinding] = []
    let states = DrillJudge.states(after)
    for state in Set(states.keys).union(calmStates.keys).sorted() {
      let (count, wanted) = (states[state] ?? 0, calmStates[state] ?? 0)
      guard count != wanted else { continue }
      findings.append(
        DrillFinding(
          kind: count > wanted ? .duplicate : .missing,
          sentence: "there are \(count) \(state), and \(wanted) without the failure"))
    }
    let gone = before.subtracting(after).subtracting(calmGone)
    return findings
      + Residue.sorted(gone).map { DrillFinding(kind: .damage, sentence: "\($0.wording) is not as it was") }
  }

  /// What bears the run's mark and is in no answer that the run knows.
  private func strays(_ report: RunReport, _ after: Set<InventoryLine>) -> [DrillFinding] {
    let known = report.steps.reduce(into: Set<String>()) { $0.formUnion(Residue.texts(.record($1.result))) }
    return Residue.sorted(after.subtracting(before)).filter { line in
      line.detail.contains("\(Mark.key)=") && !known.contains(line.id)
    }.map { DrillFinding(kind: .duplicate, sentence: "\($0.wording) is there, and the run does not know of it") }
  }

  /// Steps of which something stands at the end.
  private static func standing(_ report: RunReport) -> Set<StepAddress> {
    Set(
      report.steps.filter { step in
        guard step.kind == .change else { return false }
        switch step.state {
        case .done, .kept, .committed: return true
        case .running, .failed, .unknown, .notSent, .undoing, .undone, .undoFailed, .skipped: return false
        }
      }.map(\.address))
  }

  // MARK: Counts

  private func overruns(_ course: Course) -> [DrillFinding] {
    let meant = Set(
      course.strikes.compactMap { strike -> Int? in
        guard case .call(let number) = strike.blow.place else { return nil }
        return number
      })
    let over = course.calls.enumerated().filter { index, call in
      call.problem.map { ErrorKind(code: $0) == .throttled } == true && !meant.contains(index + 1)
    }
    guard let first = over.first?.element else { return [] }
    return [
      DrillFinding(
        kind: .overrun, sentence: "\(over.count) calls over the limit, the first of them \(first.action)")
    ]
  }

  /// How many things of each kind there are in each state. Their names and ids differ from run to run; the words in
  /// capitals among what tells them apart, `RUNNING`, `UNBIND`, are the cloud's states.
  private static func states(_ lines: Set<InventoryLine>) -> [String: Int] {
    var counts: [String: Int] = [:]
    for line in lines {
      let words = line.detail.split { character in !(character.isUppercase || character == "_") }
      let states = words.filter { $0.count >= 4 }.map { String($0) }
      counts[([line.kind] + states).joined(separator: " "), default: 0] += 1
    }
    return counts
  }

  private static func lines(_ cloud: EmulatedCloud, _ account: String, at end: Instant) -> Set<InventoryLine> {
    var cloud = cloud
    cloud.advance(to: max(cloud.instant, end) + settling)
    return Set(cloud.inventory(account: account))
  }
}

extension Course.Strike {
  /// Whether it explains that a person is asked: it cannot be overcome without guessing, or is the cloud's last word on
  /// the way back.
  var excusesAttention: Bool {
    switch blow.kind {
    case .fault(.stuck): true
    case .fault(.asyncFailure), .fault(.partial), .soldOut: duringUndo
    case .fault(.refused(let code)):
      switch ErrorKind(code: code) {
      case .caller, .stock, .gone: duringUndo
      case .busy, .dependency, .throttled, .server, .clock: false
      }
    case .fault(.lostBefore), .fault(.lostAfter), .fault(.serverError), .crash: calls.contains(where: isUntellable)
    case .cancel, .timeout, .denied, .expired, .fault(.throttled), .fault(.status), .fault(.statusAfter),
      .fault(.garbage), .fault(.latency),
      .fault(.slow):
      false
    }
  }

  /// Whether the catalog knows no way to tell that the call took effect.
  private func isUntellable(_ call: CloudCall) -> Bool {
    if case .ask? = Catalog.meaning(call.action)?.lost { true } else { false }
  }
}
