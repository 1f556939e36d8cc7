import Values

/// What templates are filled from.
package struct TemplateContext: Sendable {
  package var arguments = Record()
  package var result = Value.null
  package var requestID: String?
  package var before = Value.null
  package var found = Value.null
  /// The row that a call or an element is made for.
  package var row = Value.null
  /// The answer of the undo call before.
  package var made = Value.null
  package var ids: [Value] = []
  package var mark = ""
  package init() {}
}

/// How to wait until asynchronous work has ended. A class, because all that wait on an action's work share its rule.
package final class Poll: Sendable {
  package enum Absence: Sendable { case running, done, failed }
  package typealias Origin = (path: ValuePath, equals: Template)
  package typealias Failure = (path: ValuePath, values: [Value])

  package let action: ActionID
  /// A list of ids, or one id, known from the call. Nil when the answer was lost: then `fallback` is used.
  package let ids: Template
  /// How many ids one call takes (a filter takes 5 values); ``everything`` when it asks for no ids at all.
  package let idsPerCall: Int
  package static let everything = Int.max
  /// The common parameter Region, where it is not that of the call.
  package let region: Template?
  package let arguments: [(String, Template)]
  /// Where the rows stand in the answer; nil when the answer itself is the one row.
  package let rows: ValuePath?
  /// Within a row; nil when there is one row.
  package let rowID: ValuePath?
  /// Within a row; nil when being there is enough.
  package let status: ValuePath?
  package let done: [Value]
  package let failed: [Value]
  /// What it means that an id has no row.
  package let absent: Absence
  /// Within a row: why it failed, in the cloud's words.
  package let detail: ValuePath?
  /// Within a row: which call it speaks of. What a row says of another call counts for nothing at first, since the
  /// call's own operation may not have begun; after ``originPatience`` that other came later, and ours is over.
  package let origin: Origin?
  package static let originPatience = Duration.seconds(10)
  /// Within a row: what tells, besides its status, that the work failed.
  package let failure: Failure?
  /// For forecasts, and to choose when to look.
  package let expected: Duration
  /// Used when `ids` comes out as nothing. One or none.
  package let fallback: [Poll]
  /// How to ask after many at once, when that takes fewer calls: what it says of an end is as good as the poll itself;
  /// where it says nothing, the poll decides. One or none.
  package let crowd: [Poll]

  package init(
    action: ActionID, ids: Template, idsPerCall: Int = 1, region: Template? = nil, arguments: [(String, Template)],
    rows: ValuePath? = nil, rowID: ValuePath? = nil, status: ValuePath? = nil, done: [Value] = [],
    failed: [Value] = [], absent: Absence = .running, detail: ValuePath? = nil, origin: Origin? = nil,
    failure: Failure? = nil, expected: Duration, fallback: [Poll] = [], crowd: [Poll] = []
  ) {
    self.action = action
    self.ids = ids
    self.idsPerCall = idsPerCall
    self.region = region
    self.arguments = arguments
    self.rows = rows
    self.rowID = rowID
    self.status = status
    self.done = done
    self.failed = failed
    self.absent = absent
    self.detail = detail
    self.origin = origin
    self.failure = failure
    self.expected = expected
    self.fallback = fallback
    self.crowd = crowd
  }

  package func call(_ context: TemplateContext) -> Record { Read(action, arguments).filled(context) }
}
