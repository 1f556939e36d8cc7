import Values

/// Image APIs of the CVM book. Names of images are unique in a region.
enum CvmImage {
  /// Snapshots are deleted with the image only where it made them itself: those that the call names were there before.
  static let createImage = ActionMeaning(
    effect: .create, resource: "Image", identity: "ImageId",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "cvm.DeleteImages",
            [
              ("ImageIds", made), ("DeleteBindedSnap", .unless(.argument("SnapshotIds"), .constant(true))),
            ], when: made)
        ], beforeImage: byName, lookup: byName)),
    completion: .poll(
      Poll(
        action: "cvm.DescribeImages", ids: .result("ImageId"), idsPerCall: 100,
        arguments: [("ImageIds", .ids), ("Limit", .constant(100))], rows: "ImageSet[]", rowID: "ImageId",
        status: "ImageState", done: ["NORMAL"], failed: ["CREATEFAILED"], expected: .seconds(300),
        fallback: [listed(failed: "CREATEFAILED", expected: .seconds(300))])),
    lost: .probe(
      Probe(
        read: byMark, rows: "ImageSet[]", settles: .seconds(30), adopt: [("ImageId", .found("row.ImageId"))])),
    conflicts: ["InstanceId", "SnapshotIds", "DataDiskIds"],
    cascades: [Cascade("Instance", "stopped", when: "it runs, and ForcePoweroff is true")],
    condition: "the image is in NORMAL state, nobody uses it and it is shared with nobody", doubt: states,
    mark: .specification(parameter: "TagSpecification", resourceType: "image"))

  /// No id is answered: the image is the one of that name that was not there before.
  static let importImage = ActionMeaning(
    effect: .create, resource: "Image",
    undo: .inverse(
      Inverse(
        .exact, [UndoCall("cvm.DeleteImages", [("ImageIds", made)], when: made)], beforeImage: byName, lookup: byName)),
    completion: .poll(listed(failed: "IMPORTFAILED", expected: .minutes(20))),
    lost: .probe(Probe(read: byMark, rows: "ImageSet[]", settles: .minutes(2), adopt: [])),
    conflicts: ["ImageName"], condition: "the image is in NORMAL state, nobody uses it and it is shared with nobody",
    doubt: states, mark: .specification(parameter: "TagSpecification", resourceType: "image"))

  /// Each copy is undone in its own region.
  static let syncImages = ActionMeaning(
    effect: .create, resource: "Image", identity: "ImageSet[].ImageId",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "cvm.DeleteImages",
            [("ImageIds", .list([.row("ImageId")])), ("DeleteBindedSnap", .constant(true))],
            forEach: .result("ImageSet[]"), region: .row("Region"))
        ])),
    completion: .poll(
      Poll(
        action: "cvm.DescribeImages", ids: .result("ImageSet[0].ImageId"), idsPerCall: 100,
        region: .result("ImageSet[0].Region"), arguments: [("ImageIds", .ids), ("Limit", .constant(100))],
        rows: "ImageSet[]", rowID: "ImageId", status: "ImageState", done: ["NORMAL"], expected: .minutes(15))),
    lost: .ask("its copies stand in other regions, where nothing tells them from others of their name"),
    given: [(name: "ImageSetRequired", value: true)], conflicts: ["ImageIds"],
    condition: """
      a copy is in NORMAL state, nobody uses it and it is shared with nobody; a wait is for the first copy only
      """,
    doubt: "page SyncImages takes a list of images and says that a call copies one; \(states)")

  /// Files stay where they were put: no action of this service removes them.
  static let exportImages = ActionMeaning(
    effect: .export, resource: "Image",
    undo: .impossible("the files stay in the bucket, which this service cannot empty"), completion: .immediate,
    lost: .ask("an export leaves no trace here: look into the bucket"), conflicts: ["ImageIds"],
    doubt: "page ExportImages answers a TaskId that nothing in the book takes: it counts as ended when it answers")

  static let deleteImages = ActionMeaning(
    effect: .delete, resource: "Image", undo: .impossible("a deleted image is gone for good"), completion: .immediate,
    lost: .resend, goneCodes: ["InvalidImageId.NotFound"], conflicts: ["ImageIds"],
    cascades: [Cascade("Snapshot", "destroyed", when: "DeleteBindedSnap is true")],
    doubt: "page DeleteImages does not say whether one unfit image keeps the others: taken to be all or nothing")

  /// A name that is taken is refused, so what the image is called tells whether a lost call took effect.
  static let modifyImageAttribute = ActionMeaning(
    effect: .modify, resource: "Image",
    undo: .inverse(
      Inverse(
        .restore, ["ImageName", "ImageDescription", "ImageFamily", "ImageDeprecated"].map(restoring),
        beforeImage: itself)),
    completion: .immediate,
    lost: .probe(
      Probe(
        read: itself, rows: "ImageSet[]",
        match: [
          (path: "ImageName", equals: .argument("ImageName")),
          (path: "ImageDescription", equals: .argument("ImageDescription")),
          (path: "ImageFamily", equals: .argument("ImageFamily")),
          (path: "ImageDeprecated", equals: .argument("ImageDeprecated")),
        ], adopt: [])),
    conflicts: ["ImageId"])

  private static func restoring(_ parameter: String) -> UndoCall {
    UndoCall(
      "cvm.ModifyImageAttribute",
      [("ImageId", .argument("ImageId")), (parameter, .before(ValuePath("ImageSet[0].\(parameter)")))],
      when: .argument(ValuePath(parameter)))
  }

  /// Accounts of the call that had no share before lose it; those that had one get it back. A call that shares finds
  /// only the first, a call that cancels only the second.
  static let modifyImageSharePermission = ActionMeaning(
    effect: .attach, resource: "Image",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall("cvm.ModifyImageSharePermission", sharing(strangers, "CANCEL"), when: strangers),
          UndoCall("cvm.ModifyImageSharePermission", sharing(friends, "SHARE"), when: friends),
        ], beforeImage: Read("cvm.DescribeImageSharePermission", [("ImageId", .argument("ImageId"))]))),
    completion: .immediate, lost: .resend, takenCodes: ["FailedOperation.AccountAlreadyExists"],
    conflicts: ["ImageId"],
    doubt: """
      page ModifyImageSharePermission does not say what happens where the share to cancel is not there: sending it \
      again is taken to be harmless
      """)

  private static let strangers = Template.subtracting(
    .argument("AccountIds"), .before("SharePermissionSet[].AccountId"), by: nil)
  private static let friends = Template.selecting(
    "AccountId", from: .before("SharePermissionSet[]"), where: "AccountId", isOneOf: .argument("AccountIds"))

  private static func sharing(_ accounts: Template, _ permission: String) -> [(String, Template)] {
    [("ImageId", .argument("ImageId")), ("AccountIds", accounts), ("Permission", .constant(.text(permission)))]
  }

  static let states = """
    the list of image states is not in the book; NORMAL, CREATING and USING stand in the words of pages DeleteImages \
    and SyncImages, CREATEFAILED and IMPORTFAILED are assumed
    """

  private static let itself = Read("cvm.DescribeImages", [("ImageIds", .list([.argument("ImageId")]))])

  private static let byName = Read(
    "cvm.DescribeImages",
    [("Filters", .list([.filter("image-name", .list([.argument("ImageName")]))])), ("Limit", .constant(100))])

  private static let byMark = Read(
    "cvm.DescribeImages",
    [("Filters", .list([.filter("tag:\(Mark.key)", .list([.mark]))])), ("Limit", .constant(100))])

  /// Whether the filter also finds names that only contain the wanted one is not said.
  private static let made = Template.subtracting(
    .selecting("ImageId", from: .found("ImageSet[]"), where: "ImageName", isOneOf: .list([.argument("ImageName")])),
    .before("ImageSet[].ImageId"), by: nil)

  private static func listed(failed: Value, expected: Duration) -> Poll {
    Poll(
      action: "cvm.DescribeImages", ids: .list([.argument("ImageName")]), idsPerCall: 5,
      arguments: [("Filters", .list([.filter("image-name", .ids)])), ("Limit", .constant(100))], rows: "ImageSet[]",
      rowID: "ImageName", status: "ImageState", done: ["NORMAL"], failed: [failed], expected: expected)
  }
}
