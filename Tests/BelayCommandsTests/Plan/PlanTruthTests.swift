import CloudCatalog
import RunEngine
import RunPlanner
import Testing
import Values

/// The plan is true: what it says of the shipped recipes is what they do, over HTTP and against the wall clock.
@Suite struct PlanTruthTests {
  @Test(arguments: ShippedRecipe.paths)
  func stepsParametersAndCallsAreAsPlanned(path: String) async throws {
    let served = try await ServedRecipe(ShippedRecipe(path))
    let plan = try await served.plan()
    let records = try await served.run()
    let live = LiveSteps(records, served.recipe, after: try await served.inventory())
    let planned = (plan["steps"]?.asList ?? []).compactMap(\.asRecord)
    #expect(planned.count > 3)
    let done = Set(live.report.steps.map { live.name($0.address) })
    #expect(done.isSubset(of: planned.compactMap { $0["step"]?.asText }))
    // On a slow machine a first look may find the end of what the plan waits for.
    #expect(planned.allSatisfy { $0["kind"] == "wait" || done.contains($0["step"]?.asText ?? "") })
    for step in live.report.steps {
      let name = live.name(step.address)
      guard let own = planned.first(where: { $0["step"]?.asText == name }) else { continue }
      #expect(own["action"]?.asText == step.action?.description, "\(name)")
      guard step.kind == .change else { continue }
      let parameters = (own["parameters"]?.asList ?? []).compactMap(\.asRecord)
      let expected = Record(parameters.map { ($0["name"]?.asText ?? "", $0["value"] ?? .null) })
      #expect(Value.record(live.parameters(step)) == .record(expected), "\(name)")
    }
    try await compareCounts(plan, served)
    try await served.stop()
  }

  /// How often work under way is looked at depends on when it ends; everything else does not.
  private func compareCounts(_ plan: Record, _ served: ServedRecipe) async throws {
    let actions = (plan["calls"]?.asRecord ?? Record()).names
    let polled = Set(actions.compactMap { Catalog.meaning(ActionID($0)) }.flatMap { looks(of: $0) })
    let counts = try await served.callCounts()
    for action in Set(actions).union(counts.keys).sorted() where !polled.contains(action) {
      #expect(counts[action] ?? 0 == plan["calls"]?.asRecord?[action]?.asInt ?? 0, "\(action)")
    }
    for action in polled where plan["calls"]?.asRecord?[action] != nil { #expect(counts[action] ?? 0 > 0, "\(action)") }
  }

  private func looks(of meaning: ActionMeaning) -> [String] {
    guard let poll = meaning.wait else { return [] }
    return ([poll] + poll.fallback + poll.crowd).map(\.action.description)
  }

  /// When a late change goes wrong, what the plan says for a failure just after the change before it is undone.
  @Test(arguments: ShippedRecipe.paths)
  func undoIsAsPlanned(path: String) async throws {
    let served = try await ServedRecipe(ShippedRecipe(path))
    let failure = served.recipe.lateFailure
    let plan = try await served.plan(["--undo-from", failure.after])
    try await served.arm(failure.faults)
    let records = try await served.run(status: 1)
    let live = LiveSteps(records, served.recipe, after: try await served.inventory())
    let previews = (plan["undo"]?.asList ?? []).compactMap(\.asRecord)
    let own = previews.first { $0["after_step"]?.asText == failure.after }
    let preview = try #require(own)
    #expect(preview["residue"]?.asList?.isEmpty == true)
    let planned = (preview["tape"]?.asList ?? []).compactMap(\.asRecord).map { entry in
      UndoneStep(
        name: entry["step"]?.asText ?? "", actions: (entry["actions"]?.asList ?? []).compactMap(\.asText))
    }
    #expect(!planned.isEmpty)
    // Rounds that are undone side by side have no order among each other.
    #expect(UndoneStep.byRound(planned) == UndoneStep.byRound(live.undone))
    try await served.stop()
  }
}

struct UndoneStep: Hashable {
  let name: String
  let actions: [String]

  static func byRound(_ steps: [UndoneStep]) -> [String: [UndoneStep]] {
    Dictionary(grouping: steps) { $0.name.contains("]") ? String($0.name.prefix { $0 != "]" }) : "" }
  }
}

/// A live run in the words of a plan.
struct LiveSteps {
  let report: RunReport
  private let origins: Origins

  /// `after` is the inventory of the served world.
  init(_ records: [(Instant, JournalRecord)], _ recipe: ShippedRecipe, after: Value) {
    report = RunReport(records)
    let created = records.first?.1 ?? .finished(.running)
    // The mark on what a step makes begins with the run's id.
    let mark = report.steps.lazy.compactMap { LiveSteps.mark(.record($0.arguments)) }.first
    var ids: Set<String> = []
    LiveSteps.collect(after, into: &ids)
    let old = recipe.cloud.inventory(account: ShippedRecipe.account).map(\.id)
    var origins = Origins(
      mark: RunID(mark ?? "-"), created: created, old: old, new: ids.subtracting(old), isReal: true)
    for (_, record) in records { origins.note(record) }
    self.origins = origins
  }

  func name(_ address: StepAddress) -> String { origins.name(of: address) }

  func parameters(_ step: RunReport.Step) -> Record {
    Record(step.arguments.map { ($0.key, origins.planned($0.value, in: step.address).document) })
  }

  var undone: [UndoneStep] {
    report.undoOrder.compactMap { address in
      let actions = report.step(address)?.undoneBy.map(\.description) ?? []
      return actions.isEmpty ? nil : UndoneStep(name: name(address), actions: actions)
    }
  }

  private static func mark(_ value: Value) -> String? {
    switch value {
    case .text(let text): text.hasPrefix("r-") ? text.split(separator: "/").first.map(String.init) : nil
    case .list(let elements): elements.lazy.compactMap { mark($0) }.first
    case .record(let record): record.lazy.compactMap { mark($0.value) }.first
    case .null, .bool, .int, .float, .duration, .quantity, .cidr, .secret: nil
    }
  }

  private static func collect(_ value: Value, into ids: inout Set<String>) {
    switch value {
    case .text(let text): ids.insert(text)
    case .list(let elements): for element in elements { collect(element, into: &ids) }
    case .record(let record): for member in record { collect(member.value, into: &ids) }
    case .null, .bool, .int, .float, .duration, .quantity, .cidr, .secret: return
    }
  }
}
