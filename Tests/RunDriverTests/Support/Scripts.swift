import CloudCatalog
import RunDriver
import RunEngine
import Values

/// The calls that scripts are made of.
enum Scripts {
  static let start = Instant(milliseconds: 1_000_000)
  static func summary(_ id: RunID) -> RunSummary {
    RunSummary(id: id, runbook: "script", createdAt: start, updatedAt: start, status: RunStatus.running.rawValue)
  }

  static let created = JournalRecord.created(
    runbook: "test.script", version: "1.0.0", path: "script", source: "", inputs: [:], cloud: "toy",
    by: "alice")

  static func vpc(_ name: String, undo: CallAsk.Undo = .catalog, retry: RetryRule? = nil) -> Line {
    .call(name, "ecm.CreateVpc", undo: undo, retry: retry) { _ in
      ["VpcName": .text(name), "CidrBlock": "10.0.0.0/16", "EcmRegion": "r"]
    }
  }

  static func subnet(_ name: String, in vpc: String) -> Line {
    .call(name, "ecm.CreateSubnet") { results in
      let id = results[vpc].flatMap { ValuePath("Vpc.VpcId").value(in: $0) } ?? .null
      return ["VpcId": id, "Zone": .text("zone \(name)"), "EcmRegion": "r", "SubnetName": .text(name)]
    }
  }

  static func module(_ name: String, undo: CallAsk.Undo = .catalog) -> Line {
    .call(name, "ecm.CreateModule", undo: undo) { _ in ["ModuleName": .text(name)] }
  }

  static func instances(_ name: String, _ count: Int = 1) -> Line {
    .call(name, "ecm.RunInstances") { _ in
      ["ZoneInstanceCountISPSet": [["Zone": "z", "InstanceCount": .int(count), "ISP": "CTCC"]]]
    }
  }

  static func addresses(_ name: String, _ count: Int = 1) -> Line {
    .call(name, "ecm.AllocateAddresses") { _ in ["EcmRegion": "r", "AddressCount": .int(count)] }
  }

  static func deleteVpc(_ name: String, of vpc: String) -> Line {
    .call(name, "ecm.DeleteVpc") { results in
      ["VpcId": results[vpc].flatMap { ValuePath("Vpc.VpcId").value(in: $0) } ?? .null, "EcmRegion": "r"]
    }
  }
}

/// A finished simulated run and what it left.
struct Played {
  let outcome: SimulatedDriver.Outcome?
  let cloud: ToyCloud

  init(
    _ lines: [Line], blocks: [[Line]] = [], faults: [ActionID: [Int: ToyFault]] = [:], cancelAfter: Duration? = nil,
    latency: Duration = .milliseconds(20), random: SplitMix? = nil, driver: SimulatedDriver = SimulatedDriver()
  ) {
    var cloud = ToyCloud()
    (cloud.faults, cloud.latency, cloud.random) = (faults, latency, random)
    outcome = driver.run(
      RunID("run"), created: Scripts.created, program: ScriptedProgram(lines, blocks: blocks), cloud: &cloud,
      startingAt: Scripts.start, cancelAt: cancelAfter.map { Scripts.start + $0 })
    self.cloud = cloud
  }

  var status: RunStatus? { outcome?.status }
  var records: [JournalRecord] { outcome?.records.map(\.1) ?? [] }
  var report: RunReport { RunReport(outcome?.records ?? []) }
  var undone: [String] { report.undoOrder.map(\.text) }
  var elapsed: Duration { (outcome?.endedAt ?? Scripts.start) - Scripts.start }

  /// `kind step`, for records that have a step.
  var trace: [String] {
    records.dropFirst().map { record in
      let payload = record.payload
      let name =
        payload["block"]?.asText ?? payload["step"]?.asText ?? payload["wait"]?.asText ?? payload["status"]?.asText
      return record.kind + (name.map { " " + $0 } ?? "")
    }
  }
}
