import CloudCatalog
import RunEngine
import RunbookChecker
import Values

/// What a plan asks of a program beyond running it.
extension RunbookProgram {
  /// Where the parallel loops stand that say how many rounds they take at a time.
  package var loopsWithWidth: [Place] {
    code.instructions.compactMap { instruction in
      guard case .parallel(let site) = instruction, site.width != nil else { return nil }
      return site.place
    }
  }

  /// The same program, taking one round more at a time in one of those loops.
  package func widening(_ loop: Place) -> RunbookProgram {
    var program = self
    program.widened.insert(loop)
    return program
  }

  /// The bounds of the runbook, and what these calls use of them.
  package func boundsUsed(by calls: some Sequence<(action: ActionID, arguments: Record)>) -> [(
    subject: String, limit: Int, used: Int
  )] {
    var program = self
    repeat { _ = program.advance() } while program.isReady
    return zip(code.bounds, program.bounds).map { subject, bound in
      let used = calls.reduce(0) { sum, call in
        sum + (Catalog.meaning(call.action).flatMap { subject.units(of: call.action, $0, call.arguments) } ?? 0)
      }
      return (subject.wording, bound.limit, used)
    }
  }
}
