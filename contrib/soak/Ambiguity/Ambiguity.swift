import Foundation
import TestSupport

/// Loses the answers of creates until so many were lost, and counts what is there twice or left.
///
///     Ambiguity COUNT SEED
///
/// Goes through the runbooks in turn, one seed after the other. Ends with status 1 when something is wrong; the seed is
/// told.
@main struct Ambiguity {
  static func main() throws {
    let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    guard numbers.count == 2, numbers[0] > 0, numbers[1] >= 0 else {
      FileHandle.standardError.write(Data("usage: Ambiguity COUNT SEED\n".utf8))
      exit(2)
    }
    var rehearsals = try AmbiguousCreates.all.map { try AmbiguityRehearsal($0) }
    var seed = numbers[1]
    while rehearsals.reduce(0, { $0 + $1.count }) < numbers[0], rehearsals.allSatisfy(\.problems.isEmpty) {
      for index in rehearsals.indices { try rehearsals[index].round(seed: seed) }
      seed += 1
    }
    let sums = rehearsals.reduce((count: 0, duplicates: 0, leaks: 0)) {
      ($0.count + $1.count, $0.duplicates + $1.duplicates, $0.leaks + $1.leaks)
    }
    let lines =
      rehearsals.flatMap { [$0.summary] + $0.problems } + [
        "together: \(sums.duplicates) duplicates, \(sums.leaks) leaks in \(sums.count) ambiguous outcomes"
      ]
    FileHandle.standardOutput.write(Data((lines.joined(separator: "\n") + "\n").utf8))
    exit(rehearsals.allSatisfy(\.problems.isEmpty) && sums.duplicates + sums.leaks == 0 ? 0 : 1)
  }
}
