import Diagnostics
import Testing

@Suite struct NearestTests {
  @Test(arguments: [
    ("Zones", ["Zone", "ModuleId"], "Zone"), ("vpcid", ["SubnetId", "VpcId"], "VpcId"),
    ("vpc_id", ["VpcName", "VpcId"], "VpcId"), ("VcpId", ["VpcId", "ModuleId"], "VpcId"),
    ("InstnaceCount", ["InstanceCount"], "InstanceCount"), ("ModuelId", ["ModuleId"], "ModuleId"),
  ]) func finds(_ word: String, _ candidates: [String], _ expected: String) {
    #expect(nearest(to: word, among: candidates) == expected)
    #expect(didYouMean(word, among: candidates) == " (did you mean '\(expected)'?)")
  }

  @Test func tooFar() {
    #expect(nearest(to: "Password", among: ["VpcId", "Zone"]) == nil)
    #expect(nearest(to: "abcdef", among: ["abxxxf"]) == nil)
    #expect(nearest(to: "abcdef", among: ["abxxef"]) == "abxxef")
    #expect(nearest(to: "", among: ["a"]) == nil)
    #expect(nearest(to: "___", among: ["a"]) == nil)
    #expect(nearest(to: "x1", among: [] as [String]) == nil)
    #expect(didYouMean("Password", among: ["VpcId"]) == "")
  }

  @Test func theWordItselfIsNoAnswer() {
    #expect(nearest(to: "zone", among: ["zone"]) == nil)
    #expect(nearest(to: "zone", among: ["zone", "Zone"]) == "Zone")
  }

  @Test func tiesGoToTheFirstAndCloserOnesWin() {
    #expect(nearest(to: "image", among: ["imagx", "imagy"]) == "imagx")
    #expect(nearest(to: "image", among: ["imagy", "imagx"]) == "imagy")
    #expect(nearest(to: "instance", among: ["instxxce", "instancx"]) == "instancx")
  }
}
