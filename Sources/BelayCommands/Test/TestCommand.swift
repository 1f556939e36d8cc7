import ArgumentParser
import Foundation
import Values

struct TestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run the tests that stand in runbooks, each in a simulated cloud of its own.",
    discussion: """
      A path is a runbook, a library, or a folder that is searched for them; without one it is the folder at hand. \
      Exit status: 0 every test passed, 1 one failed, 2 a text is wrong.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, tap, junit, json }

  @Argument(help: "Runbooks, libraries and folders.")
  var paths: [String] = []
  @Option(help: ArgumentHelp("Only tests whose name has this in it.", valueName: "text"))
  var only: String?
  @Option(help: "text; tap: the Test Anything Protocol; junit: JUnit XML; json: one object, belay.test/1.")
  var format = Format.text
  @Flag(help: "Write the plans of 'given plan' that are not as they are planned now.")
  var update = false
  @Option(help: "How many tests go on at a time (default: the number of processors).")
  var jobs: Int?

  func validate() throws {
    if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs is 1 to 256, not \(jobs)") }
  }

  func run() async throws {
    let context = CommandContext.current
    var tests: [PreparedTest] = []
    var isSound = true
    for path in try TestFiles.find(paths.isEmpty ? ["."] : paths) {
      guard let found = try PreparedTest.all(in: Files.source(path)) else {
        isSound = false
        continue
      }
      tests += found
    }
    guard isSound else { throw CommandFailure(.wrong) }
    if let only { tests.removeAll { !$0.name.contains(only) } }
    guard !tests.isEmpty else {
      throw CommandFailure(.wrong, "there is no test\(only.map { " named '…\($0)…'" } ?? "") in what was given")
    }
    var results = await TestRun.results(of: tests, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
    try holdPlans(&results, context)
    let report = TestReport(results)
    switch format {
    case .text: context.output.write(report.text(context.outputStyle))
    case .tap: context.output.write(report.tap)
    case .junit: context.output.write(report.junit)
    case .json: context.output.write(JSON.prettyPrint(report.document) + "\n")
    }
    if !report.failed.isEmpty { throw CommandFailure(.rolledBack) }
  }

  /// Against their files, or the files to them.
  private func holdPlans(_ results: inout [TestResult], _ context: CommandContext) throws {
    for index in results.indices {
      guard let plan = results[index].plan else { continue }
      if update {
        if try plan.update() { context.error.write("\(plan.path) is written\n") }
      } else if let miss = plan.miss(at: results[index].place) {
        results[index].misses.append(miss)
      }
    }
  }
}

/// The runbooks among paths, folders searched, in the order of their names.
enum TestFiles {
  static func find(_ paths: [String]) throws(CommandFailure) -> [String] {
    var found: [String] = []
    for path in paths {
      var isDirectory: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
        throw CommandFailure(.wrong, "there is no '\(path)'; check the path")
      }
      found += isDirectory.boolValue ? inFolder(path) : [path]
    }
    return found
  }

  private static func inFolder(_ path: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    let prefix = path == "." ? "" : path.hasSuffix("/") ? path : path + "/"
    let isHidden = { (name: String) in name.split(separator: "/").contains { $0.hasPrefix(".") } }
    return names.filter { $0.hasSuffix(".belay") && !isHidden($0) }.sorted().map { prefix + $0 }
  }
}
