import Diagnostics

/// A runbook with all the fixes made that its problems offer, round after round, until none is left to make.
struct FixedText {
  struct Step {
    /// Where, in the text as it was in its round.
    let place: String
    let code: DiagnosticCode
    let sentence: String
  }

  /// What one round's fixes leave is offered in the next; slips hide no more than a few others.
  static let maximumRounds = 20

  private(set) var file: SourceFile
  private(set) var steps: [Step] = []

  init(_ original: SourceFile, problems: (SourceFile) -> [Diagnostic]) {
    file = original
    var seen: Set<[UInt8]> = [original.bytes]
    for _ in 0..<Self.maximumRounds {
      let found = problems(file).inReadingOrder()
      // What is merely advised waits until the text means what it says.
      let wanted = found.hasErrors ? found.filter { $0.severity == .error } : found
      var offers: [Fix: (code: DiagnosticCode, span: Span)] = [:]
      var fixes: [Fix] = []
      for problem in wanted {
        guard let fix = problem.fixes.first, offers[fix] == nil else { continue }
        offers[fix] = (problem.code, problem.span)
        fixes.append(fix)
      }
      let (next, made) = file.applying(fixes)
      guard !made.isEmpty, seen.insert(next.bytes).inserted else { return }
      for fix in made {
        guard let offer = offers[fix] else { continue }
        let position = file.position(at: Int(offer.span.lower))
        let place = "\(file.path):\(position.line):\(position.column)"
        steps.append(Step(place: place, code: offer.code, sentence: fix.sentence))
      }
      file = next
    }
  }
}
