import Testing

@testable import Values

/// The traps of json-c 0.16, one by one: what it would silently accept or corrupt is a problem here.
@Suite struct JSONParseTests {
  private static func problem(_ text: String) -> String? { problem(Array(text.utf8)) }

  private static func problem(_ bytes: [UInt8]) -> String? {
    do {
      _ = try JSON.parse(bytes)
      return nil
    } catch {
      return error.message
    }
  }

  @Test(arguments: [
    ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min), ("0", 0), ("-0", 0), ("-1", -1),
  ]) func integerWithin64Bits(_ text: String, _ value: Int) throws {
    #expect(try JSON.parse(text) == .int(value))
    #expect(try JSON.parse("[\(text)]") == [.int(value)])
  }

  @Test(arguments: [
    "9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616",
    "100000000000000000000000000",
  ]) func integerOutside64Bits(_ text: String) {
    #expect(Self.problem(text) == "the integer \(text) does not fit 64 bits")
    #expect(Self.problem("{\"n\":\(text)}") == "the integer \(text) does not fit 64 bits")
  }

  @Test func wideIntegersAreFloatsWhenWrittenSo() throws {
    #expect(try JSON.parse("18446744073709551616.0") == .float(18_446_744_073_709_551_616))
    #expect(try JSON.parse("1e3") == .float(1000))
  }

  @Test(arguments: [
    #"{"a":1,"a":2}"#, #"{"x":{"a":1,"b":2,"a":3}}"#, #"[{"a":1 , "a" : 2}]"#, #"{"a":1,"\u0061":2}"#,
    #"{"\/":1,"/":2}"#, #"{"é":1,"\u00e9":2}"#, "{\"\u{E9}\":1,\"e\u{301}\":2}",
    #"{"😀":1,"\ud83d\uDE00":2}"#, #"{"a\nb":1,"a\u000Ab":2}"#,
  ]) func duplicateKeys(_ text: String) {
    #expect(Self.problem(text)?.hasSuffix("stands twice in one object") == true)
  }

  @Test func sameKeyInDifferentObjects() throws {
    let value = try JSON.parse(#"{"a":{"a":1},"b":[{"a":1},{"a":2}],"c":"a"}"#)
    #expect(value == ["a": ["a": 1], "b": [["a": 1], ["a": 2]], "c": "a"])
  }

  @Test func nulInKeyIsAProblemInValueIsKept() throws {
    #expect(Self.problem(#"{"a\u0000b":1}"#) == "a key holds a NUL character")
    #expect(Self.problem(#"{"\u0000" :1}"#) == "a key holds a NUL character")
    let value = try JSON.parse(#"{"a":"x\u0000y"}"#)
    #expect(value == ["a": "x\u{0}y"])
    #expect(JSON.print(value) == #"{"a":"x\u0000y"}"#)
  }

  @Test(arguments: [
    #""\ud800""#, #""\udc00""#, #""\ud800x""#, #""\ud800\n""#, #""\ud800\ud800""#, #"{"\ud800":1}"#, #""\udfff\ud800""#,
  ]) func loneSurrogates(_ text: String) { #expect(Self.problem(text) == "half of a surrogate pair") }

  @Test func surrogatePair() throws { #expect(try JSON.parse(#""\ud83d\ude00""#) == "😀") }

  @Test(arguments: [#""\u12""#, #""\u12g4""#, #""\u+123""#, #""\u""#, "\"\\u"]) func badEscape(_ text: String) {
    #expect(Self.problem(text) == "'\\u' needs four hexadecimal digits")
  }

  @Test(arguments: ["NaN", "-NaN", "Infinity", "-Infinity", "[NaN]", "nan", "True", "NULL", "nullx", "tru"])
  func wordsThatAreNotJSON(_ text: String) { #expect(Self.problem(text) != nil) }

  @Test(arguments: [
    "1.", "-1.", ".5", "+1", "1.e3", "1e", "1e+", "01", "-01", "00", "-", "--1", "1-1", "0x10", "1.2.3", "1_000",
  ]) func numbersThatAreNotJSON(_ text: String) { #expect(Self.problem("[\(text)]") != nil) }

  @Test(arguments: ["1e400", "-1e400", "1.0E+999"]) func tooLargeForADouble(_ text: String) {
    #expect(Self.problem(text) == "\(text) is too large for a number")
  }

  @Test func controlCharacters() {
    for byte in UInt8(0)..<0x20 {
      let text: [UInt8] = [0x22, 0x61, byte, 0x22]
      #expect(Self.problem(text) == "a control character stands unescaped in a string", "byte \(byte)")
    }
    #expect(Self.problem("\"\u{7F}\"") == nil)
  }

  /// json-c stops at a NUL: what follows would be ignored.
  @Test func rawNulOutsideOfStrings() {
    for text in ["{}\u{0}", "1\u{0}2", "{}\u{0}{}", "\u{0}1", "[1,\u{0}2]", "\u{B}1", "\u{C}1", "1\u{1}"] {
      #expect(Self.problem(text) != nil, "\(text.debugDescription)")
    }
  }

  @Test(
    arguments: [
      [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xFF, 0x22],
      [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],
      [0x22, 0xE2, 0x82, 0x22], [0xFF, 0x31],
    ] as [[UInt8]]) func badUTF8(_ bytes: [UInt8])
  { #expect(Self.problem(bytes) == "the text is not valid UTF-8") }

  @Test func byteOrderMark() { #expect(Self.problem([0xEF, 0xBB, 0xBF, 0x31]) != nil) }

  @Test func topLevelScalars() throws {
    #expect(try JSON.parse("null") == .null)
    #expect(try JSON.parse("true") == true)
    #expect(try JSON.parse("false") == false)
    #expect(try JSON.parse("12") == 12)
    #expect(try JSON.parse("1.5") == 1.5)
    #expect(try JSON.parse("\"\"") == "")
    #expect(try JSON.parse(" \t\r\n7\n") == 7)
  }

  @Test(arguments: [
    "", " ", "\n", "{", "[", "\"", "{\"a\"", "{\"a\":", "[1", "[1,", "}", "]", "[}", "{]", "[1]]", "{} {}", "1 2",
    "[1,]",
    "{\"a\":1,}", "{a:1}", "{'a':1}", "'a'", "[1 2]", "{\"a\" 1}", ",", ":", "// x\n1", "/* x */ 1", "\"\\x\"", "\"\\",
    "{1:2}", "[\"a\":1]",
  ]) func brokenDocuments(_ text: String) { #expect(Self.problem(text) != nil) }

  @Test func depthAtTheLimitAndOnePast() throws {
    let limit = JSON.maximumDepth
    #expect(limit == 128)
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    var value = try JSON.parse(nested(limit))
    for _ in 1..<limit { value = try #require(value.asList?.first) }
    #expect(value == [])
    #expect(Self.problem(nested(limit + 1)) == "nested deeper than 128 levels")
    let objects = String(repeating: "{\"a\":", count: limit) + "1" + String(repeating: "}", count: limit)
    #expect(Self.problem(objects) == nil)
    #expect(Self.problem("[" + objects + "]") == "nested deeper than 128 levels")
    // Side by side is not nesting.
    #expect(Self.problem("[" + Array(repeating: "[[]]", count: 300).joined(separator: ",") + "]") == nil)
  }

  @Test func problemsTellThePlace() {
    #expect(throws: JSON.Problem(offset: 5, message: "the integer 9223372036854775808 does not fit 64 bits")) {
      try JSON.parse("{\"a\":9223372036854775808}")
    }
    #expect(throws: JSON.Problem(offset: 7, message: #"the key "a" stands twice in one object"#)) {
      try JSON.parse(#"{"a":1,"a":2}"#)
    }
  }

  /// Cutting or changing bytes never crashes and never yields a value that prints differently from what it parses to.
  @Test func brokenBytesAreRefusedOrStable() throws {
    let text = Array(#"{"a":[1,-2.5e3,"x\u00e9\n",null],"b":{"c":true},"d":"日本"}"#.utf8)
    for seed in 0..<2000 {
      var random = SplitMix(seed: seed)
      var bytes = Array(text.prefix(1 + random.below(text.count)))
      for _ in 0..<random.below(3) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
      guard let value = try? JSON.parse(bytes) else { continue }
      #expect(try JSON.parse(JSON.print(value)) == value, "seed \(seed)")
    }
  }
}
