import Values

/// Reserved instances of the CVM book.
enum CvmReserved {
  static let purchaseReservedInstancesOffering = ActionMeaning(
    effect: .purchase, resource: "ReservedInstances", identity: "ReservedInstanceId",
    undo: .impossible("a purchase cannot be given back"),
    completion: .poll(
      Poll(
        action: "cvm.DescribeReservedInstances", ids: .result("ReservedInstanceId"), idsPerCall: 5,
        arguments: [
          ("Filters", .list([.filter("reserved-instances-id", .ids)])), ("Limit", .constant(100)),
        ], rows: "ReservedInstancesSet[]", rowID: "ReservedInstanceId", status: "State", done: ["active"],
        failed: ["retired"], expected: .seconds(30))),
    lost: .resend, clientToken: "ClientToken", conflicts: ["ReservedInstancesOfferingId"],
    doubt: """
      page PurchaseReservedInstancesOffering answers a UUID, page ReservedInstances shows ri-…: both are taken for \
      the same id
      """)
}
