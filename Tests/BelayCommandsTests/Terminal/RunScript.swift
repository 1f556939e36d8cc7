import BelayCommands
import CloudCatalog
import RunDriver
import RunEngine
import Values

/// A run made by hand: what an observer would hear, and when (seconds since its start).
struct RunScript: Sendable {
  static let id = RunID("r-20261121-7k2m9x")
  static let start = Instant(milliseconds: 1_795_000_000_000)

  private var entries: [(second: Double, observation: RunObservation)] = []

  init(cloud: String = "the embedded emulator") {
    record(
      0,
      .created(
        runbook: "ecm.web_fleet", version: "1.0.0", path: RunScript.path, source: RunScript.source,
        inputs: ["name": "web"], cloud: cloud, by: "alice"))
  }

  static func time(_ second: Double) -> Instant { start + .milliseconds(Int64(second * 1000)) }

  static func place(_ line: Int, _ column: Int = 1) -> Place { Place(path: path, line: line, column: column) }

  mutating func record(_ second: Double, _ record: JournalRecord) {
    let stored = record.stored(sequence: entries.count, at: RunScript.time(second))
    entries.append((second, .record(stored, record)))
  }

  mutating func notice(_ second: Double, _ notice: RunNotice) {
    entries.append((second, .notice(RunScript.time(second), notice)))
  }

  mutating func begin(
    _ second: Double, _ step: String, _ action: ActionID, _ arguments: Record = [:], kept: String? = nil, line: Int = 3
  ) {
    let address = StepAddress(step)
    record(
      second,
      .intent(address, action, arguments: arguments, before: .null, known: [], kept: kept, RunScript.place(line, 5)))
    notice(second, .sent(address, attempt: 1))
  }

  mutating func call(
    _ second: Double, took: Double = 0.3, _ step: String, _ action: ActionID, _ result: Record = [:],
    kept: String? = nil
  ) {
    begin(second, step, action, kept: kept)
    let request = "5f0b3c1e-\(step.utf8.count)"
    record(
      second + took, .done(StepAddress(step), result: result, requestID: request, attempts: 1, adopted: false))
  }

  /// `took` nil: it goes on.
  mutating func wait(_ second: Double, took: Double?, _ wait: String, for step: String?, seen: String = "PENDING") {
    let address = StepAddress(wait)
    record(second, .waitBegan(address, step: step.map { StepAddress($0) }, within: .minutes(15), RunScript.place(6, 3)))
    notice(second + 0.2, .polled(address, seen))
    if let took { record(second + took, .waitEnded(address, problem: nil)) }
  }

  /// `took` nil: it goes on.
  mutating func undo(_ second: Double, took: Double? = 0.5, _ step: String, _ action: ActionID, note: String = "") {
    let address = StepAddress(step)
    record(second, .undoIntent(address, action, arguments: [:], known: []))
    guard let took else { return }
    record(second + took, .undoDone(address, action, result: [:], requestID: "", wasGone: false, note: note))
    record(second + took, .undone(address))
  }

  /// In the order of time; what happens at one time stays in the order in which it was written.
  var observations: [(second: Double, observation: RunObservation)] {
    entries.enumerated().sorted { ($0.element.second, $0.offset) < ($1.element.second, $1.offset) }.map(\.element)
  }

  func progress(until second: Double = .infinity) -> RunProgress {
    var progress = RunProgress(id: RunScript.id)
    for entry in observations where entry.second <= second { progress.apply(entry.observation) }
    return progress
  }

  static let path = "runbooks/ecm/fleet/web_fleet.belay"
  static let source = """
    runbook ecm.web_fleet 1.0.0
    use ecm with (EcmRegion: region)
    let net = ecm.CreateVpc(VpcName: name, CidrBlock: 10.20.0.0/16)
    let fleet = parallel 4 each (zone, isp) in zones * isps {
      let vms = ecm.RunInstances(ModuleId: mod.ModuleId, Password: password, InstanceName: "${name}-${zone}-${isp}")
      wait vms is RUNNING within 15min
    }
    let listener = ecm.CreateListener(LoadBalancerId: balancer, Ports: [80], Protocol: "TCP", ListenerNames: [name])
    commit "the fleet is serving"
    """
}
