import Values

/// CDH APIs of the CVM book, which lists them without a page: their facts are inferred.
enum CvmDedicated {
  static let allocateHosts = ActionMeaning(
    effect: .purchase, resource: "Host", identity: "HostIdSet",
    undo: .impossible("a host is paid for ahead, and the book has no action that gives it back"),
    completion: .immediate, lost: .resend, clientToken: "ClientToken", conflicts: ["HostType"],
    doubt: "the book lists AllocateHosts without a page: whether the hosts are ready when it answers is not known")

  /// A call changes what it gives, so each is put back by a call of its own.
  static let modifyHostsAttribute = ActionMeaning(
    effect: .modify, resource: "Host",
    undo: .inverse(
      Inverse(
        .restore,
        [
          restoring("HostName", "HostName"), restoring("RenewFlag", "RenewFlag"),
          restoring("ProjectId", "Placement.ProjectId"),
        ],
        beforeImage: Read(
          "cvm.DescribeHosts",
          [("Filters", .list([.filter("host-id", .argument("HostIds"))])), ("Limit", .constant(100))]))),
    completion: .immediate, lost: .resend, conflicts: ["HostIds"],
    condition: "the call names at most 5 hosts, the most that DescribeHosts can be asked for by id",
    doubt: "the book lists ModifyHostsAttribute without a page")

  private static func restoring(_ parameter: String, _ member: String) -> UndoCall {
    UndoCall(
      "cvm.ModifyHostsAttribute",
      [
        ("HostIds", .row("rows[].HostId")), (parameter, .row(ValuePath("row.\(member)"))),
      ], when: .argument(ValuePath(parameter)),
      forEach: .grouping(.before("HostSet[]"), by: [.row(ValuePath(member))]))
  }
}
