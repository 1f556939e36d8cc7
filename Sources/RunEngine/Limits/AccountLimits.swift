import CloudCatalog

/// How many calls of an action a second an account may make, where that differs from the books.
package struct AccountLimits: Hashable, Sendable {
  package var rates: [ActionID: Int]

  package init(rates: [ActionID: Int] = [:]) { self.rates = rates }

  /// Calls a second, for each region.
  package func rate(of action: ActionID) -> Int { rates[action] ?? Catalog.action(action)?.rate ?? 1 }
}
