/// Who may import whom.
enum ArrowRules {
  /// Part of the language or of the system and free for all; Foundation is not.
  static let free: Set<String> = ["Swift", "Synchronization"]
  /// Modules that no package brings.
  static let system: Set<String> = ["Foundation", "FoundationEssentials", "Dispatch", "Glibc", "Musl", "Darwin"]

  /// Arrows that must not exist, not even through others.
  static let forbidden: [(from: String, to: [String], why: String)] = [
    ("RunEngine", ["RunbookSyntax", "RunbookChecker", "RunbookEvaluator"], "the engine knows no language"),
    ("RunDriver", ["RunbookSyntax", "RunbookChecker", "RunbookEvaluator"], "the driver knows no language"),
    ("CloudEmulator", ["CloudClient", "RunEngine"], "one bug must not hide on both sides of the contract"),
    ("EmulatorServer", ["CloudClient", "RunEngine"], "one bug must not hide on both sides of the contract"),
    ("CloudClient", ["CloudEmulator", "EmulatorServer"], "one bug must not hide on both sides of the contract"),
    ("BelayLanguageServer", ["RunEngine", "RunDriver", "RunJournal"], "an editor runs nothing"),
  ]

  /// Modules that only these targets import.
  static let fences: [String: [String]] = [
    "CJSONC": ["Values"],
    "GRDB": ["RunJournal"],
    "GRDBSQLite": ["RunJournal"],
    "AsyncHTTPClient": ["CloudClient"],
    "NIOSSL": ["CloudClient"],
    "Crypto": ["CloudClient", "EmulatorServer"],
    "HummingbirdCore": ["EmulatorServer"],
    "ArgumentParser": ["BelayCommands"],
    "Yams": ["BelayCommands"],
  ]

  /// Targets without a clock, a disk or a network: Foundation would bring all three.
  static let pure: Set<String> = [
    "CloudCatalog", "CloudEmulator", "Diagnostics", "RunEngine", "RunbookChecker", "RunbookEvaluator", "RunbookSyntax",
    "Values",
  ]

  /// Package.swift against the table: the same targets, no arrow beside it, none upward.
  static func check(_ manifest: Manifest, _ table: ArrowTable, helpers: Set<String> = ["TestSupport", "Ambiguity"])
    -> [Finding]
  {
    var findings: [Finding] = []
    let sources = manifest.targets.filter { !$0.isTest && !helpers.contains($0.name) }
    for target in sources {
      guard let row = table.row(target.name) else {
        findings.append(
          Finding("Package.swift", target.line, "table", "add a row for \(target.name) to \(ArrowTable.page)"))
        continue
      }
      for name in target.internals where !row.internals.contains(name) {
        findings.append(
          Finding(
            "Package.swift", target.line, "arrow",
            "\(target.name) may not import \(name); take it out, or change \(ArrowTable.page) with a reason"
          ))
      }
      for name in target.products where !row.outside.contains(name) {
        findings.append(
          Finding("Package.swift", target.line, "arrow", "\(target.name) may not import \(name) from outside"))
      }
    }
    for row in table.rows {
      guard sources.contains(where: { $0.name == row.target }) else {
        findings.append(
          Finding(ArrowTable.page, row.line, "table", "there is no target \(row.target); take the row out"))
        continue
      }
      for name in row.internals {
        guard let other = table.row(name) else {
          findings.append(
            Finding(ArrowTable.page, row.line, "table", "\(row.target) may import \(name), which has no row"))
          continue
        }
        if other.layer > row.layer {
          findings.append(
            Finding(ArrowTable.page, row.line, "layer", "\(row.target) stands below \(name) and may not import it"))
        }
      }
    }
    return findings
  }

  /// Arrows that are forbidden however they come about.
  static func checkReach(_ manifest: Manifest) -> [Finding] {
    forbidden.flatMap { rule -> [Finding] in
      guard let target = manifest.target(rule.from) else { return [] }
      let reached = manifest.closure(of: rule.from)
      return rule.to.filter(reached.contains).map {
        Finding("Package.swift", target.line, "reach", "\(rule.from) reaches \($0): \(rule.why)")
      }
    }
  }

  /// The imports of one file.
  static func check(_ source: SwiftSource, _ manifest: Manifest, _ table: ArrowTable) -> [Finding] {
    guard let target = manifest.target(source.target) else {
      return [Finding(source.path, 1, "target", "no target of Package.swift has the folder \(source.target)")]
    }
    let row = table.row(source.target)
    return source.imports.compactMap { module, line in
      if let fence = fences[module], !fence.contains(source.target) {
        return Finding(source.path, line, "fence", "only \(fence.joined(separator: " and ")) imports \(module)")
      }
      if pure.contains(source.target), module.hasPrefix("Foundation") {
        return Finding(source.path, line, "pure", "\(source.target) does without \(module)")
      }
      if free.contains(module) { return nil }
      if manifest.target(module) != nil {
        guard target.internals.contains(module) else {
          return Finding(source.path, line, "arrow", "\(source.target) does not declare \(module) in Package.swift")
        }
        return row?.internals.contains(module) == true
          ? nil : Finding(source.path, line, "arrow", "\(source.target) may not import \(module)")
      }
      guard row?.outside.contains(module) == true else {
        return Finding(source.path, line, "arrow", "\(source.target) may not import \(module) from outside")
      }
      return target.products.contains(module) || system.contains(module)
        ? nil : Finding(source.path, line, "arrow", "\(source.target) does not declare \(module) in Package.swift")
    }
  }
}
