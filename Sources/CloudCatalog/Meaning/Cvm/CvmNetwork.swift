import Values

/// Network APIs of the CVM book.
enum CvmNetwork {
  static let resetInstancesInternetMaxBandwidth = ActionMeaning(
    effect: .modify, resource: "Instance",
    undo: .inverse(
      Inverse(
        .restore,
        [
          UndoCall(
            "cvm.ResetInstancesInternetMaxBandwidth",
            [
              ("InstanceIds", CvmOperation.group),
              (
                "InternetAccessible",
                .record([("InternetMaxBandwidthOut", .row("row.InternetAccessible.InternetMaxBandwidthOut"))])
              ), ("StartTime", .argument("StartTime")), ("EndTime", .argument("EndTime")),
            ], forEach: CvmOperation.alike(in: "InternetAccessible.InternetMaxBandwidthOut"))
        ], beforeImage: CvmOperation.named)),
    completion: CvmOperation.ends(expected: .seconds(10)), lost: .resend, conflicts: ["InstanceIds"],
    condition: "bandwidth paid in advance is paid for again",
    doubt: """
      page ResetInstancesInternetMaxBandwidth says that the change works at once where traffic is paid afterwards, and \
      nothing for the rest: the instances' latest operation is taken for the end
      """)

  /// An instance goes back with its old private address, unless somebody has taken that meanwhile.
  static let modifyInstancesVpcAttribute = ActionMeaning(
    effect: .move, resource: "Instance",
    undo: .inverse(
      Inverse(
        .restore,
        [
          UndoCall(
            "cvm.ModifyInstancesVpcAttribute",
            [
              ("InstanceIds", .list([.row("InstanceId")])),
              (
                "VirtualPrivateCloud",
                .record([
                  ("VpcId", .row("VirtualPrivateCloud.VpcId")),
                  ("SubnetId", .row("VirtualPrivateCloud.SubnetId")),
                  ("PrivateIpAddresses", .row("PrivateIpAddresses")),
                ])
              ), ("ForceStop", .argument("ForceStop")), ("ReserveHostName", .argument("ReserveHostName")),
            ], forEach: .before("InstanceSet[]"))
        ], beforeImage: CvmOperation.named)),
    completion: CvmOperation.ends(expected: .seconds(60)), lost: CvmOperation.begun("ModifyInstancesVpcAttribute"),
    conflicts: ["InstanceIds"], cascades: [Cascade("Instance", "restarted")],
    condition: "the old addresses are free, and neither an ENI nor a load balancer is bound",
    doubt: "page ModifyInstancesVpcAttribute gives no number of instances a call; its first words speak of one")
}
