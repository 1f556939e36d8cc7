import Values

/// One call of an inverse.
package struct UndoCall: Sendable {
  package let call: Read
  /// The call is made only when this comes out as something: not nil, not null, not an empty list or text.
  package let condition: Template?
  /// When set, the call is made once for each of these, which its templates see as `.row`.
  package let rows: Template?
  /// The common parameter Region, where it is not that of the forward call.
  private let region: Template?
  private var row: Value?

  package init(
    _ action: ActionID, _ arguments: [(String, Template)], when condition: Template? = nil,
    forEach rows: Template? = nil, region: Template? = nil
  ) {
    call = Read(action, arguments)
    self.condition = condition
    self.rows = rows
    self.region = region
  }

  /// All that it is filled from.
  var templates: [Template] { call.arguments.map(\.value) + [condition, rows, region].compactMap { $0 } }

  /// One call for each row; nil when it is a single call.
  package func unfolded(_ context: TemplateContext) -> [UndoCall]? {
    guard let rows, row == nil else { return nil }
    return (rows.filled(context)?.asList ?? []).map { row in
      var one = self
      one.row = row
      return one
    }
  }

  private func within(_ context: TemplateContext) -> TemplateContext {
    guard let row else { return context }
    var context = context
    context.row = row
    return context
  }

  package func filled(_ context: TemplateContext) -> Record { call.filled(within(context)) }

  package func region(_ context: TemplateContext) -> String? { region?.filled(within(context))?.asText }

  package func applies(_ context: TemplateContext) -> Bool { condition?.isSomething(within(context)) ?? true }
}
