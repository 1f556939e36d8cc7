import CloudCatalog
import Testing
import Values

/// Every action of the ECM book means something, and all of it is in the facts.
@Suite struct EcmMeaningTests {
  static let actions = (Catalog.service("ecm")?.actionNames ?? []).map { ActionID("ecm", $0) }
  static let mutating = actions.filter { Catalog.meaning($0)?.effect != .read }
  static let reads = actions.filter { Catalog.meaning($0)?.effect == .read }

  @Test func everyActionIsClassified() {
    #expect(Self.actions.count == 124)
    #expect(Self.mutating.count == 86 && Self.reads.count == 38)
    for action in Self.actions { #expect(Catalog.meaning(action) != nil, "\(action)") }
    for read in Self.reads { #expect(read.name.hasPrefix("Describe")) }
  }

  /// An undo or a reason, a resource, a sensible wait.
  @Test(arguments: mutating) func everyMutatingActionIsWhole(_ action: ActionID) throws {
    let meaning = try #require(Catalog.meaning(action))
    #expect(meaning.resource?.isEmpty == false)
    switch meaning.undo {
    case .inverse(let inverse): #expect(!inverse.calls.isEmpty)
    case .nothing(let reason), .impossible(let reason): #expect(reason.count > 10)
    }
    if case .ask(let reason) = meaning.lost { #expect(reason.count > 10) }
    for poll in [meaning.wait].compactMap({ $0 }).flatMap({ [$0] + $0.fallback }) {
      #expect(poll.expected > .zero && poll.expected <= .minutes(30))
    }
    let problems = try #require(MeaningAudit(action)).problems
    #expect(problems == [])
  }

  @Test(arguments: mutating) func sayingsAreInTheFacts(_ action: ActionID) throws {
    let meaning = try #require(Catalog.meaning(action))
    let facts = try #require(Catalog.action(action))
    for code in meaning.takenCodes + meaning.goneCodes { #expect(facts.errors.contains(code), "\(code)") }
    for path in meaning.conflicts { #expect(facts.parameter(path.description) != nil, "\(path)") }
    for parameter in facts.parameters
    where parameter.name.contains("Password") || parameter.name.contains("PrivateKey") {
      #expect(meaning.secrets.contains(parameter.name), "\(parameter.name)")
    }
    let hasTags = facts.parameter("Tags") != nil && meaning.effect == .create && action.name != "AllocateAddresses"
    #expect(hasTags ? meaning.mark != nil : true)
  }

  /// What is sent again although it makes something must be refused when it was made.
  @Test func onlyTheHarmlessIsSentAgain() throws {
    let asked = Self.mutating.filter { if case .ask = Catalog.meaning($0)?.lost { true } else { false } }
    #expect(asked == ["ecm.CreateKeyPair"])
    for action in Self.mutating {
      let meaning = try #require(Catalog.meaning(action))
      guard case .resend = meaning.lost else { continue }
      #expect(meaning.effect != .create && meaning.effect != .move, "\(action)")
    }
  }

  @Test func privateKeysAreSecret() {
    #expect(Catalog.meaning("ecm.CreateKeyPair")?.secretResults == ["KeyPair.PrivateKey"])
  }

  @Test func budgets() {
    let limited = Self.mutating.filter { Catalog.meaning($0)?.budget != nil }
    #expect(limited == ["ecm.AllocateAddresses", "ecm.DisassociateAddress"])
  }
}

@Suite struct EcmReadTests {
  @Test(arguments: EcmMeaningTests.reads) func everyReadIsTold(_ action: ActionID) throws {
    let read = try #require(Catalog.readMeaning(action))
    let facts = try #require(Catalog.action(action))
    let service = try #require(Catalog.service("ecm"))
    var row = Shape.members(facts.outputs)
    if let rows = read.rows {
      guard case .list(let element)? = row.following(rows, service) else {
        Issue.record("\(rows) is no list")
        return
      }
      row = element
    }
    if let id = read.id, read.rows != nil { #expect(row.following(ValuePath(id), service) != nil, "\(id)") }
    #expect((read.paging != nil) == (facts.parameter("Offset") != nil))
    #expect((read.filters != nil) == (facts.parameter("Filters") != nil))
    if let paging = read.paging {
      let limit = try #require(facts.parameter(paging.limit))
      #expect((limit.type == .string) == paging.areStrings)
      #expect(limit.constraints.maximum.map { Int($0) } == paging.maximumLimit)
      #expect(limit.constraints.defaultValue.flatMap { Int($0) } == paging.defaultLimit)
    }
    if let list = read.idList {
      let ids = try #require(facts.parameter(list.parameter))
      #expect(ids.constraints.maximumItems == list.maximum)
    }
    if let filters = read.filters {
      #expect(!filters.names.isEmpty)
      #expect(facts.parameter("Filters")?.constraints.maximumItems == filters.maximumFilters)
      #expect(facts.parameter("Filters")?.required == !filters.required.isEmpty)
    }
  }

  @Test func whatChangesSomethingIsNoRead() {
    for action in EcmMeaningTests.mutating { #expect(Catalog.readMeaning(action) == nil) }
  }

  @Test func filterNames() throws {
    let filters = try #require(Catalog.readMeaning("ecm.DescribeInstances")?.filters)
    #expect(filters.accepts("zone") && filters.accepts("tag:city"))
    #expect(!filters.accepts("tag:") && !filters.accepts("colour"))
  }

  /// Filters that the meanings themselves use exist.
  @Test(arguments: EcmMeaningTests.mutating) func ownFiltersExist(_ action: ActionID) throws {
    let meaning = try #require(Catalog.meaning(action))
    for read in meaning.reads {
      let rule = Catalog.readMeaning(read.action)?.filters
      for name in read.filterNames { #expect(rule?.accepts(name) == true, "\(read.action) \(name)") }
    }
  }
}

extension ActionMeaning {
  fileprivate var reads: [Read] {
    var result: [Read] = []
    if case .inverse(let inverse) = undo { result += [inverse.beforeImage, inverse.lookup].compactMap { $0 } }
    if case .probe(let probe) = lost { result += [probe.read] + [probe.newSince?.before].compactMap { $0 } }
    if let wait { result += ([wait] + wait.fallback).map { Read($0.action, $0.arguments) } }
    return result
  }
}

extension Read {
  fileprivate var filterNames: [String] {
    guard case .list(let filters)? = arguments.first(where: { $0.name == "Filters" })?.value else { return [] }
    return filters.compactMap { filter in
      guard case .record(let members) = filter, case .constant(let name)? = members.first?.1 else { return nil }
      return name.asText
    }
  }
}

@Suite struct ResourceStateTests {
  @Test(arguments: ResourceStates.resources) func statesAndCallsExist(_ resource: String) throws {
    let states = try #require(ResourceStates.of(resource))
    let facts = try #require(Catalog.action(states.read))
    let rows = try #require(Catalog.readMeaning(states.read)?.rows)
    let service = try #require(Catalog.service(states.read.service))
    let path = ValuePath("\(rows).\(states.member)")
    #expect(Shape.members(facts.outputs).following(path, service) != nil, "\(path)")
    for transition in states.transitions {
      if let call = transition.by { #expect(Catalog.action(call) != nil, "\(call)") }
      for state in transition.from + [transition.through, transition.to].compactMap({ $0 }) {
        #expect(states.states.contains(state), "\(state)")
      }
    }
    for state in states.settled + states.failed { #expect(states.states.contains(state)) }
    #expect(Set(states.failed).isSubset(of: states.settled))
  }

  @Test func whatIsKnown() {
    #expect(ResourceStates.of("ecm.Nothing") == nil)
    #expect(ResourceStates.of("ecm.Address")?.settled == ["UNBIND", "BIND", "BIND_ENI"])
  }

  /// A wait ends where a resource stays.
  @Test func waitsEndInSettledStates() throws {
    for action in EcmMeaningTests.mutating {
      for poll in [Catalog.meaning(action)?.wait].compactMap({ $0 }).flatMap({ [$0] + $0.fallback }) {
        let shown = ResourceStates.resources.compactMap { ResourceStates.of($0) }
          .first { $0.read == poll.action && poll.status?.description == $0.member }
        guard let shown else { continue }
        // Balancers write their states as numbers.
        let words = (poll.done + poll.failed).map { $0.asText ?? $0.asInt.map(String.init) ?? "" }
        #expect(Set(words).isSubset(of: shown.settled), "\(action)")
      }
    }
  }
}
