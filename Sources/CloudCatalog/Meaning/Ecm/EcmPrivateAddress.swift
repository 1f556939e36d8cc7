import Values

/// ENI APIs of the ECM book for the private IPv4 and the IPv6 addresses of an interface. Each address has a state of
/// its own.
enum EcmPrivateAddress {
  static let assignPrivateIpAddresses = ActionMeaning(
    effect: .create, resource: "PrivateIpAddress", identity: "PrivateIpAddressSet[].PrivateIpAddress",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "ecm.RemovePrivateIpAddresses",
            Ecm.same("EcmRegion", "NetworkInterfaceId") + [
              ("PrivateIpAddresses", .each(.result("PrivateIpAddressSet"), make: .rowMembers(["PrivateIpAddress"])))
            ], when: .result("PrivateIpAddressSet"))
        ])),
    completion: .poll(
      v4(of: "NetworkInterfaceId", ids: .result("PrivateIpAddressSet[].PrivateIpAddress"), absent: .running)),
    lost: .probe(
      Probe(
        read: interface, rows: v4Rows,
        match: [(path: "PrivateIpAddress", equals: .argument("PrivateIpAddresses[].PrivateIpAddress"))],
        newSince: (before: interface, id: "PrivateIpAddress"), count: .number("SecondaryPrivateIpAddressCount"),
        adopt: [("PrivateIpAddressSet", .found("rows"))])),
    conflicts: ["NetworkInterfaceId"], condition: "a call takes back ten addresses")

  static let removePrivateIpAddresses = ActionMeaning(
    effect: .delete, resource: "PrivateIpAddress",
    undo: Ecm.restore(
      "ecm.AssignPrivateIpAddresses",
      Ecm.same("EcmRegion", "NetworkInterfaceId") + [
        ("PrivateIpAddresses", .each(v4Before, make: .rowMembers(["PrivateIpAddress", "Description"])))
      ], when: v4Before, before: interface, .bestEffort),
    completion: .poll(
      v4(
        of: "NetworkInterfaceId", ids: .argument("PrivateIpAddresses[].PrivateIpAddress"), absent: .done)),
    lost: .resend, conflicts: ["NetworkInterfaceId"], condition: "nobody has taken the addresses since")

  static let migratePrivateIpAddress = ActionMeaning(
    effect: .move, resource: "PrivateIpAddress",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "ecm.MigratePrivateIpAddress",
            Ecm.same("EcmRegion", "PrivateIpAddress") + [
              ("SourceNetworkInterfaceId", .argument("DestinationNetworkInterfaceId")),
              ("DestinationNetworkInterfaceId", .argument("SourceNetworkInterfaceId")),
            ])
        ])),
    completion: .poll(
      v4(of: "DestinationNetworkInterfaceId", ids: .list([.argument("PrivateIpAddress")]), absent: .running)),
    lost: .probe(
      Probe(
        read: EcmInterface.itself("DestinationNetworkInterfaceId"), rows: v4Rows,
        match: [(path: "PrivateIpAddress", equals: .argument("PrivateIpAddress"))], settles: .seconds(20),
        adopt: [])),
    conflicts: ["SourceNetworkInterfaceId", "DestinationNetworkInterfaceId"])

  static let modifyPrivateIpAddressesAttribute = ActionMeaning(
    effect: .modify, resource: "PrivateIpAddress",
    undo: Ecm.restore(
      "ecm.ModifyPrivateIpAddressesAttribute",
      Ecm.same("NetworkInterfaceId", "EcmRegion") + [
        ("PrivateIpAddresses", .each(v4Before, make: described("PrivateIpAddress")))
      ], when: v4Before, before: interface),
    completion: .immediate, lost: .resend, conflicts: ["NetworkInterfaceId"])

  static let assignIpv6Addresses = ActionMeaning(
    effect: .create, resource: "Ipv6Address", identity: "Ipv6AddressSet[].Address",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "ecm.ReleaseIpv6Addresses",
            Ecm.same("EcmRegion", "NetworkInterfaceId") + [
              ("Ipv6Addresses", .each(.result("Ipv6AddressSet"), make: .rowMembers(["Address"])))
            ], when: .result("Ipv6AddressSet"))
        ])),
    completion: .poll(v6(.result("Ipv6AddressSet[].Address"), absent: .running)),
    lost: .probe(
      Probe(
        read: interface, rows: v6Rows,
        match: [(path: "Address", equals: .argument("Ipv6Addresses[].Address"))],
        newSince: (before: interface, id: "Address"), count: .number("Ipv6AddressCount"),
        adopt: [("Ipv6AddressSet", .found("rows"))])),
    conflicts: ["NetworkInterfaceId"], condition: "a call takes back ten addresses")

  static let releaseIpv6Addresses = ActionMeaning(
    effect: .delete, resource: "Ipv6Address",
    undo: Ecm.restore(
      "ecm.AssignIpv6Addresses",
      Ecm.same("EcmRegion", "NetworkInterfaceId") + [
        ("Ipv6Addresses", .each(v6Before, make: .rowMembers(["Address", "Description"])))
      ], when: v6Before, before: interface, .bestEffort),
    completion: .poll(v6(.argument("Ipv6Addresses[].Address"), absent: .done)), lost: .resend,
    conflicts: ["NetworkInterfaceId"], condition: "the addresses are still free, and of the provider they were of",
    doubt: "the page of ReleaseIpv6Addresses answers a TaskId of type Integer where DescribeTaskResult takes a String; "
      + "the interface is asked instead")

  static let modifyIpv6AddressesAttribute = ActionMeaning(
    effect: .modify, resource: "Ipv6Address",
    undo: Ecm.restore(
      "ecm.ModifyIpv6AddressesAttribute",
      Ecm.same("EcmRegion", "NetworkInterfaceId") + [
        ("Ipv6Addresses", .each(v6Before, make: described("Address")))
      ], when: v6Before, before: interface),
    completion: .immediate, lost: .resend, conflicts: ["NetworkInterfaceId"])

  private static let interface = EcmInterface.itself("NetworkInterfaceId")
  private static let v4Rows: ValuePath = "NetworkInterfaceSet[0].PrivateIpAddressSet[]"
  private static let v6Rows: ValuePath = "NetworkInterfaceSet[0].Ipv6AddressSet[]"

  /// Of the addresses that were there before, those that the call names.
  private static let v4Before = Template.rows(
    .before(v4Rows), where: "PrivateIpAddress", isOneOf: .argument("PrivateIpAddresses[].PrivateIpAddress"))
  private static let v6Before = Template.rows(
    .before(v6Rows), where: "Address", isOneOf: .argument("Ipv6Addresses[].Address"))

  /// An old description that was empty is written as such.
  private static func described(_ address: String) -> Template {
    .record([(address, .row(ValuePath(address))), ("Description", .row("Description"))])
  }

  private static func v4(of interface: ValuePath, ids: Template, absent: Poll.Absence) -> Poll {
    addresses(of: interface, ids, rows: v4Rows, rowID: "PrivateIpAddress", absent)
  }

  private static func v6(_ ids: Template, absent: Poll.Absence) -> Poll {
    addresses(of: "NetworkInterfaceId", ids, rows: v6Rows, rowID: "Address", absent)
  }

  private static func addresses(
    of interface: ValuePath, _ ids: Template, rows: ValuePath, rowID: ValuePath, _ absent: Poll.Absence
  ) -> Poll {
    let read = EcmInterface.itself(interface)
    return Poll(
      action: read.action, ids: ids, idsPerCall: 10, arguments: read.arguments, rows: rows, rowID: rowID,
      status: "State", done: absent == .done ? [] : ["AVAILABLE"], absent: absent, expected: .seconds(3))
  }
}
