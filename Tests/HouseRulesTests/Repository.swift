import Foundation

/// The files of this repository, by paths relative to its root.
enum Repository {
  /// Found from where this file was compiled, through symbolic links.
  static let root: URL = {
    var url = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<3 { url.deleteLastPathComponent() }
    return url
  }()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
  }

  /// All files under a folder whose names end so, sorted; none when there is no such folder.
  static func files(under folder: String, endingIn suffixes: String...) -> [String] {
    guard let walk = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path) else { return [] }
    return walk.compactMap { $0 as? String }
      .filter { path in suffixes.contains { path.hasSuffix($0) } }
      .map { "\(folder)/\($0)" }
      .sorted()
  }

  static func swiftSources(under folder: String) throws -> [SwiftSource] {
    try files(under: folder, endingIn: ".swift").map { SwiftSource(path: $0, text: try text($0)) }
  }
}
