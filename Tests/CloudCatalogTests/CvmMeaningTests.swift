import CloudCatalog
import Testing
import Values

/// What CVM's actions mean, as a whole; that every path is there is held by ``MeaningTests``.
@Suite struct CvmMeaningTests {
  private static let names = Catalog.service("cvm")?.actionNames ?? []
  static let all = names.map { ActionID("cvm", $0) }
  static let mutating = all.filter { Catalog.meaning($0)?.effect != .read }
  static let reads = all.filter { Catalog.meaning($0)?.effect == .read }

  @Test func everyActionIsClassified() {
    #expect(Self.all.count == 81)
    #expect(Self.all.filter { Catalog.meaning($0) == nil } == [])
    #expect(Self.mutating.count == 48)
    #expect(Self.reads.count == 33)
  }

  @Test(arguments: mutating) func everyNameAndPathIsThere(_ action: ActionID) throws {
    let audit = try #require(MeaningAudit(action))
    #expect(audit.problems == [])
  }

  /// What cannot be undone says why; what can, gives its inverse what that needs and gets nothing twice.
  @Test(arguments: mutating) func undoIsGivenOrExplained(_ action: ActionID) throws {
    let meaning = try #require(Catalog.meaning(action))
    switch meaning.undo {
    case .nothing(let reason), .impossible(let reason): #expect(reason.count > 10)
    case .inverse(let inverse):
      #expect(!inverse.calls.isEmpty)
      for undo in inverse.calls {
        #expect(undo.call.action.service == "cvm")
        let given = undo.call.arguments.map(\.name)
        #expect(Set(given).count == given.count)
        let facts = try #require(Catalog.action(undo.call.action))
        #expect(facts.parameters.filter(\.required).map(\.name).allSatisfy(given.contains))
      }
      for parameter in inverse.leaves { #expect(Catalog.action(action)?.parameter(parameter) != nil) }
    }
  }

  /// A token makes a repeated call harmless, so nothing has to be looked for.
  @Test func tokensAreUsedWhereTheBookHasThem() throws {
    let having = try Self.mutating.filter { try #require(Catalog.action($0)).parameter("ClientToken") != nil }
    #expect(having.count == 6)
    for action in Self.mutating {
      let meaning = try #require(Catalog.meaning(action))
      #expect((meaning.clientToken != nil) == having.contains(action), "\(action)")
      guard meaning.clientToken != nil else { continue }
      guard case .resend = meaning.lost else {
        Issue.record("\(action) has a token and is not sent again")
        continue
      }
    }
  }

  @Test func whatIsAskedAboutSaysWhy() {
    let asked = Self.mutating.compactMap { action -> String? in
      guard case .ask(let reason)? = Catalog.meaning(action)?.lost else { return nil }
      #expect(reason.count > 10)
      return action.name
    }
    #expect(asked == ["ExportImages", "SyncImages"])
  }

  @Test func refusalsAreThoseOfThePage() throws {
    for action in Self.mutating {
      let meaning = try #require(Catalog.meaning(action))
      let errors = try #require(Catalog.action(action)).errors
      for code in meaning.takenCodes + meaning.goneCodes { #expect(errors.contains(code), "\(action): \(code)") }
    }
  }

  @Test func secretsOfAnswersAreCovered() throws {
    #expect(Catalog.meaning("cvm.CreateKeyPair")?.secretResults == ["KeyPair.PrivateKey"])
    #expect(
      Self.all.filter { Catalog.meaning($0)?.secretResults.isEmpty == false }.map(\.name) == [
        "CreateKeyPair", "DescribeInstanceVncUrl", "DescribeInstances", "DescribeKeyPairs",
        "DescribeLaunchTemplateVersions",
      ])
    for action in Self.all {
      let service = try #require(Catalog.service("cvm"))
      let answer = Shape.members(try #require(Catalog.action(action)).outputs)
      for path in Catalog.meaning(action)?.secretResults ?? [] { #expect(answer.following(path, service) != nil) }
    }
  }

  /// What tells whose operation a row speaks of, and that it failed.
  @Test func pollsLookAtWhatIsThere() throws {
    let service = try #require(Catalog.service("cvm"))
    for action in Self.mutating {
      guard let first = Catalog.meaning(action)?.wait else { continue }
      for poll in [first] + first.fallback {
        let answer = Shape.members(try #require(Catalog.action(poll.action)).outputs)
        for path in [poll.origin?.path, poll.failure?.path].compactMap(\.self) {
          #expect(answer.following(ValuePath("\(try #require(poll.rows)).\(path)"), service) != nil, "\(action)")
        }
        #expect(poll.failure == nil || poll.origin != nil, "\(action) would take an older failure for its own")
      }
    }
  }

  @Test func conflictsAreParameters() throws {
    let service = try #require(Catalog.service("cvm"))
    for action in Self.mutating {
      let arguments = Shape.members(try #require(Catalog.action(action)).parameters)
      for path in Catalog.meaning(action)?.conflicts ?? [] {
        #expect(arguments.following(path, service) != nil, "\(action): \(path)")
      }
      for given in Catalog.meaning(action)?.given ?? [] {
        #expect(Catalog.action(action)?.parameter(given.name) != nil)
      }
    }
  }

  @Test func dryRunsAreThoseThatTakeTheParameter() throws {
    let taking = Self.names.filter { Catalog.action(ActionID("cvm", $0))?.parameter(CvmDryRun.parameter) != nil }
    #expect(Set(CvmDryRun.actions) == Set(taking))
    #expect(CvmDryRun.actions.count == 13)
    #expect(Catalog.service("cvm")?.commonErrors.contains(CvmDryRun.passed) == true)
  }
}

/// What CVM's reads list, against the facts.
@Suite struct CvmReadTests {
  @Test(arguments: CvmMeaningTests.reads) func readsListWhatTheBookSays(_ action: ActionID) throws {
    let meaning = try #require(Catalog.readMeaning(action))
    let facts = try #require(Catalog.action(action))
    let service = try #require(Catalog.service("cvm"))
    var row: Shape? = .members(facts.outputs)
    if let rows = meaning.rows {
      row = row?.following(rows, service)
      if case .list(let element)? = row { row = element }
    }
    #expect(row != nil)
    if let id = meaning.id { #expect(row?.following(ValuePath(id), service) != nil) }
    let limit = facts.parameter("Limit")
    #expect((meaning.paging != nil) == (limit != nil))
    #expect(meaning.paging?.maximumLimit.map(Double.init) == limit?.constraints.maximum)
    #expect(meaning.paging?.defaultLimit.map(String.init) == limit?.constraints.defaultValue)
    #expect((meaning.filters != nil) == (facts.parameter("Filters") != nil))
    #expect(meaning.filters?.maximumFilters == facts.parameter("Filters")?.constraints.maximumItems)
    if let list = meaning.idList {
      let parameter = try #require(facts.parameter(list.parameter))
      #expect(parameter.constraints.maximumItems == list.maximum)
    }
  }

  @Test func mutatingActionsListNothing() {
    for action in CvmMeaningTests.mutating { #expect(Catalog.readMeaning(action) == nil) }
  }
}

/// What the undo of some calls comes to.
@Suite struct CvmUndoTests {
  private func calls(_ action: ActionID, _ context: TemplateContext) throws -> [(ActionID, Record)] {
    guard case .inverse(let inverse) = try #require(Catalog.meaning(action)).undo else { return [] }
    return inverse.calls.flatMap { $0.unfolded(context) ?? [$0] }.filter { $0.applies(context) }.map {
      ($0.call.action, $0.filled(context))
    }
  }

  private func expect(
    _ action: ActionID, _ context: TemplateContext, _ wanted: [(ActionID, Record)],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let made = try calls(action, context)
    #expect(made.map(\.0) == wanted.map(\.0), sourceLocation: sourceLocation)
    #expect(made.map(\.1) == wanted.map(\.1), sourceLocation: sourceLocation)
  }

  @Test func instancesThatAreOnTheirWayOutAreLeftAlone() throws {
    var context = TemplateContext()
    context.arguments = ["DisableApiTermination": true]
    context.result = ["InstanceIdSet": ["ins-a", "ins-b", "ins-c"]]
    context.found = [
      "InstanceSet": [
        ["InstanceId": "ins-a", "InstanceState": "RUNNING", "DisableApiTermination": true],
        ["InstanceId": "ins-b", "InstanceState": "TERMINATING", "DisableApiTermination": true],
        ["InstanceId": "ins-c", "InstanceState": "STOPPED", "DisableApiTermination": false],
      ]
    ]
    try expect(
      "cvm.RunInstances", context,
      [
        ("cvm.ModifyInstancesAttribute", ["InstanceIds": ["ins-a"], "DisableApiTermination": false]),
        ("cvm.TerminateInstances", ["InstanceIds": ["ins-a", "ins-c"]]),
      ])
    context.arguments = [:]
    try expect("cvm.RunInstances", context, [("cvm.TerminateInstances", ["InstanceIds": ["ins-a", "ins-c"]])])
  }

  @Test func whatWasStoppedWithoutChargeIsStoppedSoAgain() throws {
    var context = TemplateContext()
    context.arguments = ["InstanceIds": ["ins-a", "ins-b"]]
    context.before = [
      "InstanceSet": [
        ["InstanceId": "ins-a", "StopChargingMode": "STOP_CHARGING"],
        ["InstanceId": "ins-b", "StopChargingMode": "KEEP_CHARGING"],
      ]
    ]
    context.found = [
      "InstanceSet": [
        ["InstanceId": "ins-a", "InstanceState": "RUNNING"], ["InstanceId": "ins-b", "InstanceState": "RUNNING"],
      ]
    ]
    try expect(
      "cvm.StartInstances", context,
      [
        ("cvm.StopInstances", ["InstanceIds": ["ins-a"], "StoppedMode": "STOP_CHARGING"]),
        ("cvm.StopInstances", ["InstanceIds": ["ins-b"]]),
      ])
  }

  @Test func attributesGoBackInGroups() throws {
    var context = TemplateContext()
    context.arguments = ["InstanceIds": ["ins-a", "ins-b", "ins-c"], "InstanceName": "new"]
    context.before = [
      "InstanceSet": [
        ["InstanceId": "ins-a", "InstanceName": "x", "SecurityGroupIds": ["sg-1"]],
        ["InstanceId": "ins-b", "InstanceName": "y", "SecurityGroupIds": ["sg-1"]],
        ["InstanceId": "ins-c", "InstanceName": "x", "SecurityGroupIds": []],
      ]
    ]
    try expect(
      "cvm.ModifyInstancesAttribute", context,
      [
        ("cvm.ModifyInstancesAttribute", ["InstanceIds": ["ins-a", "ins-c"], "InstanceName": "x"]),
        ("cvm.ModifyInstancesAttribute", ["InstanceIds": ["ins-b"], "InstanceName": "y"]),
      ])
    context.arguments = ["InstanceIds": ["ins-a"], "HostName": "h"]
    try expect("cvm.ModifyInstancesAttribute", context, [])
  }

  @Test func sharesGoBackToWhatTheyWere() throws {
    var context = TemplateContext()
    context.arguments = ["ImageId": "img-1", "AccountIds": ["1", "2"], "Permission": "SHARE"]
    context.before = ["SharePermissionSet": [["AccountId": "9"]]]
    let cancelled: Record = ["ImageId": "img-1", "AccountIds": ["1", "2"], "Permission": "CANCEL"]
    try expect("cvm.ModifyImageSharePermission", context, [("cvm.ModifyImageSharePermission", cancelled)])
    context.arguments["Permission"] = "CANCEL"
    context.before = ["SharePermissionSet": [["AccountId": "1"], ["AccountId": "2"], ["AccountId": "9"]]]
    let shared: Record = ["ImageId": "img-1", "AccountIds": ["1", "2"], "Permission": "SHARE"]
    try expect("cvm.ModifyImageSharePermission", context, [("cvm.ModifyImageSharePermission", shared)])
  }

  @Test func copiesOfAnImageAreDeletedWhereTheyAre() throws {
    var context = TemplateContext()
    context.result = [
      "ImageSet": [["ImageId": "img-1", "Region": "ap-tokyo"], ["ImageId": "img-2", "Region": "ap-seoul"]]
    ]
    guard case .inverse(let inverse) = try #require(Catalog.meaning("cvm.SyncImages")).undo else { return }
    let calls = inverse.calls.flatMap { $0.unfolded(context) ?? [] }
    #expect(calls.map { $0.region(context) } == ["ap-tokyo", "ap-seoul"])
    #expect(
      calls.map { $0.filled(context) } == [
        ["ImageIds": ["img-1"], "DeleteBindedSnap": true], ["ImageIds": ["img-2"], "DeleteBindedSnap": true],
      ])
  }

  /// Snapshots that the call named were there before the image.
  @Test func snapshotsThatAnImageWasMadeOfStay() throws {
    var context = TemplateContext()
    context.arguments = ["ImageName": "web", "SnapshotIds": ["snap-1"]]
    context.before = ["ImageSet": []]
    context.found = ["ImageSet": [["ImageId": "img-1", "ImageName": "web"]]]
    try expect("cvm.CreateImage", context, [("cvm.DeleteImages", ["ImageIds": ["img-1"]])])
    context.arguments = ["ImageName": "web", "InstanceId": "ins-1"]
    try expect(
      "cvm.CreateImage", context, [("cvm.DeleteImages", ["ImageIds": ["img-1"], "DeleteBindedSnap": true])])
  }

  @Test func hostsWithoutANetworkLoseIt() throws {
    var context = TemplateContext()
    context.before = [
      "ChcHostSet": [
        ["ChcId": "chc-1", "BmcVirtualPrivateCloud": .null],
        [
          "ChcId": "chc-2", "BmcVirtualPrivateCloud": ["VpcId": "vpc-1", "SubnetId": "subnet-1"], "BmcIp": "10.0.0.2",
          "DeployVirtualPrivateCloud": .null,
        ],
      ]
    ]
    try expect(
      "cvm.ConfigureChcAssistVpc", context,
      [
        ("cvm.RemoveChcAssistVpc", ["ChcIds": ["chc-1"]]),
        (
          "cvm.ConfigureChcAssistVpc",
          [
            "ChcIds": ["chc-2"],
            "BmcVirtualPrivateCloud": [
              "VpcId": "vpc-1", "SubnetId": "subnet-1", "PrivateIpAddresses": ["10.0.0.2"],
            ],
          ]
        ),
      ])
  }
}
