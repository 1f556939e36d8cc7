import Testing
import Values

@Suite struct CIDRTests {
  @Test(arguments: ["0.0.0.0/0", "10.20.0.0/16", "255.255.255.255/32", "128.0.0.0/1", "10.0.0.4/30"])
  func roundTrip(_ text: String) { #expect(CIDR(text)?.description == text) }

  @Test(arguments: [
    "", "/", "10.0.0.0", "10.0.0.0/", "10.0.0/8", "10.0.0.0.0/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8",
    "256.0.0.0/8",
    "10.0.0.1/24", "010.0.0.0/8", "10.0.0.0/08", "10.0.0.0/8 ", " 10.0.0.0/8", "10..0.0/8", "10.0.0.0/8/8", "a.0.0.0/8",
    "١٠.0.0.0/8", "1000.0.0.0/8", "0.0.0.1/0",
  ]) func refused(_ text: String) { #expect(CIDR(text) == nil) }

  @Test func hostBitsAreCutFromAnAddress() {
    #expect(CIDR(address: 0x0A14_01FF, prefix: 16)?.description == "10.20.0.0/16")
    #expect(CIDR(address: 0, prefix: 33) == nil)
    #expect(CIDR(address: 0, prefix: -1) == nil)
    #expect(CIDR(address: .max, prefix: 0)?.description == "0.0.0.0/0")
  }

  @Test func sizes() {
    #expect(CIDR("0.0.0.0/0")?.size == 4_294_967_296)
    #expect(CIDR("10.0.0.0/24")?.size == 256)
    #expect(CIDR("10.0.0.0/32")?.size == 1)
  }

  @Test func containment() throws {
    let wide = try #require(CIDR("10.20.0.0/16"))
    let narrow = try #require(CIDR("10.20.3.0/24"))
    let other = try #require(CIDR("10.21.0.0/16"))
    let all = try #require(CIDR("0.0.0.0/0"))
    #expect(wide.contains(narrow) && !narrow.contains(wide) && wide.contains(wide) && all.contains(wide))
    #expect(wide.overlaps(narrow) && narrow.overlaps(wide) && !wide.overlaps(other) && other.overlaps(all))
    #expect(wide.contains(try #require(CIDR.address("10.20.255.255"))))
    #expect(!wide.contains(try #require(CIDR.address("10.21.0.0"))))
  }

  @Test func subnets() throws {
    let network = try #require(CIDR("10.20.0.0/16"))
    #expect(network.subnet(0, prefix: 24)?.description == "10.20.0.0/24")
    #expect(network.subnet(255, prefix: 24)?.description == "10.20.255.0/24")
    #expect(network.subnet(256, prefix: 24) == nil)
    #expect(network.subnet(-1, prefix: 24) == nil)
    #expect(network.subnet(0, prefix: 15) == nil)
    #expect(network.subnet(0, prefix: 33) == nil)
    #expect(network.subnet(0, prefix: 16) == network)
    #expect(network.subnet(1, prefix: 16) == nil)
    let all = try #require(CIDR("0.0.0.0/0"))
    #expect(all.subnet(0, prefix: 0) == all)
    #expect(all.subnet(1, prefix: 1)?.description == "128.0.0.0/1")
    #expect(all.subnet(4_294_967_295, prefix: 32)?.description == "255.255.255.255/32")
  }
}
