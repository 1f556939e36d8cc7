import Diagnostics
import RunEngine
import RunbookChecker
import RunbookEvaluator
import RunbookSyntax
import Values

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Everything the language does with a text: none of it may crash, hang, or overflow a stack.
enum Trial {
  /// Of the processor's time, in seconds, for a text of at most 100 kB; without optimisation nothing is measured.
  #if DEBUG
    private static let longest = Double.infinity
  #else
    private static let longest = 1.0
  #endif
  private static let longestText = 100_000

  static func run(_ bytes: [UInt8]) {
    guard bytes.count <= longestText else { return }
    let start = now()
    let file = SourceFile(path: "fuzz.belay", bytes: bytes)
    _ = RunbookParser.parse(file, id: SourceID(0))
    layOut(file)
    let result = RunbookCheck.check(file, functions: StandardLibrary.signatures)
    _ = DiagnosticRenderer(sources: result.sources).render(result.diagnostics)
    if let runbook = result.runbook { carryOut(runbook) }
    let seconds = now() - start
    if seconds > longest { stop("it takes \(seconds) s", bytes) }
  }

  private static func layOut(_ file: SourceFile) {
    guard case .formatted(let text) = RunbookFormatter.format(file, id: SourceID(0)) else { return }
    guard RunbookFormatter.format(SourceFile(path: "fuzz.belay", text: text), id: SourceID(0)) == .formatted(text)
    else {
      return stop("laid out twice it differs", file.bytes)
    }
  }

  /// The program as far as a few answers of no use bring it.
  private static func carryOut(_ runbook: CheckedRunbook) {
    let code = RunbookCompiler.compile(runbook)
    guard var program = RunbookProgram.prepare(runbook, code: code, inputs: Record()).program else { return }
    for _ in 0..<4 {
      let events = program.advance()
      for event in events {
        switch event {
        case .call(let ask, _, _): program.answer(ask, .result(.empty))
        case .wait(let ask, _, _): program.answer(ask, .result(.null))
        case .pause(let ask, _, _): program.answer(ask, .rested)
        default: break
        }
      }
      if events.isEmpty { return }
    }
  }

  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  static func read(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&piece, 1, piece.count, file), count > 0 { bytes += piece[..<count] }
    return bytes
  }

  static func say(_ text: String) {
    let bytes = Array(text.utf8)
    write(2, bytes, bytes.count)
  }

  private static func stop(_ problem: String, _ bytes: [UInt8]) {
    say("LanguageFuzz: \(problem):\n\(String(decoding: bytes, as: UTF8.self))\n")
    abort()
  }
}
