import Values

/// What many entries of ECM share.
enum Ecm {
  /// Parameters that an undo call takes over from the forward call as they are.
  static func same(_ names: String...) -> [(String, Template)] { names.map { ($0, .argument(ValuePath($0))) } }

  /// The same action again with what was there before.
  static func restore(
    _ action: ActionID, _ arguments: [(String, Template)], when condition: Template? = nil, before: Read,
    _ quality: Inverse.Quality = .restore
  ) -> UndoRule {
    .inverse(Inverse(quality, [UndoCall(action, arguments, when: condition)], beforeImage: before))
  }

  /// All instances: a filter takes five ids, a call may name a hundred.
  static let allInstances = Read("ecm.DescribeInstances", [("Limit", .constant(100))])

  /// Of the instances that were there before, those that the call names.
  static func namedBefore(_ parameter: ValuePath) -> Template {
    .rows(.before("InstanceSet[]"), where: "InstanceId", isOneOf: .argument(parameter))
  }

  static let instancesByID: [(String, Template)] = [
    ("Filters", .list([.filter("instance-id", .ids)])), ("Limit", .constant(100)),
  ]

  static func state(
    of ids: Template, done: [Value], failed: [Value] = [], absent: Poll.Absence = .running, expected: Duration
  ) -> Poll {
    Poll(
      action: "ecm.DescribeInstances", ids: ids, idsPerCall: 5, arguments: instancesByID, rows: "InstanceSet[]",
      rowID: "InstanceId", status: "InstanceState", done: done, failed: failed, absent: absent, expected: expected,
      crowd: [
        Poll(
          action: "ecm.DescribeInstances", ids: ids, idsPerCall: Poll.everything,
          arguments: [("Limit", .constant(100))], rows: "InstanceSet[]", rowID: "InstanceId", status: "InstanceState",
          done: done, failed: failed, absent: absent, expected: expected)
      ])
  }

  /// The instance's own word on its newest operation. ECM gives it no request id.
  static func operation(_ name: String, of ids: Template, expected: Duration) -> Poll {
    Poll(
      action: "ecm.DescribeInstances", ids: ids, idsPerCall: 5, arguments: instancesByID, rows: "InstanceSet[]",
      rowID: "InstanceId", status: "LatestOperationState", done: ["SUCCESS"], failed: ["FAILED"],
      origin: (path: "LatestOperation", equals: .constant(.text(name))), expected: expected,
      crowd: [
        Poll(
          action: "ecm.DescribeInstances", ids: ids, idsPerCall: Poll.everything,
          arguments: [("Limit", .constant(100))], rows: "InstanceSet[]", rowID: "InstanceId",
          status: "LatestOperationState", done: ["SUCCESS"], failed: ["FAILED"],
          origin: (path: "LatestOperation", equals: .constant(.text(name))), expected: expected)
      ])
  }

  static let operationDoubt =
    "the values of LatestOperationState are not listed for ECM; SUCCESS stands in an example of the page of "
    + "DescribeInstances, FAILED is taken from CVM"

  static let boolAsCapitals: [(Value, Value)] = [(true, "TRUE"), (false, "FALSE")]
  static let boolAsText: [(Value, Value)] = [(true, "true"), (false, "false")]
  static let numberAsBool: [(Value, Value)] = [(0, false), (1, true)]
}
