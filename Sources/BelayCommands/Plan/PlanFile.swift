import EmulatorServer
import RunEngine
import Values

/// A plan that was agreed on: what a run may do, bound to its text, its inputs and the world it was made in.
/// `belay.plan-file/1`.
struct PlanFile {
  private static let format = "belay.plan-file/1"
  /// SHA-256 of the runbook's text and of those it uses, by path.
  let sources: Record
  /// Secrets by name only.
  let inputs: Value
  let world: PlanWorldChoice
  /// SHA-256 of the world it was made in.
  let worldDigest: String
  let limits: Record
  let outline: [String]
  private let plan: Value

  init(_ sheet: PlanSheet, _ prepared: RunPreparation, _ world: PlanWorld, _ limits: AccountLimits) {
    var sources: Record = [
      prepared.source.path: .text(StateText.digest(prepared.source.bytes))
    ]
    for (path, text) in prepared.files { sources[path] = .text(StateText.digest(Array((text.asText ?? "").utf8))) }
    self.sources = sources
    inputs = PlanFile.printed(.record(prepared.inputs))
    self.world = world.choice
    worldDigest = world.digest
    self.limits = Record(
      limits.rates.sorted { $0.key.description < $1.key.description }.map { ($0.key.description, .int($0.value)) })
    outline = sheet.plan.outline
    plan = sheet.document
  }

  /// As it is after it was written and read.
  private static func printed(_ value: Value) -> Value { (try? JSON.parse(JSON.print(value))) ?? .null }

  var text: String {
    JSON.prettyPrint([
      "format": .text(PlanFile.format), "sources": .record(sources), "inputs": inputs, "world": world.document,
      "world_sha256": .text(worldDigest), "limits": .record(limits), "outline": .list(outline.map(Value.text)),
      "plan": plan,
    ]) + "\n"
  }

  init(reading path: String) throws(CommandFailure) {
    let bytes = try Files.read(path, what: "plan file")
    guard let record = try? JSON.parse(bytes).asRecord, record["format"] == .text(PlanFile.format),
      let sources = record["sources"]?.asRecord, let inputs = record["inputs"],
      let world = record["world"].flatMap({ PlanWorldChoice($0) }), let digest = record["world_sha256"]?.asText,
      let limits = record["limits"]?.asRecord, let lines = record["outline"]?.asList
    else {
      throw CommandFailure(
        .wrong, "'\(path)' is not a plan file of this version; write one with `belay plan … --out \(path)`")
    }
    (self.sources, self.inputs, self.world, worldDigest, self.limits) = (sources, inputs, world, digest, limits)
    outline = lines.compactMap(\.asText)
    plan = record["plan"] ?? .null
  }

  /// Plans anew in the world of this plan, and refuses when the outcome is another.
  func confirm(_ prepared: RunPreparation, _ target: TargetOptions, _ path: String) async throws(CommandFailure) {
    let limits = try target.limits.accountLimits()
    let world = try await world.world(target.account, for: prepared.services)
    let now = await PlanFile(PlanSheet(prepared, world, limits), prepared, world, limits)
    await world.live?.shutdown()
    let drift = drift(to: now)
    guard !drift.isEmpty else { return }
    throw CommandFailure(
      .wrong,
      "the run is not the one that '\(path)' plans, and nothing was called:\n"
        + drift.map { "- \($0)" }.joined(separator: "\n") + "\nPlan it again with `belay plan`, or put it back.")
  }

  /// In which ways a plan made now differs from this one, a text each; empty when it does the same.
  func drift(to now: PlanFile) -> [String] {
    var texts: [String] = []
    for path in sources.names where now.sources[path] != sources[path] {
      texts.append(now.sources[path] == nil ? "it does not use '\(path)' any more" : "the text of '\(path)' is another")
    }
    texts += now.sources.names.filter { sources[$0] == nil }.map { "it uses '\($0)' now" }
    let (old, new) = (inputs.asRecord ?? Record(), now.inputs.asRecord ?? Record())
    for name in old.names + new.names.filter({ old[$0] == nil }) where old[name] != new[name] {
      let (was, is_) = (old[name].map(JSON.print) ?? "nothing", new[name].map(JSON.print) ?? "nothing")
      texts.append("input '\(name)' was \(was) and is \(is_)")
    }
    if limits != now.limits {
      texts.append("--limit was \(JSON.print(.record(limits))) and is \(JSON.print(.record(now.limits)))")
    }
    if worldDigest != now.worldDigest { texts.append("\(now.world.name) is not as it was when the plan was made") }
    if outline != now.outline {
      let difference = TextDifference.unified(
        outline.joined(separator: "\n") + "\n", now.outline.joined(separator: "\n") + "\n", path: "plan")
      texts.append("what it does differs:\n\(difference)")
    }
    return texts
  }
}
