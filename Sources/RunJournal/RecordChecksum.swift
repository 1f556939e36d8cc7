import RunEngine
import Values

/// A hash of 64 bits over everything that a record is: it finds what was torn or changed, not who did it. As SQLite
/// keeps it, which has no unsigned integers.
enum RecordChecksum {
  /// How a record is written. 1 stands for itself; 2 is chained to the record before it, so that a record that is taken
  /// out, put in or replaced is found although each one fits; 3 is packed, where those before it are JSON.
  static let version = 3

  /// XXH64 of a record of version 3. `previous` is the checksum of the record before, 0 for the first.
  static func of(
    _ sequence: Int, _ at: Int64, _ kind: String, _ payload: [UInt8], in run: RunID, after previous: Int64
  ) -> Int64 {
    var hash = UInt64(bitPattern: previous)
    var (run, kind) = (run.text, kind)
    run.withUTF8 { hash = XXH64.hash(UnsafeRawBufferPointer($0), seed: hash) }
    let numbers = (Int64(sequence).littleEndian, at.littleEndian)
    withUnsafeBytes(of: numbers) { hash = XXH64.hash($0, seed: hash) }
    kind.withUTF8 { hash = XXH64.hash(UnsafeRawBufferPointer($0), seed: hash) }
    payload.withUnsafeBytes { hash = XXH64.hash($0, seed: hash) }
    return Int64(bitPattern: hash)
  }

  /// FNV-1a of a record of the versions before, whose payload was `json`. `previous` is nil for those of version 1.
  static func ofText(
    _ sequence: Int, _ at: Int64, _ kind: String, _ json: String, in run: RunID, after previous: Int64?
  ) -> Int64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for part in [run.text, String(sequence), String(at), kind, json] {
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
