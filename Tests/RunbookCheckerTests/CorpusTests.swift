import Diagnostics
import Foundation
import Testing

@testable import RunbookChecker

@Suite struct CorpusTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")

  private static let files = ["names", "types", "secrets", "calls", "undo", "shape", "inputs"]

  private static func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: "\(name).chunks"), encoding: .utf8)
  }

  @Test(arguments: files) func corpus(_ name: String) throws {
    for chunk in Chunk.read(try Self.text(name)) {
      for difference in chunk.differences() { Issue.record("\(name).chunks:\(chunk.line): \(difference)") }
    }
  }

  @Test func everyCodeOfTheCheckerHasAChunk() throws {
    let corpus = try Self.files.map(Self.text).joined()
    for code in DiagnosticCode.allCases where code.rawValue >= "B0200" {
      #expect(corpus.contains("#! \(code.rawValue)"), "no chunk shows \(code.rawValue)")
    }
  }
}
