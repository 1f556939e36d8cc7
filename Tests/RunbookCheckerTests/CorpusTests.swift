import Diagnostics
import Foundation
import Testing

@testable import RunbookChecker

@Suite struct CorpusTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")

  private static let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".chunks") }.map { String($0.dropLast(7)) }.sorted()

  private static func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: "\(name).chunks"), encoding: .utf8)
  }

  @Test func thereAreFiles() { #expect(Self.files.count > 15) }

  @Test(arguments: files) func corpus(_ name: String) throws {
    for chunk in Chunk.read(try Self.text(name)) {
      for difference in chunk.differences() { Issue.record("\(name).chunks:\(chunk.line): \(difference)") }
    }
  }
}
