import Values

extension JournalRecord {
  /// A record as a store keeps it, read back.
  package init(_ stored: StoredRecord, of run: RunID) throws(JournalProblem) {
    guard let fields = stored.fields, let record = JournalRecord(kind: stored.kind, payload: fields) else {
      throw JournalProblem(
        .unreachable,
        "this version does not know record \(stored.sequence) of run \(run) ('\(stored.kind)'); use a newer belay")
    }
    self = record
  }

  private typealias Part = Result<[(Instant, JournalRecord)], JournalProblem>

  /// The records of a run, with their stamps. The parts of a long journal are read by all processors while the next
  /// ones come.
  package static func decoded(
    _ stored: AsyncStream<[StoredRecord]>, of run: RunID
  ) async throws(JournalProblem) -> [(Instant, JournalRecord)] {
    let parts = await withTaskGroup(of: (Int, Part).self) { group in
      var count = 0
      for await records in stored {
        let number = count
        group.addTask { (number, part(records, run)) }
        count += 1
      }
      var parts = [Part](repeating: .success([]), count: count)
      for await (number, part) in group { parts[number] = part }
      return parts
    }
    var records: [(Instant, JournalRecord)] = []
    for part in parts { records += try part.get() }
    return records
  }

  private static func part(_ stored: [StoredRecord], _ run: RunID) -> Part {
    Part { () throws(JournalProblem) in
      var records: [(Instant, JournalRecord)] = []
      records.reserveCapacity(stored.count)
      for record in stored { records.append((record.at, try JournalRecord(record, of: run))) }
      return records
    }
  }
}
