import CloudCatalog
import Diagnostics
import Foundation
import RunDriver
import RunEngine
import RunJournal
import RunbookChecker
import RunbookEvaluator
import Synchronization
import Values

/// The engine at work on calls that do nothing: what it takes by itself, with every record durable.
///
///     EngineBenchmark sequential|wide|replay|queued|pausing|waiting COUNT FOLDER
///
/// Prints one JSON object. `engine.py` beside it runs it next to DBOS.
@main struct EngineBenchmark {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let mode = Mode(rawValue: arguments[1]), let count = Int(arguments[2]) else {
      FileHandle.standardError.write(
        Data("usage: EngineBenchmark sequential|wide|replay|queued|pausing|waiting COUNT FOLDER\n".utf8))
      exit(2)
    }
    let store = try SQLiteJournalStore(path: "\(arguments[3])/\(mode.rawValue).sqlite")
    let result =
      switch mode {
      case .sequential: try await Measurement.run("each _i in range(\(count))", count, store)
      case .wide: try await Measurement.run("parallel 64 each _i in range(\(count))", count, store)
      case .replay: try await Measurement.replay(count, store)
      case .queued: try await Measurement.wait(Measurement.vpc, recordsEach: 1, count, store)
      case .pausing: try await Measurement.wait(Measurement.pause, recordsEach: 2, count, store)
      case .waiting: try await Measurement.wait(Measurement.work, recordsEach: 3, count, store)
      }
    FileHandle.standardOutput.write(Data((JSON.print(.record(result)) + "\n").utf8))
  }

  enum Mode: String {
    case sequential, wide, replay, queued, pausing, waiting
  }
}

/// A cloud in which everything has always been done already; work that is polled for never ends.
struct IdleWorld: World {
  let account = "benchmark"

  func now() -> Instant { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }

  func sleep(until: Instant) async {
    let rest = until - now()
    if rest > .zero { try? await Task.sleep(for: rest) }
  }

  func send(_ call: CloudCall) async -> Reply {
    switch call.action.name {
    case "RunInstances": .outcome(.done(["InstanceIdSet": ["ein-12345678"]], requestID: "q"))
    case "DescribeInstances":
      .outcome(
        .done(
          ["TotalCount": 1, "InstanceSet": [["InstanceId": "ein-12345678", "InstanceState": "PENDING"]]],
          requestID: "q"))
    case "DescribeVpcs": .outcome(.done(["TotalCount": 0, "VpcSet": []], requestID: "q"))
    default: .outcome(.done(["Vpc": ["VpcId": "vpc-12345678"]], requestID: "q"))
    }
  }
}

/// One run of one runbook, and what it took.
enum Measurement {
  static let vpc = #"ecm.CreateVpc(VpcName: "n", CidrBlock: 10.0.0.0/16)"#
  private static let head = #"use ecm with (EcmRegion: "ap-hangzhou-ecm")"#
  static let pause = "wait ecm.DescribeVpcs() until it.TotalCount > 0 every 1h within 10h"
  static let work = """
    let vm = ecm.RunInstances(ZoneInstanceCountISPSet: [{ Zone: "z", ISP: "CTCC", InstanceCount: 1 }])
      wait vm is RUNNING within 10h
    """

  private static func program(_ body: String) throws -> RunbookProgram {
    let file = SourceFile(path: "benchmark.belay", text: "runbook test.benchmark 1.0.0\n\n\(head)\n\n\(body)\n")
    let checked = RunbookCheck.check(file, functions: StandardLibrary.signatures)
    guard let runbook = checked.runbook else {
      throw Problem(description: DiagnosticRenderer(sources: checked.sources).render(checked.diagnostics))
    }
    let prepared = RunbookProgram.prepare(runbook, code: RunbookCompiler.compile(runbook), inputs: [:])
    guard let program = prepared.program else { throw Problem(description: "the inputs do not fit") }
    return program
  }

  private struct Problem: Error { let description: String }

  private static let created = JournalRecord.created(
    runbook: "benchmark", version: "1.0.0", path: "benchmark.belay", source: "", inputs: [:], cloud: "none",
    by: "benchmark")

  private static func begin(_ store: SQLiteJournalStore) async throws -> Lease {
    let id = RunID("r-\(UInt64.random(in: 0 ... .max))")
    let now = IdleWorld().now()
    try await store.create(
      RunSummary(id: id, runbook: "benchmark", createdAt: now, updatedAt: now, status: "running"))
    return try await store.take(id, by: "benchmark", at: now)
  }

  /// Of these actions as many calls may leave as there are; of others as the books say.
  private static func driver(
    _ store: SQLiteJournalStore, unlimited: [ActionID] = ["ecm.CreateVpc"],
    _ observer: @escaping @Sendable (RunObservation) -> Void = { _ in }
  ) -> LiveDriver {
    let world = IdleWorld()
    let rates = Dictionary(uniqueKeysWithValues: unlimited.map { ($0, 1_000_000) })
    let traffic = LiveTraffic(world: world, limits: AccountLimits(rates: rates))
    return LiveDriver(world: world, traffic: traffic, store: store, observer: observer)
  }

  static func run(_ loop: String, _ count: Int, _ store: SQLiteJournalStore) async throws -> Record {
    let program = try program("\(loop) {\n  \(vpc)\n}")
    let lease = try await begin(store)
    let before = store.commitCount
    let begun = ContinuousClock.now
    let status = try await driver(store).run(lease.run, created: created, program: program, under: lease)
    let seconds = (ContinuousClock.now - begun).inSeconds
    let commits = store.commitCount - before
    return [
      "status": .text(status.rawValue), "steps": .int(count), "seconds": .float(seconds),
      "steps_per_second": .float(Double(count) / seconds), "syncs": .int(commits),
      "syncs_per_step": .float(Double(commits) / Double(count)), "resident_kb": .int(resident),
    ]
  }

  /// `count` records: half as many steps, each with its intent and its outcome.
  static func replay(_ count: Int, _ store: SQLiteJournalStore) async throws -> Record {
    let steps = count / 2
    let program = try program("parallel 64 each _i in range(\(steps)) {\n  \(vpc)\n}")
    let lease = try await begin(store)
    _ = try await driver(store).run(lease.run, created: created, program: program, under: lease)
    let begun = ContinuousClock.now
    let records = try await store.history(of: lease.run)
    let read = ContinuousClock.now
    var machine = RunMachine(program: program, mark: lease.run.text, past: RunPast(records))
    _ = machine.handle(.start, at: IdleWorld().now())
    let ended = ContinuousClock.now
    // It goes on from here: what its end takes is not the replay's.
    defer { withExtendedLifetime(machine) {} }
    return [
      "status": .text(machine.status.rawValue), "records": .int(records.count), "steps": .int(steps),
      "seconds": .float((ended - begun).inSeconds), "reading": .float((read - begun).inSeconds),
      "evaluating": .float((ended - read).inSeconds),
      "steps_per_second": .float(Double(steps) / (ended - begun).inSeconds),
      "records_per_second": .float(Double(records.count) / (ended - begun).inSeconds),
    ]
  }

  /// Lets `count` iterations wait for what does not come, until each has written so many records, and says what they
  /// take.
  static func wait(
    _ body: String, recordsEach: Int, _ count: Int, _ store: SQLiteJournalStore
  ) async throws -> Record {
    let program = try program("parallel each _i in range(\(count)) {\n  \(body)\n}")
    let lease = try await begin(store)
    let before = resident
    let written = Counter()
    let driver = driver(store, unlimited: ["ecm.RunInstances", "ecm.DescribeVpcs"]) { observation in
      if case .record = observation { written.add() }
    }
    let run = Task { try await driver.run(lease.run, created: created, program: program, under: lease) }
    while written.count < recordsEach * count + 1 { try await Task.sleep(for: .milliseconds(50)) }
    try await Task.sleep(for: .milliseconds(500))
    run.cancel()
    return [
      "iterations": .int(count), "resident_kb": .int(resident), "before_kb": .int(before),
      "bytes_per_iteration": .float(Double(resident - before) * 1024 / Double(count)),
    ]
  }

  /// The process's resident memory in KB.
  private static var resident: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    return line.split(separator: " ").lazy.compactMap { Int($0) }.first ?? 0
  }
}

/// Counts from any thread.
final class Counter: Sendable {
  private let value = Atomic(0)
  var count: Int { value.load(ordering: .relaxed) }
  func add() { value.add(1, ordering: .relaxed) }
}

extension Duration {
  fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
