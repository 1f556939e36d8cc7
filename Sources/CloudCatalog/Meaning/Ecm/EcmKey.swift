import Values

/// Key APIs of the ECM book. It has no call that lists, binds or deletes key pairs.
enum EcmKey {
  static let createKeyPair = ActionMeaning(
    effect: .create, resource: "KeyPair", identity: "KeyPair.KeyId",
    undo: .impossible("no call deletes a key pair"), completion: .immediate,
    lost: .ask("no read lists key pairs, and the private key of a lost answer is never shown again"),
    secretResults: ["KeyPair.PrivateKey"],
    doubt: "the page of DisassociateInstancesKeyPairs speaks of DescribeKeyPairs, which has no page")

  static let disassociateInstancesKeyPairs = ActionMeaning(
    effect: .detach, resource: "KeyPair",
    undo: .impossible("no call binds a key pair to an instance that is there"), completion: .immediate,
    lost: .resend, conflicts: ["InstanceIds"],
    cascades: [Cascade("Instance", "shut down", when: "when it runs and ForceStop is true")],
    doubt: "the page of DisassociateInstancesKeyPairs does not say when the work has ended; "
      + "with its answer, it is assumed")
}
