/// Every code of a diagnostic is shown by a test that is written in the language.
enum DiagnosticCoverage {
  static let table = "Sources/Diagnostics/DiagnosticCode.swift"

  /// Codes that no chunk can show, with the reason or with where they are tested instead.
  static let elsewhere = [
    "B0410": "every action of the books is classified: this waits for one that is added without its meaning"
  ]

  /// `case unknownName = "B0201"`
  static func codes(_ source: String) -> [(name: String, code: String, line: Int)] {
    source.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
      line.firstMatch(of: /case (\w+) = "(B\d{4})"/).map { (String($0.1), String($0.2), index + 1) }
    }
  }

  static func check(
    _ source: String, chunks: [String], elsewhere: [String: String] = DiagnosticCoverage.elsewhere
  ) -> [Finding] {
    var findings: [Finding] = []
    let codes = codes(source)
    for (name, code, line) in codes {
      let isShown = chunks.contains { $0.contains(code) }
      if !isShown, elsewhere[code] == nil {
        let advice = "no .chunks file under Tests shows \(code) (\(name)); add the smallest that does"
        findings.append(Finding(table, line, "coverage", advice))
      } else if isShown, elsewhere[code] != nil {
        findings.append(Finding(table, line, "coverage", "\(code) is shown now: take its exception out"))
      }
    }
    for code in Set(elsewhere.keys).subtracting(codes.map(\.code)).sorted() {
      findings.append(Finding(table, 1, "coverage", "there is no code \(code): take its exception out"))
    }
    for (code, all) in Dictionary(grouping: codes, by: \.code) where all.count > 1 {
      findings.append(Finding(table, all[1].line, "coverage", "\(code) is used twice"))
    }
    return findings
  }
}
