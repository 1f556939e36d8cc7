import Testing
import Values

@Suite("Quantities are read and written as runbooks write them")
struct QuantityTests {
  @Test(
    "In the largest unit that is whole",
    arguments: [
      ("50GiB", "50GiB"), ("1024MiB", "1GiB"), ("1536MiB", "1536MiB"), ("1000B", "1000B"), ("0TiB", "0B"),
      ("-3TiB", "-3TiB"), ("100Mbps", "100Mbps"), ("1500kbps", "1500kbps"), ("2000Mbps", "2Gbps"), ("0Gbps", "0bps"),
      ("20/s", "20/s"), ("120/min", "2/s"), ("5/min", "5/min"), ("7/h", "7/h"), ("0/h", "0/s"), ("1.5CNY", "1.5CNY"),
      ("1.50CNY", "1.5CNY"), ("100USD", "100USD"), ("0.0312USD", "0.0312USD"), ("-0.5CNY", "-0.5CNY"),
      ("0.00CNY", "0CNY"), ("99999999999999.9999USD", "99999999999999.9999USD"), ("8191PiB", nil),
      ("8388607TiB", "8388607TiB"),
    ])
  func written(text: String, shown: String?) throws {
    #expect(Quantity(text)?.description == shown)
    if let shown { #expect(Quantity(shown) == Quantity(text), "what is written reads back the same") }
  }

  @Test(
    "What is none",
    arguments: [
      "", "50", "GiB", "50 GiB", "50gib", "1.5GiB", "1.CNY", ".5CNY", "1.00001CNY", "1.5.2CNY", "100000000000000CNY",
      "8388608TiB", "9223372037Gbps", "2562047788015216/s", "20/d", "--1CNY", "+1CNY", "1٣GiB",
    ])
  func refused(text: String) { #expect(Quantity(text) == nil) }

  @Test("It takes no more room in a value than a text") func small() {
    #expect(MemoryLayout<Value>.size <= 17)
  }
}
