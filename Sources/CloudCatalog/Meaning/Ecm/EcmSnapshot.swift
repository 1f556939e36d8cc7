import Values

/// Snapshot APIs of the ECM book. It has no call that makes one.
enum EcmSnapshot {
  /// All of them or none.
  static let deleteSnapshots = ActionMeaning(
    effect: .delete, resource: "Snapshot", undo: .impossible("no call makes a snapshot again"),
    completion: .poll(
      Poll(
        action: "ecm.DescribeSnapshots", ids: .argument("SnapshotIds"), idsPerCall: 100,
        arguments: [("SnapshotIds", .ids), ("Limit", .constant(100))], rows: "SnapshotSet[]", rowID: "SnapshotId",
        status: "SnapshotState", absent: .done, expected: .seconds(5))),
    lost: .resend,
    goneCodes: ["InvalidParameterValue.InvalidSnapshotId", "InvalidParameterValue.InvalidSnapshot"],
    conflicts: ["SnapshotIds"],
    cascades: [Cascade("Image", "destroyed", when: "when DeleteBindImages is true")],
    doubt: "the page of DeleteSnapshots lists InvalidSnapshot and InvalidSnapshotId without a word on either; "
      + "taken as: not there")
}
