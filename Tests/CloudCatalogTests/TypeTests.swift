import CloudCatalog
import Testing
import Values

@Suite struct TypeTests {
  @Test func spellings() {
    #expect(FactType("Integer") == .integer)
    #expect(FactType("Array of Array of String") == .array(.array(.string)))
    #expect(FactType("Timestamp ISO8601") == .timestamp)
    #expect(FactType("Vpc").description == "Vpc")
    #expect(FactType("Array of Tag").description == "Array of Tag")
  }

  @Test func idsAndEnumerations() throws {
    let ecm = try #require(Catalog.service("ecm"))
    let allocate = try #require(ecm.action("AllocateAddresses"))
    #expect(allocate.output("AddressSet").map(ecm.type) == .optional(.list(.id(service: "ecm", kind: "AddressId"))))
    #expect(allocate.parameter("AddressCount").map(ecm.type) == .int)
    #expect(allocate.parameter("Tags").map(ecm.type) == .list(.structure(service: "ecm", name: "Tag")))
    let listeners = try #require(ecm.action("DescribeListeners"))
    #expect(
      listeners.parameter("Protocol").map(ecm.type) == .enumeration(name: "ecm.Protocol", values: ["TCP", "UDP"]))
    #expect(Catalog.members(of: .result(service: "ecm", action: "CreateVpc"))?.map(\.name) == ["Vpc"])
    #expect(Catalog.members(of: .optional(.structure(service: "ecm", name: "Tag")))?.map(\.name) == ["Key", "Value"])
    #expect(Catalog.members(of: .int) == nil)
    #expect(Catalog.members(of: .structure(service: "ecm", name: "Nothing")) == nil)
  }

  @Test func idKinds() throws {
    let vpc = try #require(IDKind.named("VpcId", service: "ecm"))
    #expect(vpc.accepts("vpc-1") && !vpc.accepts("vpc-") && !vpc.accepts("subnet-1"))
    let instance = try #require(IDKind.ofMember("InstanceIdSet", service: "ecm"))
    #expect(instance.accepts("ein-1") && instance.accepts("ins-1"))
    #expect(try #require(IDKind.named("Zone", service: "ecm")).accepts("anything"))
    #expect(IDKind.named("VpcId", service: "vpc") == nil)
    #expect(IDKind.ofMember("VpcName", service: "ecm") == nil)
  }

  @Test func actionIDs() {
    #expect(ActionID("ecm.CreateVpc") == ActionID("ecm", "CreateVpc"))
    #expect(ActionID("CreateVpc").service == "")
    #expect(ActionID("a.b.c").name == "b.c")
    #expect(ActionID("").name == "")
  }

  @Test func limitRegion() {
    #expect(CloudCall("ecm.CreateVpc", ["EcmRegion": "r1"]).limitRegion == "r1")
    #expect(CloudCall("cvm.RunInstances", region: "r2", ["EcmRegion": "r1"]).limitRegion == "r2")
    #expect(CloudCall("ecm.RunInstances", [:]).limitRegion == "")
  }
}

@Suite struct ErrorKindTests {
  @Test(
    arguments: [
      ("RequestLimitExceeded", .throttled), ("RequestLimitExceeded.UinLimitExceeded", .throttled),
      ("RequestLimitExceeded.GlobalRegionUinLimitExceeded", .throttled), ("InternalError", .server),
      ("InternalServerError", .server), ("InternalError.TradeUnknownError", .server), ("ServiceUnavailable", .server),
      ("FailedOperation.InternalOperationFailure", .server), ("FailedOperation.OperationConflict", .busy),
      ("OperationDenied.InstanceOperationInProgress", .busy), ("MutexOperation.TaskRunning", .busy),
      ("LimitExceeded.ExportImageTaskLimitExceeded", .busy), ("ResourceInUse.DiskRollbacking", .busy),
      ("UnsupportedOperation.InstanceStateStarting", .busy), ("UnsupportedOperation.InstanceStateStopped", .caller),
      ("ResourceInUse", .dependency), ("FailedOperation.InstanceInModule", .dependency),
      ("UnsupportedOperation.DelRouteWithSubnet", .dependency), ("AuthFailure.SignatureExpire", .clock),
      ("AuthFailure.SignatureFailure", .caller), ("ResourceNotFound", .gone),
      ("ResourceNotFound.InstanceNotExist", .gone),
      ("InvalidInstanceId.NotFound", .gone), ("InvalidParameter.LBIdNotFound", .gone),
      ("UnsupportedOperation.AddressIdNotFound", .gone), ("ResourceInsufficient.IPQuotaNotEnough", .stock),
      ("ResourcesSoldOut.SpecifiedInstanceType", .stock), ("LimitExceeded", .stock),
      ("InvalidParameterValue.AddressQuotaLimitExceeded", .stock), ("UnsupportedOperation.QuotaLimitExceeded", .stock),
      ("FailedOperation.BlockBalance", .stock), ("InvalidAccount.InsufficientBalance", .stock),
      ("InvalidParameterValue.InvaildModuleNum", .caller), ("MissingParameter", .caller), ("", .caller),
      ("RequestLimitExceededX", .caller), ("UnauthorizedOperation", .caller),
    ] as [(String, ErrorKind)]) func table(_ code: String, _ kind: ErrorKind)
  { #expect(ErrorKind(code: code) == kind) }
}

@Suite struct MarkTests {
  @Test func tags() {
    let mark = Mark.tags(parameter: "Tags")
    #expect(mark.apply("m", to: ["A": 1]) == ["A": 1, "Tags": [["Key": "belay-step", "Value": "m"]]])
    #expect(
      mark.apply("m", to: ["Tags": [["Key": "own", "Value": "x"]]])
        == ["Tags": [["Key": "own", "Value": "x"], ["Key": "belay-step", "Value": "m"]]])
    #expect(mark.apply("m", to: ["Tags": .null]) == mark.apply("m", to: [:]))
  }

  @Test func tagInfos() {
    #expect(
      Mark.tagInfos(parameter: "Tags").apply("m", to: [:])
        == ["Tags": [["TagKey": "belay-step", "TagValue": "m"]]])
  }

  @Test func specification() {
    let mark = Mark.specification(parameter: "TagSpecification", resourceType: "instance")
    let tag: Value = ["Key": "belay-step", "Value": "m"]
    #expect(mark.apply("m", to: [:]) == ["TagSpecification": [["ResourceType": "instance", "Tags": [tag]]]])
    let own: Value = ["Key": "own", "Value": "x"]
    #expect(
      mark.apply("m", to: ["TagSpecification": [["ResourceType": "instance", "Tags": [own]]]])
        == ["TagSpecification": [["ResourceType": "instance", "Tags": [own, tag]]]])
    let other: Value = ["ResourceType": "disk", "Tags": [own]]
    #expect(
      mark.apply("m", to: ["TagSpecification": [other]])
        == ["TagSpecification": [other, ["ResourceType": "instance", "Tags": [tag]]]])
    #expect(
      mark.apply("m", to: ["TagSpecification": [["ResourceType": "instance"]]])
        == ["TagSpecification": [["ResourceType": "instance", "Tags": [tag]]]])
  }

  @Test(
    arguments: [
      [:], ["Tags": .null], ["Tags": []], ["A": 1, "Tags": [["Key": "own", "Value": "x"]]],
      ["Tags": [["ResourceType": "instance"]]], ["Tags": [["ResourceType": "disk", "Tags": [["Key": "own"]]]]],
    ] as [Record])
  func itIsTakenOffAndSeen(_ arguments: Record) {
    let marks: [Mark] = [
      .tags(parameter: "Tags"), .tagInfos(parameter: "Tags"),
      .specification(parameter: "Tags", resourceType: "instance"),
    ]
    for mark in marks {
      let whole = mark.apply("m", to: arguments)
      #expect(mark.apply("m", to: mark.removed(from: whole)) == whole)
      #expect(!mark.isAdded("other", to: arguments, in: whole))
      #expect(!mark.isAdded("m", to: arguments, in: arguments))
      #expect(!mark.isAdded("m", to: arguments.merging(["A": 2]), in: whole))
      if case .specification = mark { continue }
      #expect(mark.isAdded("m", to: arguments, in: whole))
    }
  }
}
