import Values

/// Cloud Hosting Cluster APIs of the CVM book: the networks of an account's own servers. The book says nothing of how
/// long a change takes; each counts as done with its answer.
enum CvmHosting {
  /// Servers that had a network before get it back, the others lose theirs.
  static let configureChcAssistVpc = ActionMeaning(
    effect: .attach, resource: "ChcHost",
    undo: .inverse(
      Inverse(
        .restore,
        [
          UndoCall(
            "cvm.RemoveChcAssistVpc", [("ChcIds", host)],
            when: .unless(.row("BmcVirtualPrivateCloud.VpcId"), .row("ChcId")), forEach: .before("ChcHostSet[]")),
          assistAgain,
        ], beforeImage: named)),
    completion: .immediate, lost: configured("BmcVirtualPrivateCloud"), conflicts: ["ChcIds"], doubt: unanswered)

  static let configureChcDeployVpc = ActionMeaning(
    effect: .attach, resource: "ChcHost",
    undo: .inverse(
      Inverse(
        .restore,
        [
          UndoCall(
            "cvm.RemoveChcDeployVpc", [("ChcIds", host)],
            when: .unless(.row("DeployVirtualPrivateCloud.VpcId"), .row("ChcId")), forEach: .before("ChcHostSet[]")),
          deployAgain,
        ], beforeImage: named)),
    completion: .immediate, lost: configured("DeployVirtualPrivateCloud"),
    takenCodes: ["InvalidParameterValue.DeployVpcAlreadyExists"], conflicts: ["ChcIds"], doubt: unanswered)

  static let removeChcAssistVpc = ActionMeaning(
    effect: .detach, resource: "ChcHost", undo: .inverse(Inverse(.restore, [assistAgain], beforeImage: named)),
    completion: .immediate, lost: .resend, conflicts: ["ChcIds"],
    cascades: [Cascade("DeployVirtualPrivateCloud", "detached")], condition: "the old addresses are free",
    doubt: unanswered)

  static let removeChcDeployVpc = ActionMeaning(
    effect: .detach, resource: "ChcHost", undo: .inverse(Inverse(.restore, [deployAgain], beforeImage: named)),
    completion: .immediate, lost: .resend, conflicts: ["ChcIds"], condition: "the old addresses are free",
    doubt: unanswered)

  static let modifyChcAttribute = ActionMeaning(
    effect: .modify, resource: "ChcHost",
    undo: .inverse(
      Inverse(
        .restore,
        [
          UndoCall(
            "cvm.ModifyChcAttribute",
            [("ChcIds", host)] + readable.map { ($0, .given(ValuePath($0), .row(ValuePath($0)))) },
            when: .list(readable.map { .argument(ValuePath($0)) }), forEach: .before("ChcHostSet[]"))
        ], beforeImage: named, leaves: ["BmcUser", "Password"])),
    completion: .immediate, lost: .resend, secrets: ["Password"], conflicts: ["ChcIds"],
    condition: "the user and password of the out-of-band network cannot be read, so they are not put back")

  private static let readable = ["InstanceName", "DeviceType", "BmcSecurityGroupIds"]

  private static let named = Read("cvm.DescribeChcHosts", [("ChcIds", .argument("ChcIds")), ("Limit", .constant(100))])
  private static let host = Template.list([.row("ChcId")])

  private static let assistAgain = UndoCall(
    "cvm.ConfigureChcAssistVpc",
    [
      ("ChcIds", host), ("BmcVirtualPrivateCloud", network("BmcVirtualPrivateCloud", address: "BmcIp")),
      ("BmcSecurityGroupIds", .unlessEmpty(.row("BmcSecurityGroupIds"))),
      (
        "DeployVirtualPrivateCloud",
        .when(
          .row("DeployVirtualPrivateCloud.VpcId"), network("DeployVirtualPrivateCloud", address: "DeployIp"))
      ), ("DeploySecurityGroupIds", .unlessEmpty(.row("DeploySecurityGroupIds"))),
    ], when: .row("BmcVirtualPrivateCloud.VpcId"), forEach: .before("ChcHostSet[]"))

  private static let deployAgain = UndoCall(
    "cvm.ConfigureChcDeployVpc",
    [
      ("ChcIds", host), ("DeployVirtualPrivateCloud", network("DeployVirtualPrivateCloud", address: "DeployIp")),
      ("DeploySecurityGroupIds", .unlessEmpty(.row("DeploySecurityGroupIds"))),
    ], when: .row("DeployVirtualPrivateCloud.VpcId"), forEach: .before("ChcHostSet[]"))

  /// A network as it was, with the server's own address in it.
  private static func network(_ member: String, address: ValuePath) -> Template {
    .record([
      ("VpcId", .row(ValuePath("\(member).VpcId"))), ("SubnetId", .row(ValuePath("\(member).SubnetId"))),
      ("PrivateIpAddresses", .unlessEmpty(.list([.unlessEmpty(.row(address))]))),
    ])
  }

  private static func configured(_ network: String) -> LostRule {
    .probe(
      Probe(
        read: named, rows: "ChcHostSet[]",
        match: ["VpcId", "SubnetId"].map { member in
          let path = ValuePath("\(network).\(member)")
          return (path: path, equals: .argument(path))
        }, count: .elements("ChcIds"), adopt: []))
  }

  private static let unanswered = """
    the pages do not say whether a network that is there is replaced or refused, nor which states of page ChcHost \
    follow (its example shows RUNNING and INIT): the networks that the server shows are what counts
    """
}
