import RunEngine

/// What holds for every store, and how its problems are worded.
enum JournalRules {
  /// Nil when the records follow one another from `next` on.
  static func gap(in records: [StoredRecord], next: Int, run: RunID, in place: String) -> JournalProblem? {
    for (offset, record) in records.enumerated() where record.sequence != next + offset {
      return JournalProblem(
        .conflict,
        "record \(record.sequence) of run \(run) cannot be appended to \(place), where \(next + offset) is next; "
          + "is another process at work on the run?")
    }
    return nil
  }

  static func exists(_ run: RunID, in place: String) -> JournalProblem {
    JournalProblem(.conflict, "\(place) already has a run \(run)")
  }

  static func missing(_ run: RunID, in place: String) -> JournalProblem {
    JournalProblem(.missing, "\(place) has no run \(run)")
  }
}
