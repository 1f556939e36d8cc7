import Diagnostics
import Foundation
import TestSupport
import Testing

/// Faults put into the shipped runbooks, one at a time: `make mutants` tries all of them and writes
/// docs/generated/mutants.md.
@Suite struct MutantTests {
  private static let page = "docs/generated/mutants.md"

  private static func original(_ path: String) throws -> SourceFile {
    try #require(Repository.source("runbooks/\(path).belay"))
  }

  /// A few of each runbook, drawn anew by MUTANTS_SEED: what check lets pass is known to the page.
  @Test(arguments: LibraryStage.paths) func checkFindsWhatThePageSays(_ path: String) throws {
    let seed = ProcessInfo.processInfo.environment["MUTANTS_SEED"].flatMap(UInt64.init) ?? 1
    let page = String(decoding: try #require(Repository.bytes(Self.page)), as: UTF8.self)
    let original = try Self.original(path)
    let judge = CheckJudge(original)
    let mutants = MutantMaker.mutants(of: original)
    #expect(mutants.count > 50)
    for place in Self.places(count: 25, of: mutants.count, seed: seed) {
      let mutant = mutants[place]
      if judge.lets(mutant) {
        #expect(page.contains(mutant.wording), "passes, with MUTANTS_SEED=\(seed): \(mutant.wording)")
      }
    }
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["MUTANTS"] == "all")) func all() throws {
    var table = MutantTable()
    for path in LibraryStage.paths {
      let original = try Self.original(path)
      let judge = try MutantJudge(try LibraryStage.make(path), original)
      for mutant in MutantMaker.mutants(of: original) { table.add(mutant, judge.verdict(mutant)) }
    }
    try Data(table.markdown.utf8).write(to: URL(filePath: Repository.root + Self.page))
    #expect(table.share >= 0.99, "only \(table.share) are rejected or equivalent")
  }

  /// Drawn without a generator of the system, so that a seed means the same everywhere.
  private static func places(count: Int, of total: Int, seed: UInt64) -> [Int] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(total))
    }
  }
}
