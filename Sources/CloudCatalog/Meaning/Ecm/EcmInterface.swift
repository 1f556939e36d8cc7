import Values

/// ENI APIs of the ECM book that make, bind and move interfaces. None has a task: the interface's own state tells.
enum EcmInterface {
  static let createNetworkInterface = ActionMeaning(
    effect: .create, resource: "NetworkInterface", identity: "NetworkInterface.NetworkInterfaceId",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "ecm.DeleteNetworkInterface",
            [("NetworkInterfaceId", .result("NetworkInterface.NetworkInterfaceId"))] + Ecm.same("EcmRegion"))
        ])),
    completion: .poll(
      Poll(
        action: "ecm.DescribeNetworkInterfaces", ids: .list([.result("NetworkInterface.NetworkInterfaceId")]),
        idsPerCall: 100, arguments: Ecm.same("EcmRegion") + [("NetworkInterfaceIds", .ids)],
        rows: "NetworkInterfaceSet[]", rowID: "NetworkInterfaceId", status: "State", done: ["AVAILABLE"],
        expected: .seconds(3))),
    lost: .probe(
      Probe(
        read: Read(
          "ecm.DescribeNetworkInterfaces",
          Ecm.same("EcmRegion") + [("Filters", .list([.filter("tag:\(Mark.key)", .list([.mark]))]))]),
        rows: "NetworkInterfaceSet[]", adopt: [("NetworkInterface", .found("row"))])),
    condition: "the interface is not bound to an instance by then", mark: .tags(parameter: "Tags"))

  static let deleteNetworkInterface = ActionMeaning(
    effect: .delete, resource: "NetworkInterface",
    undo: Ecm.restore(
      "ecm.CreateNetworkInterface",
      Ecm.same("EcmRegion") + [
        ("VpcId", .before("NetworkInterfaceSet[0].VpcId")), ("SubnetId", .before("NetworkInterfaceSet[0].SubnetId")),
        ("NetworkInterfaceName", .before("NetworkInterfaceSet[0].NetworkInterfaceName")),
        (
          "NetworkInterfaceDescription",
          .unlessEmpty(.before("NetworkInterfaceSet[0].NetworkInterfaceDescription"))
        ),
        ("SecurityGroupIds", .before("NetworkInterfaceSet[0].GroupSet")),
        (
          "PrivateIpAddresses",
          .each(
            .before("NetworkInterfaceSet[0].PrivateIpAddressSet[]"),
            make: .rowMembers(["PrivateIpAddress", "Primary", "Description"]))
        ),
        ("Tags", .unmarked(.before("NetworkInterfaceSet[0].TagSet"))),
      ], before: itself("NetworkInterfaceId"), .recreate),
    completion: .poll(
      Poll(
        action: "ecm.DescribeNetworkInterfaces", ids: .list([.argument("NetworkInterfaceId")]),
        arguments: Ecm.same("EcmRegion") + [("NetworkInterfaceIds", .ids)], rows: "NetworkInterfaceSet[]",
        rowID: "NetworkInterfaceId", status: "State", absent: .done, expected: .seconds(3))),
    lost: .resend, conflicts: ["NetworkInterfaceId"],
    condition: "it had at most ten private addresses, all still free; the new one has another id and MAC address")

  static let attachNetworkInterface = ActionMeaning(
    effect: .attach, resource: "NetworkInterface",
    undo: .inverse(
      Inverse(
        .exact,
        [UndoCall("ecm.DetachNetworkInterface", Ecm.same("NetworkInterfaceId", "InstanceId", "EcmRegion"))])),
    completion: .poll(bound(to: .argument("InstanceId"), absent: .running)),
    lost: boundProbe(to: .argument("InstanceId")), conflicts: ["NetworkInterfaceId", "InstanceId"])

  static let detachNetworkInterface = ActionMeaning(
    effect: .detach, resource: "NetworkInterface",
    undo: .inverse(
      Inverse(
        .exact,
        [UndoCall("ecm.AttachNetworkInterface", Ecm.same("NetworkInterfaceId", "InstanceId", "EcmRegion"))])),
    completion: .poll(bound(to: .argument("InstanceId"), absent: .done)),
    lost: .probe(
      Probe(
        read: itself("NetworkInterfaceId"), rows: "NetworkInterfaceSet[].Attachment",
        covers: (
          expected: .list([.record([("InstanceId", .argument("InstanceId"))])]), members: ["InstanceId"]
        ), isRemoval: true, settles: .seconds(20), adopt: [])),
    conflicts: ["NetworkInterfaceId", "InstanceId"])

  static let migrateNetworkInterface = ActionMeaning(
    effect: .move, resource: "NetworkInterface",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "ecm.MigrateNetworkInterface",
            Ecm.same("EcmRegion", "NetworkInterfaceId") + [
              ("SourceInstanceId", .argument("DestinationInstanceId")),
              ("DestinationInstanceId", .argument("SourceInstanceId")),
            ])
        ])),
    completion: .poll(bound(to: .argument("DestinationInstanceId"), absent: .running)),
    lost: boundProbe(to: .argument("DestinationInstanceId")),
    conflicts: ["NetworkInterfaceId", "SourceInstanceId", "DestinationInstanceId"])

  /// One interface, named by a parameter.
  static func itself(_ parameter: ValuePath) -> Read {
    Read(
      "ecm.DescribeNetworkInterfaces",
      Ecm.same("EcmRegion") + [("NetworkInterfaceIds", .list([.argument(parameter)]))])
  }

  /// The interface as a row of the instance that it is bound to: there and settled, or not there any more.
  private static func bound(to instance: Template, absent: Poll.Absence) -> Poll {
    Poll(
      action: "ecm.DescribeNetworkInterfaces", ids: .list([instance]),
      arguments: Ecm.same("EcmRegion") + [("NetworkInterfaceIds", .list([.argument("NetworkInterfaceId")]))],
      rows: "NetworkInterfaceSet[]", rowID: "Attachment.InstanceId", status: "State",
      done: absent == .done ? [] : ["AVAILABLE"], absent: absent, expected: .seconds(5))
  }

  private static func boundProbe(to instance: Template) -> LostRule {
    .probe(
      Probe(
        read: itself("NetworkInterfaceId"), rows: "NetworkInterfaceSet[]",
        match: [(path: "Attachment.InstanceId", equals: instance)], settles: .seconds(20), adopt: []))
  }
}
