import RunEngine
import Values

extension StoredRecord {
  init(sequence: Int, at: Instant = JournalSamples.start, kind: String, fields: Record) {
    self.init(sequence: sequence, at: at, kind: kind, payload: PackedValue.bytes(of: .record(fields)))
  }
}

/// Runs and records that the tests of stores write.
enum JournalSamples {
  static let start = Instant(milliseconds: 1_795_000_000_000)

  static func run(_ name: String, at offset: Int = 0) -> RunSummary {
    let made = start + .seconds(offset)
    return RunSummary(
      id: RunID(name), runbook: "ecm.web_fleet 1.0.0", createdAt: made, updatedAt: made, status: "running")
  }

  static func records(_ range: Range<Int>) -> [StoredRecord] {
    range.map { sequence in
      StoredRecord(
        sequence: sequence, at: start + .seconds(sequence), kind: sequence.isMultiple(of: 2) ? "intent" : "outcome",
        payload: PackedValue.bytes(
          of: ["step": .text(#"subnet["ap-hangzhou-ecm-1"]"#), "name": .text("子网 \(sequence)")]))
    }
  }
}

/// The problem that the body throws, or nil.
func problem(_ body: () async throws(JournalProblem) -> Void) async -> JournalProblem? {
  do throws(JournalProblem) {
    try await body()
    return nil
  } catch {
    return error
  }
}
