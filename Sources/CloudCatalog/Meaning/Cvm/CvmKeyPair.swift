import Values

/// Key APIs of the CVM book. Names of key pairs are unique in an account.
enum CvmKeyPair {
  /// After a lost answer the pair is found, but its private half is not: that was in the answer only.
  static let createKeyPair = ActionMeaning(
    effect: .create, resource: "KeyPair", identity: "KeyPair.KeyId",
    undo: .inverse(
      Inverse(.exact, [UndoCall("cvm.DeleteKeyPairs", [("KeyIds", .list([.result("KeyPair.KeyId")]))])])),
    completion: .immediate, lost: newcomer(adopt: ("KeyPair", .found("row"))),
    secretResults: ["KeyPair.PrivateKey"],
    condition: "no instance and no image uses the pair",
    doubt: """
      page DescribeKeyPairs does not say whether it shows the private key, which page CreateKeyPair says is not kept: \
      a pair that is found again is taken to have none
      """,
    mark: .specification(parameter: "TagSpecification", resourceType: "keypair"))

  static let importKeyPair = ActionMeaning(
    effect: .create, resource: "KeyPair", identity: "KeyId",
    undo: .inverse(Inverse(.exact, [UndoCall("cvm.DeleteKeyPairs", [("KeyIds", .list([.result("KeyId")]))])])),
    completion: .immediate, lost: newcomer(adopt: ("KeyId", .found("row.KeyId"))),
    condition: "no instance and no image uses the pair",
    mark: .specification(parameter: "TagSpecification", resourceType: "keypair"))

  /// The public halves are imported again, under their old names and new ids.
  static let deleteKeyPairs = ActionMeaning(
    effect: .delete, resource: "KeyPair",
    undo: .inverse(
      Inverse(
        .recreate,
        [
          UndoCall(
            "cvm.ImportKeyPair",
            [
              ("KeyName", .row("KeyName")), ("ProjectId", .row("ProjectId")),
              ("PublicKey", .row("PublicKey")),
            ], forEach: .before("KeyPairSet[]"))
        ],
        beforeImage: Read("cvm.DescribeKeyPairs", [("KeyIds", .argument("KeyIds")), ("Limit", .constant(100))]))),
    completion: .immediate, lost: .resend, conflicts: ["KeyIds"],
    condition: "the pairs get new ids; descriptions and tags are not put back")

  /// A name that is taken is refused, so what the pair is called tells whether a lost call took effect.
  static let modifyKeyPairAttribute = ActionMeaning(
    effect: .modify, resource: "KeyPair",
    undo: .inverse(
      Inverse(
        .restore,
        [
          UndoCall(
            "cvm.ModifyKeyPairAttribute",
            [("KeyId", .argument("KeyId")), ("KeyName", .before("KeyPairSet[0].KeyName"))], when: .argument("KeyName")),
          UndoCall(
            "cvm.ModifyKeyPairAttribute",
            [("KeyId", .argument("KeyId")), ("Description", .before("KeyPairSet[0].Description"))],
            when: .argument("Description")),
        ], beforeImage: itself)),
    completion: .immediate,
    lost: .probe(
      Probe(
        read: itself, rows: "KeyPairSet[]",
        match: [
          (path: "KeyName", equals: .argument("KeyName")), (path: "Description", equals: .argument("Description")),
        ], adopt: [])),
    conflicts: ["KeyId"])

  /// An instance has one key at a time: another that it had is given back to it.
  static let associateInstancesKeyPairs = ActionMeaning(
    effect: .attach, resource: "KeyPair",
    undo: .inverse(
      Inverse(
        .bestEffort,
        [
          UndoCall(
            "cvm.DisassociateInstancesKeyPairs",
            [
              ("InstanceIds", .argument("InstanceIds")), ("KeyIds", .argument("KeyIds")),
              ("ForceStop", .argument("ForceStop")),
            ]),
          UndoCall(
            "cvm.AssociateInstancesKeyPairs",
            [
              ("InstanceIds", CvmOperation.group), ("KeyIds", .row("row.LoginSettings.KeyIds")),
              ("ForceStop", .argument("ForceStop")),
            ], when: .row("row.LoginSettings.KeyIds"), forEach: CvmOperation.alike(in: "LoginSettings.KeyIds")),
        ], beforeImage: CvmOperation.named)),
    completion: CvmOperation.ends(expected: .seconds(30)), lost: CvmOperation.begun("AssociateInstancesKeyPairs"),
    conflicts: ["InstanceIds"],
    cascades: [
      Cascade("KeyPair", "detached", when: "the instance had another one"),
      Cascade("Instance", "stopped", when: "it runs, and ForceStop is true"),
    ], condition: "whoever logged in by password before cannot do so any more",
    doubt: "page AssociateInstancesKeyPairs says nothing of its end: the instances' latest operation is taken for it")

  static let disassociateInstancesKeyPairs = ActionMeaning(
    effect: .detach, resource: "KeyPair",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "cvm.AssociateInstancesKeyPairs",
            [
              ("InstanceIds", CvmOperation.group), ("KeyIds", .row("row.LoginSettings.KeyIds")),
              ("ForceStop", .argument("ForceStop")),
            ], when: .row("row.LoginSettings.KeyIds"), forEach: CvmOperation.alike(in: "LoginSettings.KeyIds"))
        ], beforeImage: CvmOperation.named)),
    completion: CvmOperation.ends(expected: .seconds(30)), lost: CvmOperation.begun("DisassociateInstancesKeyPairs"),
    conflicts: ["InstanceIds"],
    cascades: [Cascade("Instance", "stopped", when: "it runs, and ForceStop is true")],
    doubt: """
      page DisassociateInstancesKeyPairs says nothing of its end: the instances' latest operation is taken for it
      """)

  private static let itself = Read("cvm.DescribeKeyPairs", [("KeyIds", .list([.argument("KeyId")]))])

  private static let byName = Read(
    "cvm.DescribeKeyPairs",
    [("Filters", .list([.filter("key-name", .list([.argument("KeyName")]))])), ("Limit", .constant(100))])

  private static func newcomer(adopt: (String, Template)) -> LostRule {
    .probe(
      Probe(
        read: byName, rows: "KeyPairSet[]", match: [(path: "KeyName", equals: .argument("KeyName"))],
        newSince: (before: byName, id: "KeyId"), adopt: [adopt]))
  }
}
