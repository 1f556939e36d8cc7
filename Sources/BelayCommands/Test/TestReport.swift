import RunEngine
import RunbookEvaluator
import Values

/// What came of tests, in the forms that people and programs read.
struct TestReport {
  let results: [TestResult]
  var failed: [TestResult] { results.filter { !$0.hasPassed } }

  init(_ results: [TestResult]) { self.results = results }

  func text(_ style: TerminalStyle) -> String {
    var lines: [StyledLine] = []
    for result in results {
      var line = StyledLine(result.hasPassed ? "✓ " : "✗ ", result.hasPassed ? .good : .bad)
      line.add("\(result.place.path): \(result.name)")
      line.add("  \(result.outcome.status.rawValue) after \(result.outcome.elapsed.watchText)", .dim)
      lines.append(line)
      for problem in result.problems {
        let message = problem.message.split(separator: "\n").map(String.init)
        var line = StyledLine("  \(problem.place): ", .dim)
        line.add(message.first ?? "", .bad)
        lines.append(line)
        lines += message.dropFirst().map { StyledLine("    \($0)") }
        guard let sides = problem.sides else { continue }
        for (word, value) in [("expected", sides.expected), ("actual", sides.actual)] {
          lines.append(StyledLine("    \(word): \(JSON.print(value))"))
        }
      }
      if let failure = result.outcome.report.failure, !result.hasPassed {
        lines.append(StyledLine("  the run failed: \(failure.message)", .dim))
      }
    }
    lines.append(StyledLine())
    lines.append(
      StyledLine(
        failed.isEmpty
          ? "\(results.count) \(results.count == 1 ? "test passed" : "tests passed")"
          : "\(failed.count) of \(results.count) \(results.count == 1 ? "test" : "tests") failed"))
    return lines.text(style)
  }

  var tap: String {
    var lines = ["TAP version 13", "1..\(results.count)"]
    for (index, result) in results.enumerated() {
      let name = "\(result.place.path): \(result.name)".replacing("#", with: "\\#")
      lines.append("\(result.hasPassed ? "ok" : "not ok") \(index + 1) - \(name)")
      guard !result.hasPassed else { continue }
      lines.append("  ---")
      lines.append("  outcome: \(result.outcome.status.rawValue)")
      lines.append("  failures:")
      for problem in result.problems {
        lines.append("    - at: \(JSON.print(.text(problem.place.description)))")
        lines.append("      message: \(JSON.print(.text(problem.message)))")
        if let sides = problem.sides {
          lines.append("      expected: \(JSON.print(.text(JSON.print(sides.expected))))")
          lines.append("      actual: \(JSON.print(.text(JSON.print(sides.actual))))")
        }
      }
      lines.append("  ...")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  var junit: String {
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
      "<testsuite name=\"belay test\" tests=\"\(results.count)\" failures=\"\(failed.count)\">",
    ]
    for result in results {
      let head =
        "  <testcase classname=\"\(XMLText.escaped(result.place.path))\" name=\"\(XMLText.escaped(result.name))\""
      guard let first = result.problems.first else {
        lines.append(head + "/>")
        continue
      }
      let all = result.problems.map { problem in
        "\(problem.place): \(problem.message)"
          + (problem.sides.map { "\nexpected: \(JSON.print($0.expected))\nactual: \(JSON.print($0.actual))" } ?? "")
      }
      lines.append(
        head + "><failure message=\"\(XMLText.escaped(first.message))\">"
          + "\(XMLText.escaped(all.joined(separator: "\n")))</failure></testcase>")
    }
    return (lines + ["</testsuite>"]).joined(separator: "\n") + "\n"
  }

  /// `belay.test/1`; described in docs/testing.md. Fields are only added.
  var document: Value {
    [
      "format": "belay.test/1", "passed": .int(results.count - failed.count), "failed": .int(failed.count),
      "tests": .list(results.map(\.value)),
    ]
  }
}

extension TestResult {
  /// What makes it fail, each with its place.
  fileprivate var problems: [TestMiss] {
    problem.map { [TestMiss(place: place, message: $0, sides: nil)] } ?? misses
  }

  fileprivate var value: Value {
    [
      "path": .text(place.path), "line": .int(place.line), "name": .text(name), "passed": .bool(hasPassed),
      "outcome": .text(outcome.status.rawValue), "elapsed_ms": .int(Int(outcome.elapsed.milliseconds)),
      "failures": .list(
        problems.map { problem in
          [
            "line": .int(problem.place.line), "message": .text(problem.message),
            "expected": problem.sides?.expected ?? .null, "actual": problem.sides?.actual ?? .null,
          ]
        }),
    ]
  }
}
