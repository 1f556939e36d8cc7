import RunEngine
import RunPlanner
import RunbookEvaluator

/// How a test's run has to be planned: a file beside the test, which `belay test --update` writes.
struct GoldenPlan: Sendable {
  let path: String
  /// What the run would do, a line for each step, without ids and times.
  private let text: String

  init(_ plan: RunPlan, at path: String) {
    self.path = path
    text = plan.outline.joined(separator: "\n") + "\n"
  }

  /// Nil when there is no such file.
  private var written: String? {
    (try? Files.read(path, what: "plan")).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether the file said something else; it does not any more.
  func update() throws(CommandFailure) -> Bool {
    guard written != text else { return false }
    try Files.write(text, to: path)
    return true
  }

  /// What the file has otherwise; nil when it says the same.
  func miss(at place: Place) -> TestMiss? {
    guard let written else {
      return TestMiss(
        place: place, message: "there is no plan '\(path)' to hold it against; --update writes it", sides: nil)
    }
    let difference = TextDifference.unified(written, text, path: path)
    guard !difference.isEmpty else { return nil }
    return TestMiss(
      place: place, message: "it is planned otherwise; --update takes the new plan\n\(difference)", sides: nil)
  }
}
