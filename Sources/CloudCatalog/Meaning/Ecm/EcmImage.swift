import Values

/// Image APIs of the ECM book. CreateImage answers a TaskId only: its image is the one of that name that was not there
/// before.
enum EcmImage {
  static let createImage = ActionMeaning(
    effect: .create, resource: "Image",
    undo: .inverse(
      Inverse(
        .exact,
        [UndoCall("ecm.DeleteImage", [("ImageIDSet", made)], when: made)],
        beforeImage: byName, lookup: byName)),
    completion: .poll(Poll(
      action: "ecm.DescribeTaskStatus", ids: .result("TaskId"),
      arguments: [
        ("TaskSet", .list([.record([("Operation", .constant("CreateImage")), ("TaskId", .result("TaskId"))])]))
      ],
      status: "TaskSet[0].Status", done: ["SUCCESS"], failed: ["FAILED"], detail: "TaskSet[0].Message",
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
        settles: .minutes(2), adopt: [])), takenCodes: ["InvalidParameterValue.ImageNameDuplicate"])

  static let deleteImage = ActionMeaning(
    effect: .delete, resource: "Image", undo: .impossible("a deleted image is gone for good"), completion: .immediate, lost: .resend,
    goneCodes: ["InvalidParameterValue.InvalidImageID"])

  private static let byName = Read(
    "ecm.DescribeImage",
    [("Filters", .list([.filter("image-name", .list([.argument("ImageName")]))])), ("Limit", .constant(100))])

  /// The filter also finds names that only contain the wanted one.
  private static let made = Template.subtracting(
    .selecting(
      "ImageId", from: .found("ImageSet[]"), where: "ImageName", isOneOf: .list([.argument("ImageName")])),
    .before("ImageSet[].ImageId"), by: nil)
}
