/// Where the windows of limits are kept that several processes share. A window is a text that only ``SlidingWindow``
/// reads.
package protocol LimitStore: Sendable {
  /// Hands out the windows of these names that there are, and keeps what comes back; no other process comes between.
  func exchange(_ names: [String], _ body: ([String: String]) -> [String: String]) throws(JournalProblem)
}
