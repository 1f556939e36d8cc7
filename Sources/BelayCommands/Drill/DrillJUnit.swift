import RunPlanner

/// A drill as JUnit XML: a suite, and a case for each scenario; those that stop and ask by design pass and say so.
struct DrillJUnit {
  let text: String

  init(_ report: DrillReport, title: String, command: String) {
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
      "<testsuite name=\"\(XMLText.escaped("drill of \(title)"))\" tests=\"\(report.results.count + 1)\" "
        + "failures=\"\(report.failing.count)\">",
    ]
    for result in [report.calm] + report.results {
      let name = result.scenario.blows.isEmpty ? "undisturbed" : result.scenario.description
      let place = XMLText.escaped(result.placeWording.isEmpty ? title : result.placeWording)
      let head = "  <testcase classname=\"\(place)\" name=\"\(XMLText.escaped(name))\""
      guard !result.findings.isEmpty else {
        lines.append(
          result.left.isEmpty
            ? head + "/>"
            : head
              + "><system-out>stops and asks: \(XMLText.escaped(result.left.map(\.step.text).joined(separator: ", ")))"
              + "</system-out></testcase>")
        continue
      }
      let message = result.findings.map { "\($0.kind.rawValue): \($0.sentence)" }.joined(separator: "\n")
      let replay = result.scenario.blows.isEmpty ? "" : "\n\(command) --only '\(result.scenario)' --trace"
      lines.append(
        head + "><failure message=\"\(XMLText.escaped(result.findings[0].sentence))\">"
          + "\(XMLText.escaped(message + replay))</failure></testcase>")
    }
    text = (lines + ["</testsuite>"]).joined(separator: "\n") + "\n"
  }
}
