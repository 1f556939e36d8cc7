import Values

extension JournalRecord {
  /// A record as a store keeps it, read back.
  package init(_ stored: StoredRecord, of run: RunID) throws(JournalProblem) {
    guard let payload = try? JSON.parse(stored.payload).asRecord,
      let record = JournalRecord(kind: stored.kind, payload: payload)
    else {
      throw JournalProblem(
        .unreachable,
        "this version does not know record \(stored.sequence) of run \(run) ('\(stored.kind)'); use a newer belay")
    }
    self = record
  }

  private typealias Part = Result<[(Instant, JournalRecord)], JournalProblem>
  private static let partSize = 2048

  /// The records of a run, with their stamps. Those of a long journal are read by all processors.
  package static func decoded(
    _ stored: [StoredRecord], of run: RunID
  ) async throws(JournalProblem) -> [(Instant, JournalRecord)] {
    let parts = await withTaskGroup(of: (Int, Part).self) { group in
      for start in stride(from: 0, to: stored.count, by: partSize) {
        group.addTask { (start, part(stored[start..<min(start + partSize, stored.count)], run)) }
      }
      var parts: [(Int, Part)] = []
      for await part in group { parts.append(part) }
      return parts.sorted { $0.0 < $1.0 }
    }
    var records: [(Instant, JournalRecord)] = []
    records.reserveCapacity(stored.count)
    for (_, part) in parts { records += try part.get() }
    return records
  }

  private static func part(_ stored: ArraySlice<StoredRecord>, _ run: RunID) -> Part {
    Part { () throws(JournalProblem) in
      var records: [(Instant, JournalRecord)] = []
      records.reserveCapacity(stored.count)
      for record in stored { records.append((record.at, try JournalRecord(record, of: run))) }
      return records
    }
  }
}
