import Values

/// What a read is good for, beyond its facts: which resource its rows are, and how it is asked for some of them.
package struct ReadMeaning: Sendable {
  /// The kind of its rows, as ``ActionMeaning/resource`` names it.
  package var resource: String
  /// Where the rows stand in the answer; nil when it answers one thing.
  package var rows: ValuePath?
  /// The member that tells one row from another.
  package var id: String?
  package var paging: Paging?
  package var filters: FilterRule?
  /// The parameter that takes ids, and how many; nil for a maximum that is not documented.
  package var idList: (parameter: String, maximum: Int?)?
  /// What the books leave open or say two ways, with the page.
  package var doubt: String?
}

/// A window over the rows.
package struct Paging: Sendable {
  package var offset = "Offset"
  package var limit = "Limit"
  /// Nil where nothing is documented.
  package var defaultLimit: Int? = 20
  package var maximumLimit: Int? = 100
  /// Whether both are written as texts.
  package var areStrings = false
}

/// Which filters a read knows. Several filters must all hold; of the values of one, any.
package struct FilterRule: Sendable {
  package var names: [String]
  /// What a name may begin with when its rest is the author's, such as `tag:`.
  package var prefixes: [String] = []
  /// Nil where nothing is documented.
  package var maximumFilters: Int?
  package var maximumValues: Int?
  /// At least one of these must be given; empty when none has to be.
  package var required: [String] = []

  package func accepts(_ name: String) -> Bool {
    names.contains(name) || prefixes.contains { name.hasPrefix($0) && name.utf8.count > $0.utf8.count }
  }
}

extension Catalog {
  /// What a read is good for; nil for an action that changes something, or that is not there.
  package static func readMeaning(_ id: ActionID) -> ReadMeaning? {
    switch id.service {
    case "ecm": ecmReadMeaning(of: id.name)
    case "cvm": cvmReadMeaning(of: id.name)
    default: nil
    }
  }
}
