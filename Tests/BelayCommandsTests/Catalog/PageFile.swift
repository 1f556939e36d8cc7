import Foundation
import TestSupport
import Testing

/// A file of the repository that is generated, compared byte for byte. `UPDATE_GOLDEN=1` rewrites it.
enum PageFile {
  static func check(_ path: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let url = URL(filePath: Repository.root + path)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      do {
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
      } catch {
        Issue.record("cannot write \(path): \(error)", sourceLocation: sourceLocation)
      }
      return
    }
    guard let expected = Repository.bytes(path) else {
      Issue.record("\(path) is missing", sourceLocation: sourceLocation)
      return
    }
    let isSame = expected == Array(text.utf8)
    #expect(isSame, "\(path) differs; UPDATE_GOLDEN=1 rewrites it", sourceLocation: sourceLocation)
  }

  static func golden(_ name: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    check("Tests/BelayCommandsTests/Catalog/Golden/\(name).txt", text, sourceLocation: sourceLocation)
  }
}
