import Values

/// Security group APIs of the ECM book. A group's policies have no ids: each is told by its place, which the calls
/// before it move, or by its own text. Every change raises the version of the set by one.
enum EcmSecurityGroup {
  static let createSecurityGroup = ActionMeaning(
    effect: .create, resource: "SecurityGroup", identity: "SecurityGroup.SecurityGroupId",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall("ecm.DeleteSecurityGroup", [("SecurityGroupId", .result("SecurityGroup.SecurityGroupId"))])
        ])),
    completion: .immediate,
    lost: .probe(
      Probe(
        read: Read(
          "ecm.DescribeSecurityGroups", [("Filters", .list([.filter("tag:\(Mark.key)", .list([.mark]))]))]),
        rows: "SecurityGroupSet[]", adopt: [("SecurityGroup", .found("row"))])),
    condition: "nothing is bound to the group, and no other group speaks of it", mark: .tags(parameter: "Tags"))

  static let deleteSecurityGroup = ActionMeaning(
    effect: .delete, resource: "SecurityGroup",
    undo: .impossible("a deleted group does not come back; a new one gets another id"),
    completion: .immediate, lost: .resend, conflicts: ["SecurityGroupId"])

  static let modifySecurityGroupAttribute = ActionMeaning(
    effect: .modify, resource: "SecurityGroup",
    undo: Ecm.restore(
      "ecm.ModifySecurityGroupAttribute",
      Ecm.same("SecurityGroupId") + [
        ("GroupName", .given("GroupName", .before("SecurityGroupSet[0].SecurityGroupName"))),
        ("GroupDescription", .given("GroupDescription", .before("SecurityGroupSet[0].SecurityGroupDesc"))),
      ],
      before: Read("ecm.DescribeSecurityGroups", [("SecurityGroupIds", .list([.argument("SecurityGroupId")]))])),
    completion: .immediate, lost: .resend, conflicts: ["SecurityGroupId"])

  /// Policies are the group's, so they are attached rather than made. The cloud refuses one that is there already, so a
  /// second sending does no harm and tells what became of the first.
  static let createSecurityGroupPolicies = ActionMeaning(
    effect: .attach, resource: "SecurityGroupPolicy",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "ecm.DeleteSecurityGroupPolicies",
            Ecm.same("SecurityGroupId") + [
              ("SecurityGroupPolicySet", set { .each(.argument(ValuePath("\(policies).\($0)")), make: text) })
            ])
        ])),
    completion: .immediate, lost: .resend, takenCodes: ["UnsupportedOperation.DuplicatePolicy"],
    conflicts: ["SecurityGroupId"])

  /// Each policy goes back to its old place with a call of its own: one call takes one place.
  static let deleteSecurityGroupPolicies = ActionMeaning(
    effect: .detach, resource: "SecurityGroupPolicy",
    undo: .inverse(Inverse(.restore, directions.map(putBack), beforeImage: current)),
    completion: .immediate,
    // Sent again, a place would name the policy that moved up to it.
    lost: .probe(
      Probe(read: current, rows: "SecurityGroupPolicySet", newSince: (before: current, id: "Version"), adopt: [])),
    conflicts: ["SecurityGroupId"],
    condition: "nobody else changed the group meanwhile; policies that the call names by their text are written as "
      + "the group lists them",
    doubt: "the page of DeleteSecurityGroupPolicies does not say whether a policy that is not there is refused")

  static let replaceSecurityGroupPolicy = ActionMeaning(
    effect: .modify, resource: "SecurityGroupPolicy",
    undo: Ecm.restore(
      "ecm.ReplaceSecurityGroupPolicy",
      Ecm.same("SecurityGroupId") + [
        ("SecurityGroupPolicySet", set { .unlessEmpty(.each(placed($0), make: textAndPlace)) })
      ], before: current),
    completion: .immediate, lost: .resend, conflicts: ["SecurityGroupId"],
    condition: "no policy before it came or went since")

  static let modifySecurityGroupPolicies = ActionMeaning(
    effect: .modify, resource: "SecurityGroupPolicy",
    undo: Ecm.restore(
      "ecm.ModifySecurityGroupPolicies",
      Ecm.same("SecurityGroupId") + [
        (
          "SecurityGroupPolicySet",
          .record(directions.map { ($0, .each(.before(ValuePath("\(policies).\($0)")), make: text)) })
        )
      ], before: current),
    completion: .immediate, lost: .resend, conflicts: ["SecurityGroupId"],
    condition: "what others changed in the group since is lost")

  private static let current = Read("ecm.DescribeSecurityGroupPolicies", Ecm.same("SecurityGroupId"))
  private static let policies = "SecurityGroupPolicySet"
  private static let directions = ["Egress", "Ingress"]

  private static let members = [
    "Protocol", "Port", "ServiceTemplate", "CidrBlock", "Ipv6CidrBlock", "SecurityGroupId", "AddressTemplate", "Action",
  ]
  /// What tells one policy from another. Members that do not apply are read as empty and must not be written.
  private static let text = Template.rowMembers(members + ["PolicyDescription"])
  private static let textAndPlace = Template.rowMembers(["PolicyIndex", "PolicyDescription"] + members)

  /// A set of the direction that the call gave.
  private static func set(_ policiesOf: (String) -> Template) -> Template {
    .record(directions.map { ($0, .given(ValuePath("\(policies).\($0)"), policiesOf($0))) })
  }

  /// Of the policies that were there before, those in the places that the call names.
  private static func placed(_ direction: String) -> Template {
    .rows(
      .before(ValuePath("\(policies).\(direction)")), where: "PolicyIndex",
      isOneOf: .argument(ValuePath("\(policies).\(direction)[].PolicyIndex")))
  }

  private static func putBack(_ direction: String) -> UndoCall {
    let deleted = Template.matching(
      .before(ValuePath("\(policies).\(direction)")), to: .argument(ValuePath("\(policies).\(direction)")),
      by: (["PolicyIndex"] + members).map { (ValuePath($0), ValuePath($0)) })
    return UndoCall(
      "ecm.CreateSecurityGroupPolicies",
      Ecm.same("SecurityGroupId") + [("SecurityGroupPolicySet", .record([(direction, .list([textAndPlace]))]))],
      forEach: deleted)
  }
}
