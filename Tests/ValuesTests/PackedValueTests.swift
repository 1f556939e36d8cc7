import TestSupport
import Testing
import Values

@Suite struct PackedValueTests {
  private static let seeds = 0..<200

  /// Small trees of everything that a value may be.
  private static func value(_ random: inout SeededGenerator, _ depth: Int) -> Value {
    switch Int.random(in: 0..<(depth > 4 ? 8 : 10), using: &random) {
    case 0: .null
    case 1: .bool(.random(using: &random))
    case 2: .int([0, -1, 63, 64, -64, -65, .min, .max].randomElement(using: &random) ?? 0)
    case 3: .float([0.5, -0.0, 1e300, .leastNonzeroMagnitude, .infinity, .nan].randomElement(using: &random) ?? 0)
    case 4, 5:
      .text(["", "a", "子网", "🙂 \u{0}", String(repeating: "x", count: 200)].randomElement(using: &random) ?? "")
    case 6: .duration(.milliseconds(Int.random(in: 0..<100_000, using: &random)))
    case 7: .secret(Secret(name: "password", text: "Hunter2!"))
    case 8: .list((0..<Int.random(in: 0..<4, using: &random)).map { _ in value(&random, depth + 1) })
    default:
      .record(Record((0..<Int.random(in: 0..<20, using: &random)).map { ("n\($0)", value(&random, depth + 1)) }))
    }
  }

  /// It says what the value's JSON says.
  @Test(arguments: seeds) func roundTrip(_ seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let value = Self.value(&random, 0)
    let bytes = PackedValue.bytes(of: value)
    let back = try PackedValue.value(of: bytes)
    #expect(JSON.print(back) == JSON.print(value), "seed \(seed)")
    #expect(back == (try JSON.parse(JSON.print(value))), "seed \(seed)")
    #expect(PackedValue.bytes(of: back) == bytes, "seed \(seed)")
  }

  /// These bytes lie in journals.
  @Test func theFormIsForEver() throws {
    let value: Value = ["a": 1, "b": [.null, true, false, -300], "é": ["x": "y", "f": 1.5]]
    let bytes: [UInt8] = [
      7, 3, 1, 0x61, 3, 2, 1, 0x62, 6, 4, 0, 2, 1, 3, 0xD7, 4, 2, 0xC3, 0xA9, 7, 2, 1, 0x78, 5, 1, 0x79, 1, 0x66, 4,
      0, 0, 0, 0, 0, 0, 0xF8, 0x3F,
    ]
    #expect(PackedValue.bytes(of: value) == bytes)
    #expect(try PackedValue.value(of: bytes) == value)
  }

  @Test(arguments: seeds) func anyBytesAreAValueOrAProblem(_ seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<20 {
      var bytes = PackedValue.bytes(of: Self.value(&random, 0))
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes.insert(.random(in: 0...255, using: &random), at: place)
        case 1: if place < bytes.count { bytes[place] = .random(in: 0...255, using: &random) }
        default: bytes.removeLast(bytes.count - place)
        }
      }
      if let value = try? PackedValue.value(of: bytes) { _ = PackedValue.bytes(of: value) }
    }
  }

  @Test(
    arguments: [
      ([], "cut off"), ([8], "no such kind"), ([0, 0], "more than one"), ([5, 3, 0x61], "cut off"),
      ([5, 1, 0xFF], "UTF-8"), ([3, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2], "64 bits"),
      ([4, 0, 0], "cut off"), ([4, 0, 0, 0, 0, 0, 0, 0xF0, 0x7F], "not finite"),
      ([6, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], "cut off"), ([7, 2, 1, 0x61, 0, 1, 0x61, 0], "twice"),
      ([UInt8](repeating: 6, count: 1) + (0..<400).map { $0.isMultiple(of: 2) ? 1 : 6 }, "deeper"),
    ] as [([UInt8], String)]) func problemsAreNamed(_ bytes: [UInt8], _ reason: String)
  {
    let problem = #expect(throws: PackedValue.Problem.self) { try PackedValue.value(of: bytes) }
    #expect(problem?.description.contains(reason) == true, "\(problem?.description ?? "")")
  }

  @Test func asDeepAsJSON() throws {
    var value = Value.null
    for _ in 0..<JSON.maximumDepth { value = [value] }
    #expect(try PackedValue.value(of: PackedValue.bytes(of: value)) == value)
    #expect(throws: PackedValue.Problem.self) { try PackedValue.value(of: PackedValue.bytes(of: [value])) }
  }
}
