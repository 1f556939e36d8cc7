import RunEngine

/// FNV-1a of 64 bits over everything that a record is: it finds what was torn or changed, not who did it.
enum RecordChecksum {
  /// How a record is written. 1 stands for itself; 2 is chained to the record before it, so that a record that is taken
  /// out, put in or replaced is found although each one fits.
  static let version = 2

  /// As SQLite keeps it, which has no unsigned integers. `previous` is the checksum of the record before, nil for the
  /// first record and for those of version 1.
  static func of(_ record: StoredRecord, in run: RunID, after previous: Int64?) -> Int64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for part in [run.text, String(record.sequence), String(record.at.milliseconds), record.kind, record.payload] {
      for byte in part.utf8 { mix(byte, into: &hash) }
      // No part of a record holds this byte, so the parts cannot run into each other.
      mix(0xFF, into: &hash)
    }
    guard let previous else { return Int64(bitPattern: hash) }
    for shift in stride(from: 0, to: 64, by: 8) { mix(UInt8(truncatingIfNeeded: previous >> shift), into: &hash) }
    return Int64(bitPattern: hash)
  }

  private static func mix(_ byte: UInt8, into hash: inout UInt64) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
}
