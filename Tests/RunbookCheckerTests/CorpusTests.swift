import Diagnostics
import Foundation
import Testing

@testable import RunbookChecker

@Suite struct CorpusTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")

  private static let files = [
    "names", "types", "secrets", "calls", "undo", "shape", "inputs", "unsupported", "files", "routines", "match",
    "parallel", "bounds", "maps", "ownership", "attempts", "states",
  ]

  private static func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: "\(name).chunks"), encoding: .utf8)
  }

  @Test(arguments: files) func corpus(_ name: String) throws {
    for chunk in Chunk.read(try Self.text(name)) {
      for difference in chunk.differences() { Issue.record("\(name).chunks:\(chunk.line): \(difference)") }
    }
  }
}
