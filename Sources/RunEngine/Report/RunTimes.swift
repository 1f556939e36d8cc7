import Values

/// How long what a run did waited, as its store tells beside the records: a fold over them, for ``RunWhy``.
package struct RunTimes: Sendable {
  /// By the number of the step in the report.
  private var steps: [CallTimes?] = []
  private(set) var undos = UndoTimes()

  package init() {}

  /// `report` has seen the record already.
  package mutating func note(_ record: JournalRecord, at: Instant, _ times: CallTimes?, in report: RunReport) {
    undos.note(record, at: at, times)
    guard let times, let number = record.forwardStep.flatMap({ report.number(of: $0) }) else { return }
    while steps.count <= number { steps.append(nil) }
    if steps[number] == nil { steps[number] = times } else { steps[number]?.add(times) }
  }

  /// Nothing, of a step without outcome.
  package func of(_ number: Int) -> CallTimes {
    steps.indices.contains(number) ? steps[number] ?? CallTimes() : CallTimes()
  }
}
