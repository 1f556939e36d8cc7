import TestSupport
import Testing

/// Creates whose answers are lost, before or after they took effect: each is found or made again, so that nothing is
/// there twice and nothing is left. A few rounds; `contrib/soak/ambiguity.sh` goes on to a million lost answers.
@Suite struct AmbiguityTests {
  /// A create with a probe that no runbook calls is one of which nobody has seen that its probe works.
  @Test func everyCreateWithAProbeIsHere() {
    let covered = Set(AmbiguousCreates.all.flatMap(\.creates))
    let missing = AmbiguousCreates.probed.filter { !covered.contains($0) }
    #expect(missing.isEmpty, "add to AmbiguousCreates: \(missing.map(\.description).joined(separator: ", "))")
    #expect(AmbiguousCreates.probed.count >= 20)
  }

  @Test(arguments: AmbiguousCreates.all.indices) func nothingTwiceNothingLeft(_ index: Int) throws {
    var rehearsal = try AmbiguityRehearsal(AmbiguousCreates.all[index])
    for seed in 4..<10 { try rehearsal.round(seed: seed) }
    #expect(rehearsal.problems.isEmpty, "\(rehearsal.problems.joined(separator: "\n"))")
    #expect(rehearsal.duplicates == 0 && rehearsal.leaks == 0)
    #expect(rehearsal.count >= 40, "\(rehearsal.summary)")
    #expect(rehearsal.askedCount <= 1, "\(rehearsal.summary)")
  }
}
