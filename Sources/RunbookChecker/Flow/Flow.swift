import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

/// Goes through a runbook as a run would, statement after statement and into its recipes, and keeps in mind where each
/// resource may be: what is gone, what is still on its way, what is bound, and whose work nobody has waited for. What
/// the checker could not find out is taken for unknown, and of that nothing is said.
struct Flow {
  let calls: [Int: CheckedCall]
  let waits: [Int: CheckedWait]
  let invocations: [Int: RoutineID]
  let routines: [CheckedRoutine]

  var known = KnownTable()
  var values: [String: Known] = [:]
  /// Nil where no way leads.
  var now: Situations? = Situations()
  private(set) var diagnostics: [Diagnostic] = []
  private var reported: Set<Place> = []
  private var visits = 0
  /// What the calls named or made, by their visits.
  var touched: [Int: [Known]] = [:]
  var works: [Int: Work] = [:]
  /// Whether this is a second round of a loop, where only what is certain is said.
  var isRepeat = false
  /// The loops that the way is in, and how many of them, and of blocks, run side by side.
  var rounds: [Rounds] = []
  private var parallelDepth = 0
  /// The invocations of the recipes that the way goes through.
  private var trail: [Span] = []
  /// So many statements are gone through; recipes that invoke recipes could make them any number.
  private var fuel = 200_000
  private let inputs: [String: Known]

  private struct Place: Hashable {
    let code: DiagnosticCode
    let span: Span
  }

  init(_ checker: Checker) {
    (calls, waits, invocations, routines) = (checker.calls, checker.waits, checker.invocations, checker.routines)
    var inputs: [String: Known] = [:]
    for input in checker.inputs { inputs[input.name] = known.make(.parameter(input.declaration.name)) }
    self.inputs = inputs
  }

  /// The problems of the runbook and of its recipes.
  static func problems(of checker: Checker) -> [Diagnostic] {
    var flow = Flow(checker)
    let tree = checker.tree
    flow.values = flow.inputs
    _ = flow.follow(tree.body)
    flow.reportOpen()
    let invoked = Set(checker.invocations.values.map(\.index))
    for (place, routine) in checker.routines.enumerated() where routine.routine.kind == .recipe {
      flow.followAlone(routine)
      // Whoever invokes it may wait in his own way.
      if !invoked.contains(place) { flow.reportOpen() }
    }
    return flow.diagnostics
  }

  /// A recipe by itself, with parameters of which nothing is known.
  private mutating func followAlone(_ routine: CheckedRoutine) {
    (now, values) = (Situations(), inputs)
    for parameter in routine.routine.parameters { values[parameter.name.text] = known.make(.parameter(parameter.name)) }
    _ = follow(routine.routine.body)
  }

  /// Elements of lists of which something is known beside what is known of the list.
  private(set) var children: [Known: Set<Known>] = [:]

  /// All of the resource is there; what was known of its elements is no more.
  mutating func put(_ resource: Known, _ situations: [Situation]) {
    for child in children[resource] ?? [] { now?.forget(child) }
    now?.put(resource, situations)
    noteParents(of: resource)
  }

  mutating func noteParents(of resource: Known) {
    guard let list = known.container(of: resource) else { return }
    for (part, _) in known.resources(in: list) where part != resource { children[part, default: []].insert(resource) }
  }

  mutating func newVisit() -> Int {
    visits += 1
    return visits
  }

  /// Says a problem once, however many ways lead to it.
  mutating func report(_ diagnostic: Diagnostic) {
    guard reported.insert(Place(code: diagnostic.code, span: diagnostic.span)).inserted else { return }
    guard let invocation = trail.last else { return diagnostics.append(diagnostic) }
    diagnostics.append(diagnostic.noting(DiagnosticNote("on the way from here", invocation)))
  }

  /// Work that nobody waits for, when that is over that might have.
  private mutating func reportOpen() {
    for work in takeOpen() { report(.unawaited(work)) }
  }

  /// Where everything that was done is taken for good.
  private mutating func commit(_ span: Span) {
    let final = now?.open.filter { $0.value.isIrreversible } ?? [:]
    for work in takeOpen() where !work.isIrreversible { report(.committedUnawaited(work, span)) }
    now?.open = final
  }

  /// In the order of the calls.
  private mutating func takeOpen() -> [Work] {
    let open = now?.open.sorted { $0.key < $1.key }.map(\.value) ?? []
    now?.open = [:]
    return open.filter { !$0.isOfNoConcern }
  }

  // MARK: Statements

  /// Returns what the block gives.
  @discardableResult
  mutating func follow(_ block: Block) -> Known? {
    var given: Known?
    var neighbours = Neighbours()
    defer { if let advice = neighbours.advice { report(advice) } }
    for (place, statement) in block.statements.enumerated() {
      guard fuel > 0 else { return nil }
      fuel -= 1
      guard now != nil else {
        if place > 0 { report(.unreachable(statement.span)) }
        return nil
      }
      rounds.append(Rounds(since: visits, isStatement: true))
      if case .give(let value) = statement.kind { given = self.value(value) } else { follow(statement) }
      let own = rounds.removeLast()
      if let advice = neighbours.note(statement, gains: own.gainFromNeighbours && parallelDepth == 0 && now != nil) {
        report(advice)
      }
    }
    return given
  }

  private mutating func follow(_ statement: Statement) {
    switch statement.kind {
    case .binding(let name, let value): values[name.text] = follow(value, name: name)
    case .effect(let value): _ = follow(value, name: nil)
    case .when(let when): follow(when)
    case .match(let match): follow(match)
    case .parallel(let block): followSideBySide(block)
    case .commit: commit(statement.span)
    case .fail:
      noteOrdered()
      now = nil
    case .notify, .output, .assert: noteOrdered()
    case .give, .missing: break
    }
  }

  private mutating func follow(_ effect: Effectful, name: Name?) -> Known {
    switch effect {
    case .pure(let expression): return follow(expression)
    case .call(let call): return follow(call, name: name)
    case .wait(let wait): return follow(wait)
    case .loop(let loop): return follow(loop)
    case .attempt(let attempt): return follow(attempt)
    case .timeout(let timeout): return follow(timeout.body) ?? known.opaque()
    case .approve(let approve):
      noteShared()
      return follow(approve.body) ?? known.opaque()
    }
  }

  private mutating func follow(_ when: If) {
    let before = now
    follow(when.then)
    let after = now
    now = before
    switch when.otherwise {
    case .block(let block)?: follow(block)
    case .when(let next)?: follow(next)
    case nil: break
    }
    now = join(after, now)
  }

  private mutating func follow(_ match: Match) {
    let before = now
    var after = match.cases.contains { $0.pattern == nil } ? nil : before
    for item in match.cases {
      now = before
      follow(item.body)
      after = join(after, now)
    }
    now = after
  }

  private func join(_ first: Situations?, _ second: Situations?) -> Situations? {
    guard let first, let second else { return first ?? second }
    return first.joined(with: second)
  }

  private mutating func followSideBySide(_ block: Block) {
    guard let before = now else { return }
    parallelDepth += 1
    defer { parallelDepth -= 1 }
    var branches: [Situations] = []
    for statement in block.statements {
      now = before
      follow(statement)
      if let now { branches.append(now) }
    }
    now = branches.count < block.statements.count ? nil : before.together(branches)
  }

  /// Whatever the attempt did is undone before its rescue, but what is gone stays gone. With `keep` it may have come to
  /// any place.
  private mutating func follow(_ attempt: Attempt) -> Known {
    let before = now
    var results = [follow(attempt.body)]
    let after = now
    if let rescue = attempt.rescue {
      now = before
      if let before, let after {
        now = rescue.keepsWork ? before.joined(with: after) : before.keepingGone(of: after)
      }
      results.append(follow(rescue.body))
      now = join(after, now)
    }
    if let always = attempt.always { follow(always) }
    return known.make(.either(results.compactMap { $0 }))
  }

  // MARK: Loops

  /// Two rounds tell everything: what the first leaves behind, the second meets.
  private mutating func follow(_ loop: Loop) -> Known {
    guard let before = now else { return known.opaque() }
    if loop.isParallel { parallelDepth += 1 }
    defer { if loop.isParallel { parallelDepth -= 1 } }
    rounds.append(Rounds(since: visits))
    defer { rounds.removeLast() }
    var given: Known?
    let wasRepeat = isRepeat
    for round in 0..<(wasRepeat || loop.hasOneRound ? 1 : 2) {
      guard now != nil else { break }
      isRepeat = wasRepeat || round > 0
      let visit = newVisit()
      bind(loop.pattern, loop.sequence, visit: visit)
      given = follow(loop.body)
      if round == 0, !wasRepeat, !loop.hasOneRound { forgetElements(of: visit) } else { lift(visit) }
    }
    isRepeat = wasRepeat
    if rounds[rounds.count - 1].gainFromCompany, parallelDepth == 0, !loop.hasOneRound {
      report(.couldBeParallel(loop.span))
    }
    guard var after = now else {
      now = before
      return known.opaque()
    }
    // An empty list has no rounds; of what the rounds alone know nothing else is known.
    for (resource, situations) in before.joined(with: after).byResource where before.byResource[resource] != nil {
      if !lifted.contains(resource) { after.put(resource, situations) }
    }
    lifted = []
    now = after
    return known.make(.rounds(given ?? known.opaque()))
  }

  /// What was done to the element of every round was done to the list.
  private mutating func lift(_ visit: Int) {
    guard let after = now else { return }
    forgetElements(of: visit)
    for (resource, situations) in after.byResource where isElement(resource, of: visit) {
      guard let list = known.container(of: resource) else { continue }
      for (part, isWhole) in known.resources(in: list) where isWhole {
        put(part, situations)
        lifted.insert(part)
      }
    }
  }

  /// The next round has another element.
  private mutating func forgetElements(of visit: Int) {
    for resource in (now?.byResource ?? [:]).keys where isElement(resource, of: visit) { now?.forget(resource) }
  }

  private func isElement(_ value: Known, of visit: Int) -> Bool {
    switch known[value] {
    case .element(_, let own): return own == visit
    case .member(let base, _): if case .element(_, visit) = known[base] { return true } else { return false }
    case .opaque, .parameter, .answer, .constant, .item, .some, .each, .list, .joined, .rounds, .record, .either:
      return false
    }
  }

  /// Lists whose elements all went through the rounds.
  private var lifted: Set<Known> = []

  // MARK: Recipes

  private mutating func follow(_ expression: Expression) -> Known {
    guard case .function(let invocation) = expression.kind, let id = invocations[expression.id.index],
      routines[id.index].routine.kind == .recipe
    else { return value(expression) }
    let routine = routines[id.index].routine
    var inside = routine.span.source == expression.span.source ? inputs : [:]
    for (place, parameter) in routine.parameters.enumerated() {
      let given =
        invocation.arguments.first { $0.name?.text == parameter.name.text }
        ?? (invocation.arguments.indices.contains(place) && invocation.arguments[place].name == nil
          ? invocation.arguments[place] : nil)
      inside[parameter.name.text] = given.map { value($0.value) } ?? known.opaque()
    }
    let outside = values
    values = inside
    trail.append(expression.span)
    let given = follow(routine.body)
    trail.removeLast()
    values = outside
    return given ?? known.opaque()
  }
}

extension Loop {
  /// At most.
  fileprivate var hasOneRound: Bool {
    if case .list(let elements) = sequence.kind { elements.count < 2 } else { false }
  }
}

extension Situations {
  /// What is known when all that led to the other was undone.
  fileprivate func keepingGone(of other: Situations) -> Situations {
    var result = self
    for (resource, situations) in other.byResource {
      let gone = situations.filter { if case .gone = $0 { true } else { false } }
      if !gone.isEmpty { result.put(resource, (byResource[resource] ?? [.unknown]) + gone) }
    }
    return result
  }
}
