import Diagnostics
import RunbookSyntax

/// A file that another one uses cannot be had.
package struct UnreadableFile: Error, Sendable {
  /// What follows "the file 'x'": `is not there`.
  package let reason: String
  package init(_ reason: String) { self.reason = reason }
}

/// The text at a path, as ``FileGraph/resolve(_:from:)`` makes paths.
package typealias ReadFile = (_ path: String) throws(UnreadableFile) -> SourceFile

/// The files of one check: the one asked for and those it uses, each read and parsed once.
struct FileGraph {
  struct File {
    let tree: RunbookTree
    /// By the name that the file gives it, the place of each file it uses. Those that cannot be used are missing.
    var modules: [String: Int] = [:]
  }

  /// How many files one runbook may be made of.
  static let maximumFileCount = 256

  private(set) var sources = SourceMap()
  /// In the order in which they were read: the first is the one asked for.
  private(set) var files: [File] = []
  /// Places in `files`: what a file uses stands before it.
  private(set) var order: [Int] = []
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var nodeCount = 0
  private var places: [String: Int] = [:]

  init(_ root: SourceFile, _ read: ReadFile) {
    add(root, FileGraph.resolve(root.path, from: ""))
    var open: [(file: Int, next: Int)] = [(0, 0)]
    while let (file, next) = open.last {
      let imports = files[file].tree.imports
      guard next < imports.count else {
        order.append(file)
        open.removeLast()
        continue
      }
      open[open.count - 1].next += 1
      if let added = use(imports[next], from: file, open.map(\.file), read) { open.append((added, 0)) }
    }
  }

  /// Returns the file's place when it has been read just now.
  private mutating func use(_ item: Import, from file: Int, _ open: [Int], _ read: ReadFile) -> Int? {
    guard !item.path.text.isEmpty else { return nil }
    guard !item.path.text.hasPrefix("/") else {
      diagnostics.append(.absolutePath(item.path))
      return nil
    }
    let path = FileGraph.resolve(item.path.text, from: sources.files[file].path)
    if let place = places[path] {
      guard let start = open.firstIndex(of: place) else {
        link(item, file, to: place)
        return nil
      }
      diagnostics.append(.importCycle(item, open[start...].map { sources.files[$0].path }))
      return nil
    }
    guard files.count < FileGraph.maximumFileCount else {
      diagnostics.append(.tooManyFiles(item.path))
      return nil
    }
    do throws(UnreadableFile) {
      let place = files.count
      add(try read(path), path)
      link(item, file, to: place)
      return place
    } catch {
      diagnostics.append(.unreadableFile(item.path, path, error.reason))
      return nil
    }
  }

  private mutating func add(_ source: SourceFile, _ path: String) {
    places[path] = files.count
    let parsed = RunbookParser.parse(source, id: sources.add(source), firstNode: nodeCount)
    nodeCount = parsed.tree.nodes.upperBound
    diagnostics += parsed.diagnostics
    files.append(File(tree: parsed.tree))
  }

  private mutating func link(_ item: Import, _ file: Int, to place: Int) {
    guard files[place].tree.header?.kind != .runbook else {
      return diagnostics.append(.notALibrary(item.path))
    }
    if files[file].modules[item.alias.text] == nil { files[file].modules[item.alias.text] = place }
  }

  /// A path beside that of the file it stands in: `../a/b.belay` from `x/y/z.belay` is `x/a/b.belay`.
  static func resolve(_ path: String, from file: String) -> String {
    let isAbsolute = path.hasPrefix("/") || file.hasPrefix("/")
    var parts: [Substring] = []
    let folder = file.split(separator: "/").dropLast()
    for part in (path.hasPrefix("/") ? [] : folder) + path.split(separator: "/") {
      if part == "." { continue }
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else if part != ".." || !isAbsolute {
        parts.append(part)
      }
    }
    return (isAbsolute ? "/" : "") + parts.joined(separator: "/")
  }
}

extension Diagnostic {
  fileprivate static func absolutePath(_ path: Name) -> Diagnostic {
    Diagnostic(
      .unknownFile, path.span, "the path of a file begins at the file it stands in, not at '/'",
      hint: "a folder above is '../'")
  }

  fileprivate static func unreadableFile(_ name: Name, _ path: String, _ reason: String) -> Diagnostic {
    Diagnostic(
      .unknownFile, name.span, "the file '\(path)' \(reason)",
      hint: "the path is relative to the file that this 'use' stands in")
  }

  fileprivate static func tooManyFiles(_ path: Name) -> Diagnostic {
    Diagnostic(
      .unknownFile, path.span, "a runbook is made of at most \(FileGraph.maximumFileCount) files",
      hint: "put several libraries into one file")
  }

  fileprivate static func importCycle(_ item: Import, _ paths: [String]) -> Diagnostic {
    let circle = (paths + paths.prefix(1)).map { "'\($0)'" }.joined(separator: " uses ")
    return Diagnostic(
      .importCycle, item.path.span, "files cannot use each other in a circle: \(circle)",
      hint: "move what both need into a third file")
  }

  fileprivate static func notALibrary(_ path: Name) -> Diagnostic {
    Diagnostic(
      .unknownFile, path.span, "'\(path.text)' is a runbook; only a library can be used",
      hint: "move its functions and recipes into a file that begins with 'library name 1.0.0'")
  }
}
