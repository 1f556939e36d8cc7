/// docs/generated/mutants.md
struct MutantTable {
  private var counts: [Mutant.Kind: [Verdict: Int]] = [:]
  private var passed: [Verdict: [String]] = [:]
  private var total = 0

  mutating func add(_ mutant: Mutant, _ verdict: Verdict) {
    counts[mutant.kind, default: [:]][verdict, default: 0] += 1
    total += 1
    if verdict != .rejected { passed[verdict, default: []].append(mutant.wording) }
  }

  private func count(_ verdict: Verdict) -> Int { counts.values.reduce(0) { $0 + $1[verdict, default: 0] } }

  /// Of all mutants, those that are rejected or equivalent: a warning stops nobody.
  var share: Double { total == 0 ? 0 : Double(count(.rejected) + count(.equivalent)) / Double(total) }

  var markdown: String {
    var lines = [
      "# Faults that are found before the first call", "",
      "Written by `make mutants`. Every shipped runbook with a single fault put into it, each in turn. *Rejected*:",
      "`belay check` finds an error. *Warned*: it finds a warning that the original has not. *Equivalent*: it runs,",
      "and makes the same changes, outputs and resources as the original, undisturbed and with each of its changes",
      "refused or failing later. *Surviving*: the rest.",
      "", "| fault | mutants | rejected | warned | equivalent | surviving |", "|---|---:|---:|---:|---:|---:|",
    ]
    for kind in Mutant.Kind.allCases {
      let row = counts[kind, default: [:]]
      lines.append(line(kind.rawValue, Verdict.allCases.map { row[$0, default: 0] }))
    }
    lines.append(line("**all**", Verdict.allCases.map { count($0) }))
    lines += ["", "\(hundredths(share)) % are rejected or equivalent."]
    lines += list("Surviving", .surviving) + list("Warned of", .warned) + list("Equivalent", .equivalent)
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(_ name: String, _ numbers: [Int]) -> String {
    "| \(name) | " + ([numbers.reduce(0, +)] + numbers).map(String.init).joined(separator: " | ") + " |"
  }

  private func list(_ title: String, _ verdict: Verdict) -> [String] {
    let found = passed[verdict, default: []]
    return found.isEmpty ? [] : ["", "## \(title)", ""] + found.map { "- \($0)" }
  }

  private func hundredths(_ share: Double) -> String {
    let number = Int(share * 10_000)
    return "\(number / 100)." + (number % 100 < 10 ? "0" : "") + "\(number % 100)"
  }
}
