import Diagnostics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files of the working copy that tests read.
package enum Repository {
  /// The folder of Package.swift, with a slash at its end.
  package static let root: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/") + "/"
  }()

  /// Nil when the file cannot be read.
  package static func bytes(_ path: String) -> [UInt8]? {
    guard let file = fopen(root + path, "r") else { return nil }
    defer { fclose(file) }
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { return result }
      result += buffer[..<count]
    }
  }

  package static func source(_ path: String) -> SourceFile? {
    bytes(path).map { SourceFile(path: path, bytes: $0) }
  }
}
