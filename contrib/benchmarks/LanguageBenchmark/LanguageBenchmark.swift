import CloudCatalog
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

/// One measured stretch of the language, alone in its process: `LanguageBenchmark MODE FILE` prints the CPU seconds it
/// took and what it came to. `language.py` runs it beside the others.
@main struct LanguageBenchmark {
  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count == 3, let mode = Mode(rawValue: arguments[1]) else {
      stop("usage: LanguageBenchmark \(Mode.allCases.map(\.rawValue).joined(separator: "|")) FILE")
    }
    let file = SourceFile(path: arguments[2], bytes: read(arguments[2]))
    let (seconds, value) =
      switch mode {
      case .run: run(file)
      case .where: meetConditions(file)
      case .until: meetDeadline(file)
      case .parse: parse(file)
      case .check: check(file)
      case .judge: judge(file)
      }
    print(seconds, value)
  }

  private enum Mode: String, CaseIterable {
    /// The value of the program's one output.
    case run
    /// 100,000 conditions of inputs, 4 at a time.
    case `where`
    /// 100,000 conditions of a `wait … until`, each on an answer of its own.
    case until
    /// How many bytes are lexed and parsed.
    case parse
    /// How many calls are checked.
    case check
    /// How many problems a text has that may be anything, with all that is done to lay it out and to say them.
    case judge
  }

  // MARK: The rows

  private static func run(_ file: SourceFile) -> (seconds: Double, value: String) {
    var program = program(file)
    let start = processTime()
    let events = program.advance()
    let seconds = processTime() - start
    for case .output(_, let value) in events { return (seconds, value.display) }
    for case .failed(_, let failure) in events { stop(failure.message) }
    stop("the program has no output")
  }

  private static func meetConditions(_ file: SourceFile) -> (seconds: Double, value: String) {
    let runbook = checked(file)
    let code = RunbookCompiler.compile(runbook)
    let inputs: Record = [
      "per_zone": 4, "zones": ["a", "b", "c"], "name": "web-fleet", "ports": [80, 443, 8080, 9090],
    ]
    var met = 0
    let start = processTime()
    for _ in 0..<25_000 where RunbookProgram.prepare(runbook, code: code, inputs: inputs).program != nil {
      met += runbook.inputs.count
    }
    return (processTime() - start, "\(met)")
  }

  private static func meetDeadline(_ file: SourceFile) -> (seconds: Double, value: String) {
    var program = program(file)
    let states = ["RUNNING", "RUNNING", "RUNNING", "PENDING"]
    let answer = Value.record([
      "InstanceSet": .list(
        states.enumerated().map { index, state in ["InstanceId": "ein-\(index)", "InstanceState": .text(state)] })
    ])
    var looks = 0
    var events = program.advance()
    let start = processTime()
    while looks < 100_000 {
      for event in events {
        switch event {
        case .call(let ask, _, _):
          looks += 1
          program.answer(ask, .result(answer))
        case .pause(let ask, _, _): program.answer(ask, .rested)
        default: stop("a look ended the wait")
        }
      }
      events = program.advance()
    }
    return (processTime() - start, "\(looks)")
  }

  private static func parse(_ file: SourceFile) -> (seconds: Double, value: String) {
    let start = processTime()
    let parsed = RunbookParser.parse(file, id: SourceID(0))
    let seconds = processTime() - start
    guard parsed.diagnostics.isEmpty else { stop("the text has problems") }
    return (seconds, "\(file.bytes.count)")
  }

  private static func check(_ file: SourceFile) -> (seconds: Double, value: String) {
    let start = processTime()
    let runbook = checked(file)
    return (processTime() - start, "\(runbook.calls.count)")
  }

  private static func judge(_ file: SourceFile) -> (seconds: Double, value: String) {
    let start = processTime()
    _ = RunbookFormatter.format(file, id: SourceID(0))
    let result = RunbookCheck.check(file, functions: StandardLibrary.signatures)
    _ = DiagnosticRenderer(sources: result.sources).render(result.diagnostics)
    return (processTime() - start, "\(result.diagnostics.count)")
  }

  // MARK: Around them

  private static func checked(_ file: SourceFile) -> CheckedRunbook {
    let result = RunbookCheck.check(file, functions: StandardLibrary.signatures)
    guard let runbook = result.runbook else {
      stop(DiagnosticRenderer(sources: result.sources).render(result.diagnostics))
    }
    return runbook
  }

  private static func program(_ file: SourceFile) -> RunbookProgram {
    let runbook = checked(file)
    let prepared = RunbookProgram.prepare(runbook, code: RunbookCompiler.compile(runbook), inputs: Record())
    guard let program = prepared.program else { stop("the runbook needs inputs") }
    return program
  }

  private static func processTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static func read(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { stop("\(path) cannot be read") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    return bytes
  }

  private static func stop(_ message: String) -> Never {
    let line = Array("LanguageBenchmark: \(message)\n".utf8)
    write(2, line, line.count)
    exit(1)
  }
}
