import Testing
import Values

@Suite struct JSONPrintTests {
  @Test(arguments: [
    (0.1, "0.1"), (1.0, "1.0"), (-0.0, "-0.0"), (0.30000000000000004, "0.30000000000000004"), (1e16, "1e+16"),
    (.leastNonzeroMagnitude, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308"), (2.5, "2.5"),
  ]) func shortestDoubles(_ value: Double, _ text: String) throws {
    #expect(JSON.print(.float(value)) == text)
    #expect(try JSON.parse(text) == .float(value))
  }

  @Test func doublesThatJSONCannotCarry() {
    #expect(JSON.print(.float(.nan)) == "null")
    #expect(JSON.print([.float(.infinity)]) == "[null]")
  }

  @Test func slashesStayAsTheyAre() throws {
    #expect(JSON.print("a/b") == #""a/b""#)
    #expect(JSON.print(["a/b": "/"]) == #"{"a/b":"/"}"#)
    #expect(try JSON.parse(#""a\/b""#) == "a/b")
  }

  @Test func escapes() { #expect(JSON.print("\"\\\u{8}\n\t\u{1}é日") == #""\"\\\b\n\t\u0001é日""#) }

  @Test func membersKeepTheirOrder() throws {
    let text = #"{"z":1,"a":2,"m":[]}"#
    #expect(JSON.print(try JSON.parse(text)) == text)
  }

  @Test func valuesOfTheLanguage() {
    let value: Value = ["d": .duration(.seconds(90)), "c": .cidr(CIDR(address: 0x0A14_0000, prefix: 16)!), "n": .null]
    #expect(JSON.print(value) == #"{"d":"90s","c":"10.20.0.0/16","n":null}"#)
    #expect(JSON.print(.empty) == "{}")
    #expect(JSON.print([]) == "[]")
  }

  @Test func prettyPrint() throws {
    let value: Value = ["a": [1, 2], "b": ["c": "x"]]
    #expect(JSON.prettyPrint(value) != JSON.print(value))
    #expect(try JSON.parse(JSON.prettyPrint(value)) == value)
    #expect(JSON.prettyPrint(value).contains("\n  \"a\": ["))
  }

  @Test func roundTripOfRandomValues() throws {
    for seed in 0..<2000 {
      var random = SplitMix(seed: seed)
      let value = random.jsonValue()
      let text = JSON.print(value)
      #expect(try JSON.parse(text) == value, "seed \(seed): \(text)")
      #expect(try JSON.parse(JSON.prettyPrint(value)) == value, "seed \(seed)")
      #expect(JSON.print(try JSON.parse(text)) == text, "seed \(seed)")
    }
  }
}

@Suite struct SecretTests {
  private let secret = Value.secret(Secret(name: "password", text: "Hunter2!"))

  @Test func neverPrinted() {
    let deep: Value = ["a": [["b": secret]], "c": "x"]
    for text in [
      JSON.print(secret), JSON.print(deep), JSON.prettyPrint(deep), secret.display, deep.display,
      "\(Secret(name: "password", text: "Hunter2!"))", String(reflecting: secret), String(describing: deep),
      "\([secret])", String(reflecting: ["k": deep]),
    ] {
      #expect(!text.contains("Hunter2"), "\(text)")
    }
    #expect(JSON.print(secret) == #"{"$secret":"password"}"#)
    #expect(secret.display == "***")
  }

  @Test func dumpShowsNoText() {
    var text = ""
    dump(["k": secret], to: &text)
    #expect(!text.contains("Hunter2"))
  }

  @Test func holdsSecretAndRevealed() {
    #expect(secret.holdsSecret)
    let deep: Value = ["a": [1, ["b": secret]]]
    #expect(deep.holdsSecret)
    #expect(!Value.record(["a": [1, "x"]]).holdsSecret)
    #expect(deep.revealed == ["a": [1, ["b": "Hunter2!"]]])
    #expect(!deep.revealed.holdsSecret)
  }
}
