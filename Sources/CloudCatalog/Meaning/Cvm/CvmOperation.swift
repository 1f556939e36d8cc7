import Values

/// What calls on instances have in common: how instances are read, and how it is known that an operation has begun and
/// ended.
enum CvmOperation {
  /// The instances that a call names.
  static let named = read(.argument("InstanceIds"))
  /// The one instance that a call names.
  static let one = read(.list([.argument("InstanceId")]))

  static func read(_ ids: Template) -> Read {
    Read("cvm.DescribeInstances", [("InstanceIds", ids), ("Limit", .constant(100))])
  }

  private static let byID: [(String, Template)] = [("InstanceIds", .ids), ("Limit", .constant(100))]

  /// Until the instances are in one of some states, or the operation that was to bring them there has failed.
  static func reaches(
    _ states: [Value], _ ids: Template = .argument("InstanceIds"), failed: [Value] = [],
    absent: Poll.Absence = .running, expected: Duration
  ) -> Completion {
    .poll(
      Poll(
        action: "cvm.DescribeInstances", ids: ids, idsPerCall: 100, arguments: byID, rows: "InstanceSet[]",
        rowID: "InstanceId", status: "InstanceState", done: states, failed: failed, absent: absent,
        detail: "LatestOperationErrorMsg", origin: (path: "LatestOperationRequestId", equals: .requestID),
        failure: (path: "LatestOperationState", values: ["FAILED"]), expected: expected))
  }

  /// Until the instances' latest operation has ended. A success of an operation before this one does not count.
  static func ends(_ ids: Template = .argument("InstanceIds"), expected: Duration) -> Completion {
    .poll(
      Poll(
        action: "cvm.DescribeInstances", ids: ids, idsPerCall: 100, arguments: byID, rows: "InstanceSet[]",
        rowID: "InstanceId", status: "LatestOperationState", done: ["SUCCESS"], failed: ["FAILED"],
        detail: "LatestOperationErrorMsg", origin: (path: "LatestOperationRequestId", equals: .requestID),
        expected: expected))
  }

  /// Until an instance is in or out of rescue mode, which only this read tells.
  static func rescue(_ states: [Value]) -> Completion {
    .poll(
      Poll(
        action: "cvm.DescribeInstancesStatus", ids: .list([.argument("InstanceId")]), idsPerCall: 100, arguments: byID,
        rows: "InstanceStatusSet[]", rowID: "InstanceId", status: "InstanceState", done: states,
        expected: .seconds(30)))
  }

  /// A lost call took effect if the instances' latest operation is one of its kind that was not there before.
  static func begun(
    _ action: String, _ read: Read = named, count: Probe.Count = .elements("InstanceIds")
  ) -> LostRule {
    .probe(
      Probe(
        read: read, rows: "InstanceSet[]", match: [(path: "LatestOperation", equals: .constant(.text(action)))],
        newSince: (before: read, id: "LatestOperationRequestId"), count: count, adopt: []))
  }

  /// Ids of the instances of an answer whose member has one of some values.
  static func ids(_ rows: Template, where member: ValuePath, isOneOf values: [Value]) -> Template {
    .selecting("InstanceId", from: rows, where: member, isOneOf: .constant(.list(values)))
  }

  /// The instances of the before-image in groups that had the same value: what is put back is put back for a group.
  static func alike(in member: ValuePath) -> Template { .grouping(.before("InstanceSet[]"), by: [.row(member)]) }

  /// The ids of a group.
  static let group = Template.row("rows[].InstanceId")

  static let waitsByKind = "the book names kinds of operation only by example; that they are action names is assumed"
}
