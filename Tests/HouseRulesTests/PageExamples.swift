import TestSupport

extension PageExamples {
  static var pages: [String] { ["README.md"] + Repository.files(under: "docs", endingIn: ".md") }

  /// Links to files that are not there. Generated pages are their generators' business.
  static func checkLinks(_ path: String, _ text: String) -> [Finding] {
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap {
      index, line -> [Finding] in
      line.matches(of: /\]\(([^)#\s]+)[^)]*\)/).compactMap { match in
        let link = String(match.1)
        guard !link.contains("://"), !link.hasPrefix("mailto:") else { return nil }
        let target = folder.isEmpty ? link : "\(folder)/\(link)"
        return Repository.exists(target) ? nil : Finding(path, index + 1, "link", "there is no \(target)")
      }
    }
  }
}
