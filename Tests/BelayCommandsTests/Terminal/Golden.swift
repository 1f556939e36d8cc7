import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files that hold what something should look like, compared byte for byte. `UPDATE_GOLDEN=1` rewrites them.
enum Golden {
  static func check(_ name: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let folder = "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let path = folder.joined(separator: "/") + "/Golden/\(name).txt"
    if getenv("UPDATE_GOLDEN").map({ String(cString: $0) }) == "1" { return write(text, to: path) }
    guard let expected = read(path) else {
      Issue.record("\(name).txt is missing", sourceLocation: sourceLocation)
      return
    }
    #expect(text == expected, "\(name).txt differs", sourceLocation: sourceLocation)
  }

  private static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer.prefix(count) }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func write(_ text: String, to path: String) {
    guard let file = fopen(path, "w") else {
      Issue.record("cannot write \(path)")
      return
    }
    defer { fclose(file) }
    let bytes = Array(text.utf8)
    if fwrite(bytes, 1, bytes.count, file) != bytes.count { Issue.record("cannot write \(path)") }
  }
}
