import Values

/// What an action does to the world.
package enum Effect: String, Sendable {
  case read, create, delete, attach, detach, modify, power, rebuild, move, mode, purchase, export
}

/// What the books do not say in a table: how an action is undone, awaited, and found again when its answer is lost.
/// Hand-written, one entry an action, under `Meaning/`. A class, because all calls of an action share it.
package final class ActionMeaning: Sendable {
  package let effect: Effect
  /// What it makes or changes, such as `Vpc`; for messages and inventories.
  package let resource: String?
  /// Where the ids of what it made stand in the answer.
  package let identity: ValuePath?
  package let undo: UndoRule
  package let completion: Completion
  package let lost: LostRule
  /// Refusals that tell, when a call is sent again after its answer was lost, that the first one did take effect.
  package let takenCodes: [String]
  /// Refusals that tell that what was to be deleted or detached is not there, beyond ``ErrorKind/gone``.
  package let goneCodes: [String]
  /// Parameters that carry secrets.
  package let secrets: [String]
  /// Where secrets stand in the answer.
  package let secretResults: [ValuePath]
  /// The parameter that makes a repeated call harmless (CVM's ClientToken), where it works.
  package let clientToken: String?
  /// What the engine gives where the author does not, so that the answer tells what was made.
  package let given: [(name: String, value: Value)]
  /// Where the arguments name what must not be changed by two calls at the same time.
  package let conflicts: [ValuePath]
  /// How calls that would collide may leave as one; nil when they cannot.
  package let merge: Merge?
  package let cascades: [Cascade]
  package let budget: Budget?
  /// What the undo depends on, in one sentence.
  package let condition: String?
  /// What the books leave open or say two ways, with the page, and what is assumed here.
  package let doubt: String?
  /// Where a parameter takes tags, and in which shape: the run's mark goes there.
  package let mark: Mark?
  /// A list in the answer that names what was not done although the call succeeded.
  package let partialFailure: ValuePath?
  /// Where in a before-image its undo and its wait read something.
  let beforePaths: ValuePaths

  init(
    effect: Effect, resource: String? = nil, identity: ValuePath? = nil, undo: UndoRule, completion: Completion,
    lost: LostRule, takenCodes: [String] = [], goneCodes: [String] = [], secrets: [String] = [],
    secretResults: [ValuePath] = [], clientToken: String? = nil, given: [(name: String, value: Value)] = [],
    conflicts: [ValuePath] = [], merge: Merge? = nil, cascades: [Cascade] = [], budget: Budget? = nil,
    condition: String? = nil, doubt: String? = nil, mark: Mark? = nil, partialFailure: ValuePath? = nil
  ) {
    self.effect = effect
    self.resource = resource
    self.identity = identity
    self.undo = undo
    self.completion = completion
    self.lost = lost
    self.takenCodes = takenCodes
    self.goneCodes = goneCodes
    self.secrets = secrets
    self.secretResults = secretResults
    self.clientToken = clientToken
    self.given = given
    self.conflicts = conflicts
    self.merge = merge
    self.cascades = cascades
    self.budget = budget
    self.condition = condition
    self.doubt = doubt
    self.mark = mark
    self.partialFailure = partialFailure
    beforePaths = ActionMeaning.beforePaths(undo, completion)
  }

  /// An answer with its secrets hidden; `step` names them.
  package func concealing(_ result: Record, step: String) -> Record {
    var value = Value.record(result)
    for path in secretResults {
      value = path.replacing(in: value) { found in
        found.asText.map { .secret(Secret(name: "\(step).\(path)", text: $0)) } ?? found
      }
    }
    return value.asRecord ?? result
  }

  /// Whether a refusal says that there is nothing left to do.
  package func saysGone(_ error: CloudError) -> Bool { error.kind == .gone || goneCodes.contains(error.code) }

  /// How to wait until the work that the call began has ended; nil when it answers at its end.
  package var wait: Poll? {
    switch completion {
    case .immediate: nil
    case .poll(let poll): poll
    }
  }

  package static let read = ActionMeaning(
    effect: .read, undo: .nothing("a read changes nothing"), completion: .immediate, lost: .resend)
}

/// When the work of a call has ended.
package enum Completion: Sendable {
  /// With its answer.
  case immediate
  case poll(Poll)
}

/// How calls that differ in the elements of one list only are made as one call. What it answers is true of each.
package struct Merge: Sendable {
  /// The parameter that holds the list.
  package let list: String
  /// How many elements a call takes.
  package let limit: Int
  /// Where an element names what ``ActionMeaning/partialFailure`` lists; nil when the action has none.
  package let failedBy: ValuePath?
  package init(_ list: String, limit: Int, failedBy: ValuePath? = nil) {
    self.list = list
    self.limit = limit
    self.failedBy = failedBy
  }
}

/// What a call does to other resources without being told.
package struct Cascade: Sendable {
  /// Such as `Address`
  package let resource: String
  /// Such as `destroyed`, `detached`
  package let effect: String
  /// When, in words; nil for always.
  package let condition: String?
  package init(_ resource: String, _ effect: String, when condition: String? = nil) {
    self.resource = resource
    self.effect = effect
    self.condition = condition
  }
}

/// How a mutating call is undone.
package enum UndoRule: Sendable {
  case inverse(Inverse)
  /// There is nothing to undo, with the reason.
  case nothing(String)
  /// It cannot be undone, with the reason: a runbook must say `irreversible "…"`, `keep "…"` or `undo { … }`.
  case impossible(String)
}

package struct Inverse: Sendable {
  package enum Quality: String, Sendable {
    case exact, restore, recreate
    case bestEffort = "best effort"
    case callerState = "caller state"
  }
  package var quality: Quality
  /// Made one after the other, in this order.
  package var calls: [UndoCall]
  /// Read before the forward call; `.before` in a template is its answer.
  package var beforeImage: Read?
  /// Read when the undo begins; `.found` in a template is its answer.
  package var lookup: Read?
  /// Parameters whose change it does not take back: a call that gives one needs an undo of its own.
  package var leaves: [String]

  package init(
    _ quality: Quality, _ calls: [UndoCall], beforeImage: Read? = nil, lookup: Read? = nil, leaves: [String] = []
  ) {
    self.quality = quality
    self.calls = calls
    self.beforeImage = beforeImage
    self.lookup = lookup
    self.leaves = leaves
  }
}

/// A call with arguments still to be filled in. An argument whose template comes out nil or null is left out.
package struct Read: Sendable {
  package let action: ActionID
  package let arguments: [(name: String, value: Template)]

  package init(_ action: ActionID, _ arguments: [(String, Template)]) {
    self.action = action
    self.arguments = arguments.map { (name: $0.0, value: $0.1) }
  }

  package func filled(_ context: TemplateContext) -> Record {
    var filled = Record(capacity: arguments.count)
    for (name, template) in arguments {
      if let value = template.filled(context), !value.isNull { filled[name] = value }
    }
    return filled
  }
}

/// A value to be made from a call and what is known about it.
package indirect enum Template: Sendable {
  case constant(Value)
  /// From the arguments of the forward call.
  case argument(ValuePath)
  /// From its answer.
  case result(ValuePath)
  /// The RequestId of its answer.
  case requestID
  /// From the answer of the before-image read.
  case before(ValuePath)
  /// From the answer of the lookup made when the undo begins.
  case found(ValuePath)
  /// The ids that a poll asks for; see ``Poll``.
  case ids
  /// The mark of the step; see ``Mark``.
  case mark
  case list([Template])
  case record([(String, Template)])
  /// The elements of the first that are not in the second, compared by one member when it is named.
  case subtracting(Template, Template, by: String?)
  /// The rows of a list whose member is one of the given values.
  case rows(Template, where: ValuePath, isOneOf: Template)
  /// Of those rows, another member.
  case selecting(ValuePath, from: Template, where: ValuePath, isOneOf: Template)
  /// Built row by row, or only in some cases; see ``Derivation``.
  case derived(Derivation)

  /// One filter of a Describe call: `{"Name": name, "Values": values}`.
  package static func filter(_ name: String, _ values: Template) -> Template {
    .record([("Name", .constant(.text(name))), ("Values", values)])
  }

  package func filled(_ context: TemplateContext) -> Value? {
    switch self {
    case .constant(let value): return value
    case .argument(let path): return path.value(in: .record(context.arguments))
    case .result(let path): return path.value(in: context.result)
    case .requestID: return context.requestID.map(Value.text)
    case .before(let path): return path.value(in: context.before)
    case .found(let path): return path.value(in: context.found)
    case .ids: return .list(context.ids)
    case .mark: return .text(context.mark)
    case .list(let elements): return .list(elements.compactMap { $0.filled(context) })
    case .record(let members):
      return .record(Record(members.compactMap { member in member.1.filled(context).map { (member.0, $0) } }))
    case .subtracting(let all, let gone, let member):
      return Template.subtract(all.filled(context)?.asList ?? [], gone.filled(context)?.asList ?? [], by: member)
    case .rows(let rows, let member, let values):
      return .list(Template.choose(rows, member, values, context))
    case .selecting(let wanted, let rows, let member, let values):
      return .list(Template.choose(rows, member, values, context).compactMap { wanted.value(in: $0) })
    case .derived(let derivation): return derivation.filled(context)
    }
  }

  private static func choose(
    _ rows: Template, _ member: ValuePath, _ values: Template, _ context: TemplateContext
  ) -> [Value] {
    let accepted = values.filled(context)?.asList ?? []
    return (rows.filled(context)?.asList ?? []).filter { row in member.value(in: row).map(accepted.contains) ?? false }
  }

  private static func subtract(_ all: [Value], _ gone: [Value], by member: String?) -> Value {
    .list(
      all.filter { element in
        let key = member.map { element.asRecord?[$0] ?? .null } ?? element
        return !gone.contains(key)
      })
  }
}

/// What to do when the answer of a call was lost: did it take effect?
package enum LostRule: Sendable {
  /// Sending it again is harmless.
  case resend
  case probe(Probe)
  /// Nothing can tell, with the reason: the run stops and asks.
  case ask(String)
}

/// A read that finds out whether a lost call took effect, and what it made.
package struct Probe: Sendable {
  package var read: Read
  package var rows: ValuePath
  /// When set, the rows are the elements of this member of each row, and inherit the row's other members.
  package var nested: String?
  /// A row is ours when each of these members equals its template, or one of its elements when that is a list. A
  /// template that comes out as nothing is passed over.
  package var match: [(path: ValuePath, equals: Template)] = []
  /// When set, a row is ours only if it was not in the answer of this read made before the call: compared by this
  /// member.
  package var newSince: (before: Read, id: ValuePath)?
  /// When set, the call took effect if every one of these has a row with equal members.
  package var covers: (expected: Template, members: [String])?
  package enum Count: Sendable {
    case one
    /// An argument says it; 1 when it was not given.
    case number(ValuePath)
    /// The sum of numbers among the arguments.
    case sum(ValuePath)
    /// One for each element of an argument.
    case elements(ValuePath)
  }
  /// Whether the call takes away: then it took effect when none of what ``covers`` expects is there.
  package var isRemoval = false
  /// How many rows the call makes.
  package var count = Count.one
  /// How long after a call its effect may take to show; nothing seen for so long means that there was none.
  package var settles = Duration.seconds(5)
  /// The answer to adopt, from the rows that are ours: `.found("rows")` and `.found("row")`.
  package var adopt: [(String, Template)]
}

/// Where a call takes tags: `Tags: [{Key, Value}]`, `Tags: [{TagKey, TagValue}]` (load balancers) or
/// `TagSpecification: [{ResourceType, Tags: [{Key, Value}]}]`.
package enum Mark: Sendable {
  case tags(parameter: String)
  case tagInfos(parameter: String)
  case specification(parameter: String, resourceType: String)

  /// The tag key under which a step leaves its mark.
  package static let key = "belay-step"
}
