/// How the text of a file may look.
enum TextRules {
  static let longestFile = 400
  static let longestLine = 120

  /// Files that were longer when the rule came, with their length then: they may shrink, not grow. None today.
  static let longFiles: [String: Int] = [:]

  /// What stops a process or writes past the terminal, and the folder in which it may stand all the same.
  static let banned: [(piece: String, allowedIn: String?, advice: String)] = [
    ("try!", nil, "handle the error, or make it impossible by a type"),
    ("as!", nil, "use 'as?' or a type that needs no cast"),
    ("fatalError(", nil, "use 'preconditionFailure' with a reason; the author's and the cloud's errors are data"),
    ("print(", "Sources/belay/", "return the text; only main writes it"),
  ]

  static let unfinished = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
  static let machinePaths = ["home", "root", "work", "Users"].map { "/\($0)/" }
  private static let vagueEndings = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Common", "Info"]

  static func checkSize(_ source: SwiftSource) -> [Finding] {
    guard !source.isGenerated else { return [] }
    var findings: [Finding] = []
    let limit = longFiles[source.path] ?? longestFile
    if source.lines.count > limit {
      findings.append(
        Finding(source.path, limit + 1, "size", "\(source.lines.count) lines, \(limit) are allowed: split it by a noun")
      )
    }
    for (index, line) in source.lines.enumerated() where line.count > longestLine {
      findings.append(
        Finding(source.path, index + 1, "width", "\(line.count) columns, \(longestLine) are allowed: 'make format'"))
    }
    return findings
  }

  static func checkCode(_ source: SwiftSource) -> [Finding] {
    banned.flatMap { rule -> [Finding] in
      if let folder = rule.allowedIn, source.path.hasPrefix(folder) { return [] }
      // A file that declares such a function calls its own.
      if source.code.contains(where: { $0.contains("func \(rule.piece)") }) { return [] }
      return source.lines(with: rule.piece).map { Finding(source.path, $0, "banned \(rule.piece)", rule.advice) }
    }
  }

  /// For every kind of text file.
  static func checkWords(_ path: String, _ lines: [String]) -> [Finding] {
    lines.enumerated().flatMap { index, line -> [Finding] in
      let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
      var findings = unfinished.filter(words.contains).map {
        Finding(path, index + 1, "unfinished", "finish it, or file an issue and take \($0) out")
      }
      for prefix in machinePaths where containsPath(line, prefix) {
        findings.append(Finding(path, index + 1, "machine path", "'\(prefix)…' is one machine's path"))
      }
      return findings
    }
  }

  /// At the beginning of a path: not within an address or a longer path.
  private static func containsPath(_ line: String, _ prefix: String) -> Bool {
    line.ranges(of: prefix).contains { range in
      guard let before = line[..<range.lowerBound].last else { return true }
      return !(before.isLetter || before.isNumber || "._-~}$)*".contains(before))
    }
  }

  static func checkNames(_ source: SwiftSource) -> [Finding] {
    source.typeNames.compactMap { name, line in
      if name == source.target {
        return Finding(
          source.path, line, "name", "the type \(name) bears the name of its module: it would hide the module")
      }
      if let ending = vagueEndings.first(where: name.hasSuffix) {
        return Finding(source.path, line, "name", "'\(name)': say what it is or does instead of '\(ending)'")
      }
      return nil
    }
  }
}
