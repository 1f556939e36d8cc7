import Foundation
import Testing

@Suite struct ScriptTests {
  static let folder = (#filePath as NSString).deletingLastPathComponent + "/Scripts"

  static var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".script") }.sorted()
  }

  @Test func thereAreScripts() { #expect(Self.names.count >= 5) }

  @Test(arguments: names)
  func session(name: String) async throws {
    let script = Script(try String(contentsOfFile: Self.folder + "/" + name, encoding: .utf8))
    #expect(!script.steps.isEmpty)
    var player = try ScriptPlayer()
    for problem in try await player.play(script) { Issue.record("\(name): \(problem)") }
  }
}
