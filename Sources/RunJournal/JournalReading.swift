import RunEngine
import Values

/// The records of one run as they are read, one row after the other, each held against the one before it.
struct JournalReading {
  static let query = """
    SELECT sequence, at, kind, packed, version, checksum, payload FROM records WHERE run = ? ORDER BY sequence
    """

  private let run: RunID
  /// How many there must be.
  private let count: Int
  /// The sequence of the next record.
  private(set) var next = 0
  /// Since the last part was taken.
  private var part: [StoredRecord] = []
  private static let partSize = 2048
  /// The checksum of the last one; nil before the first.
  private(set) var head: Int64?
  private var version = 1

  init(_ run: RunID, count: Int) {
    self.run = run
    self.count = count
  }

  var isPartFull: Bool { part.count == JournalReading.partSize }

  mutating func takePart() -> [StoredRecord] {
    let full = part
    part = []
    part.reserveCapacity(min(count - next, JournalReading.partSize))
    return full
  }

  /// Whether no record is chained.
  var isAlone: Bool { version == 1 }

  /// Nil, or what is wrong with the row at which the query stands.
  mutating func take(_ row: PlainStatement) -> String? {
    guard let number = row.integer(at: 0), let at = row.integer(at: 1), let kind = row.text(at: 2),
      let form = row.integer(at: 4), let checksum = row.integer(at: 5)
    else { return "cannot be read" }
    let (sequence, version) = (Int(number), Int(form))
    guard sequence == next else { return "is missing" }
    guard sequence < count else { return "is one too many" }
    guard version <= RecordChecksum.version else { return "is of a newer version of belay" }
    guard version >= self.version else { return "is of an older version than the one before it" }
    self.version = version
    let isIntact: Bool
    let packed: [UInt8]?
    if version < 3 {
      guard let json = row.text(at: 6) else { return "cannot be read" }
      let previous = version == 1 ? nil : head ?? 0
      isIntact = checksum == RecordChecksum.ofText(sequence, at, kind, json, in: run, after: previous)
      packed = isIntact ? (try? JSON.parse(json)).map { PackedValue.bytes(of: $0) } : []
    } else {
      guard let bytes = row.bytes(at: 3) else { return "cannot be read" }
      packed = bytes
      isIntact = checksum == RecordChecksum.of(sequence, at, kind, bytes, in: run, after: head ?? 0)
    }
    guard isIntact else { return "fails its checksum: it, or the one before it, is not as it was written" }
    guard let packed else { return "cannot be read" }
    head = checksum
    next += 1
    part.append(StoredRecord(sequence: sequence, at: Instant(milliseconds: at), kind: kind, payload: packed))
    return nil
  }
}
