import Diagnostics
import Foundation

/// Pieces of language text with the problems they must have, read from a `*.chunks` file.
///
/// Chunks are separated by a line `---`. A line with a problem ends in ` #! CODE part of the message (or the hint)`,
/// once for each problem. A chunk that begins with `#? whole` is a file as it stands; others get a header. A line `#?
/// fill N` stands for N bytes of comment, `#? bytes FF 80` for those bytes.
struct Chunk: CustomStringConvertible, Sendable {
  struct Problem: Sendable, Hashable {
    let line: Int
    let code: String
    let text: String
  }

  let path: String
  /// Where the chunk begins in its file, 1-based.
  let line: Int
  let bytes: [UInt8]
  let problems: [Problem]

  var description: String { "\(path):\(line)" }

  /// All chunks of a folder's files, in the order of the files' names.
  static func read(folder: String, relativeTo file: String = #filePath) throws -> [Chunk] {
    let url = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent(folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: url.path).filter { $0.hasSuffix(".chunks") }
      .sorted()
    return try names.flatMap { name in
      let text = try String(contentsOf: url.appendingPathComponent(name), encoding: .utf8)
      return chunks(text, path: "\(folder)/\(name)")
    }
  }

  static func chunks(_ text: String, path: String) -> [Chunk] {
    var result: [Chunk] = []
    var lines: [Substring] = []
    var start = 1
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line == "---" {
        result.append(Chunk(lines, path: path, line: start))
        lines = []
        start = index + 2
      } else {
        lines.append(line)
      }
    }
    if lines.last == "" { lines.removeLast() }
    if !lines.isEmpty { result.append(Chunk(lines, path: path, line: start)) }
    return result
  }

  private init(_ lines: [Substring], path: String, line: Int) {
    self.path = path
    self.line = line
    let isWhole = lines.first == "#? whole"
    var bytes: [UInt8] = isWhole ? [] : Array("runbook t 1.0.0\n".utf8)
    var problems: [Problem] = []
    for (index, line) in lines.enumerated() where !(isWhole && index == 0) {
      let parts = line.components(separatedBy: " #! ")
      for part in parts.dropFirst() {
        problems.append(Problem(line: self.line + index, code: String(part.prefix(5)), text: String(part.dropFirst(6))))
      }
      bytes += Chunk.content(parts[0]) + [UInt8(ascii: "\n")]
    }
    self.bytes = bytes
    self.problems = problems
  }

  private static func content(_ line: String) -> [UInt8] {
    if line.hasPrefix("#? fill "), let count = Int(line.dropFirst(8)) {
      return Array("//".utf8) + Array(repeating: UInt8(ascii: "."), count: count)
    }
    if line.hasPrefix("#? bytes ") {
      return line.dropFirst(9).split(separator: " ").compactMap { UInt8($0, radix: 16) }
    }
    return Array(line.utf8)
  }

  /// The line of the chunk's file in which a problem lies.
  func line(of diagnostic: Diagnostic, in file: SourceFile) -> Int {
    let hasHeader = bytes.starts(with: Array("runbook t 1.0.0\n".utf8))
    return line + file.line(at: Int(diagnostic.span.lower)) - (hasHeader ? 2 : 0)
  }
}
