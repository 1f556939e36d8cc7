import RunEngine

/// FNV-1a of 64 bits over everything that a record is: it finds what was torn or changed, not who did it.
enum RecordChecksum {
  /// As SQLite keeps it, which has no unsigned integers.
  static func of(_ record: StoredRecord, in run: RunID) -> Int64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for part in [run.text, String(record.sequence), String(record.at.milliseconds), record.kind, record.payload] {
      for byte in part.utf8 { mix(byte, into: &hash) }
      // No part of a record holds this byte, so the parts cannot run into each other.
      mix(0xFF, into: &hash)
    }
    return Int64(bitPattern: hash)
  }

  private static func mix(_ byte: UInt8, into hash: inout UInt64) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
}
