import Values

/// Image APIs of the ECM book. CreateImage answers a TaskId only: its image is the one of that name that was not there
/// before. ImportImage answers nothing at all: its image is the new one with that source.
enum EcmImage {
  static let createImage = ActionMeaning(
    effect: .create, resource: "Image",
    undo: .inverse(
      Inverse(
        .exact,
        [UndoCall("ecm.DeleteImage", [("ImageIDSet", made)], when: made)],
        beforeImage: byName, lookup: byName)),
    completion: .poll(
      Poll(
        // The page says that TaskSet takes several, not how many.
        action: "ecm.DescribeTaskStatus", ids: .result("TaskId"), idsPerCall: 20,
        arguments: [
          (
            "TaskSet",
            .each(.ids, make: .record([("Operation", .constant("CreateImage")), ("TaskId", .row(""))]))
          )
        ],
        rows: "TaskSet[]", rowID: "TaskId", status: "Status", done: ["SUCCESS"], failed: ["FAILED"], detail: "Message",
        expected: .seconds(45),
        fallback: [
          Poll(
            action: "ecm.DescribeImage", ids: .list([.argument("ImageName")]), idsPerCall: 5,
            arguments: [("Filters", .list([.filter("image-name", .ids)]))], rows: "ImageSet[]", rowID: "ImageName",
            status: "ImageState", done: ["NORMAL"], expected: .seconds(45))
        ])),
    lost: .probe(
      Probe(
        read: byName, rows: "ImageSet[]", match: [(path: "ImageName", equals: .argument("ImageName"))],
        newSince: (before: byName, id: "ImageId"),
        // The image is not listed before its task has ended.
        settles: .minutes(2), adopt: [])),
    takenCodes: ["InvalidParameterValue.ImageNameDuplicate"], conflicts: ["InstanceId"],
    cascades: [Cascade("Instance", "shut down", when: "when it runs and ForcePoweroff is TRUE")],
    condition: "no module and no instance uses the image")

  static let importImage = ActionMeaning(
    effect: .create, resource: "Image",
    undo: .inverse(
      Inverse(
        .exact,
        [UndoCall("ecm.DeleteImage", [("ImageIDSet", imported)], when: imported)],
        beforeImage: all, lookup: all)),
    completion: .poll(
      Poll(
        action: "ecm.DescribeCustomImageTask", ids: .list([.argument("ImageId")]), arguments: tasks.arguments,
        status: "ImageTaskSet[0].State", done: ["SUCCESS"], failed: ["FAILED"], detail: "ImageTaskSet[0].Message",
        expected: .minutes(5))),
    // A task carries no id of its own; its time of birth tells it from older imports of the same image.
    lost: .probe(
      Probe(
        read: tasks, rows: "ImageTaskSet[]", newSince: (before: tasks, id: "CreateTime"), settles: .seconds(30),
        adopt: [])),
    takenCodes: ["InvalidParameterValue.ImageDuplicate", "InvalidParameterValue.ImageNameDuplicate"],
    conflicts: ["ImageId"], condition: "no module and no instance uses the image",
    doubt: "the page of DescribeCustomImageTask does not say whether its filter image-id takes the image of the source "
      + "or the new one; the source is assumed, and the newest task first")

  static let deleteImage = ActionMeaning(
    effect: .delete, resource: "Image", undo: .impossible("a deleted image is gone for good"),
    completion: .immediate, lost: .resend, goneCodes: ["InvalidParameterValue.InvalidImageID"],
    conflicts: ["ImageIDSet"])

  static let modifyImageAttribute = ActionMeaning(
    effect: .modify, resource: "Image",
    undo: Ecm.restore(
      "ecm.ModifyImageAttribute",
      Ecm.same("ImageId") + [
        ("ImageName", .given("ImageName", .before("ImageSet[0].ImageName"))),
        ("ImageDescription", .given("ImageDescription", .before("ImageSet[0].ImageDescription"))),
      ],
      before: Read(
        "ecm.DescribeImage", [("Filters", .list([.filter("image-id", .list([.argument("ImageId")]))]))])),
    completion: .immediate, lost: .resend, conflicts: ["ImageId"])

  private static let byName = Read(
    "ecm.DescribeImage",
    [("Filters", .list([.filter("image-name", .list([.argument("ImageName")]))])), ("Limit", .constant(100))])

  /// The filter also finds names that only contain the wanted one.
  private static let made = Template.subtracting(
    .selecting(
      "ImageId", from: .found("ImageSet[]"), where: "ImageName", isOneOf: .list([.argument("ImageName")])),
    .before("ImageSet[].ImageId"), by: nil)

  private static let all = Read("ecm.DescribeImage", [("Limit", .constant(100))])

  private static let imported = Template.subtracting(
    .selecting(
      "ImageId", from: .found("ImageSet[]"), where: "SrcImage.ImageId", isOneOf: .list([.argument("ImageId")])),
    .before("ImageSet[].ImageId"), by: nil)

  private static let tasks = Read(
    "ecm.DescribeCustomImageTask", [("Filters", .list([.filter("image-id", .list([.argument("ImageId")]))]))])
}
