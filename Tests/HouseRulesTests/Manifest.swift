/// What Package.swift declares, read from its text: the names of the targets and what each depends on.
struct Manifest {
  struct Target {
    let name: String
    let line: Int
    let isTest: Bool
    /// Targets of this package.
    let internals: [String]
    /// Products of other packages; each has the name of its module.
    let products: [String]
  }
  private(set) var targets: [Target] = []

  init(_ text: String) {
    let constants = Manifest.productConstants(text)
    let names = Manifest.calls(text).compactMap(\.name)
    for call in Manifest.calls(text) {
      guard let name = call.name else { continue }
      let products = call.products + call.words.compactMap { constants[$0] }
      let internals = call.texts.dropFirst().filter { names.contains($0) && !products.contains($0) }
      targets.append(
        Target(name: name, line: call.line, isTest: call.isTest, internals: Array(internals), products: products))
    }
  }

  func target(_ name: String) -> Target? { targets.first { $0.name == name } }

  /// Everything that a target reaches, however far.
  func closure(of name: String) -> Set<String> {
    var reached: Set<String> = []
    var pending = [name]
    while let next = pending.popLast(), let target = target(next) {
      for dependency in target.internals where reached.insert(dependency).inserted { pending.append(dependency) }
    }
    return reached
  }

  /// `let nioCore = Target.Dependency.product(name: "NIOCore", …)`
  private static func productConstants(_ text: String) -> [String: String] {
    let pattern = /let (\w+) = Target\.Dependency\.product\(\s*name: "([^"]+)"/
    return Dictionary(text.matches(of: pattern).map { (String($0.1), String($0.2)) }) { first, _ in first }
  }

  /// One `source(…)`, `tests(…)` or `.target(…)` and the like, with what stands between its parentheses.
  private struct Call {
    let isTest: Bool
    let line: Int
    let body: Substring

    var texts: [String] { body.matches(of: /"([^"]*)"/).map { String($0.1) } }
    var name: String? { body.prefixMatch(of: /\s*(?:name: )?"([^"]+)"/).map { String($0.1) } }
    var products: [String] { body.matches(of: /\.product\(\s*name: "([^"]+)"/).map { String($0.1) } }
    var words: [String] { body.matches(of: /\b[a-z]\w*\b/).map { String($0.0) } }
  }

  private static func calls(_ text: String) -> [Call] {
    let pattern = /(?:\bsource|\btests|\.target|\.executableTarget|\.systemLibrary|\.testTarget)\(/
    return text.matches(of: pattern).map { match in
      let keyword = match.0
      let line = text[..<match.range.lowerBound].split(separator: "\n", omittingEmptySubsequences: false).count
      let body = text[match.range.upperBound...]
      return Call(isTest: keyword.contains("est"), line: line, body: body[..<end(of: body)])
    }
  }

  /// Where the parenthesis that is open at the beginning closes.
  private static func end(of body: Substring) -> Substring.Index {
    var depth = 1
    for index in body.indices {
      if body[index] == "(" { depth += 1 }
      if body[index] == ")" { depth -= 1 }
      if depth == 0 { return index }
    }
    return body.endIndex
  }
}
