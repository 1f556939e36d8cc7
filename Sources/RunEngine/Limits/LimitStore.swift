/// Where the windows of limits and the days of budgets are kept that several processes share: texts that only
/// ``SlidingWindow`` and ``BudgetLedger`` read.
package protocol LimitStore: Sendable {
  /// Hands out the windows of these names that there are, and keeps what comes back; no other process comes between.
  func exchange(_ names: [String], _ body: ([String: String]) -> [String: String]) throws(JournalProblem)
}
