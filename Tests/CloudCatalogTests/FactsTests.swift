import CloudCatalog
import Testing

/// The fact files as the reader gives them.
@Suite struct FactsTests {
  static let services = Catalog.serviceNames.compactMap(Catalog.service)

  @Test func counts() throws {
    let ecm = try #require(Catalog.service("ecm"))
    let cvm = try #require(Catalog.service("cvm"))
    #expect(ecm.documentedActionNames.count == 124 && cvm.documentedActionNames.count == 77)
    #expect(ecm.actionNames.count == 124 && cvm.actionNames.count == 77 + 4)
    #expect(ecm.structureNames.count == 99 && cvm.structureNames.count == 62)
    #expect(ecm.version == "2019-07-19" && cvm.version == "2017-03-12")
    #expect(ecm.endpoint == "ecm.tencentcloudapi.com")
    #expect(Catalog.service("vpc") == nil)
  }

  @Test func namesAreUniqueAndFound() {
    for service in Self.services {
      #expect(Set(service.actionNames).count == service.actionNames.count)
      #expect(Set(service.structureNames).count == service.structureNames.count)
      for name in service.actionNames { #expect(service.action(name)?.id == ActionID(service.name, name)) }
      for name in service.structureNames { #expect(service.structure(name)?.name == name) }
      #expect(service.action("Nothing") == nil && service.structure("Nothing") == nil)
    }
  }

  /// Every structure that a member names is there. The CVM book leaves two undefined.
  @Test func everyNamedStructureIsThere() {
    var missing: Set<String> = []
    for service in Self.services {
      let actions = service.actionNames.compactMap(service.action)
      let structures = service.structureNames.compactMap(service.structure)
      for member in actions.flatMap({ $0.parameters + $0.outputs }) + structures.flatMap(\.members) {
        if let name = Self.structureName(member.type), service.structure(name) == nil {
          missing.insert("\(service.name).\(name)")
        }
      }
    }
    #expect(missing.subtracting(["cvm.InstanceTypeConfig"]) == [])
  }

  private static func structureName(_ type: FactType) -> String? {
    switch type {
    case .structure(let name): name
    case .array(let element): structureName(element)
    case .integer, .float, .boolean, .string, .timestamp: nil
    }
  }

  @Test func everyActionHasASummaryARateAndDistinctMembers() {
    for action in Self.services.flatMap({ service in service.actionNames.compactMap(service.action) }) {
      #expect(!action.summary.isEmpty && !action.category.isEmpty, "\(action.id)")
      #expect([10, 20, 40, 288].contains(action.rate), "\(action.id): \(action.rate)")
      let needsRegion = action.id.service == "cvm" && action.id != "cvm.DescribeRegions"
      #expect(action.regionRequired == needsRegion, "\(action.id)")
      #expect(Set(action.parameters.map(\.name)).count == action.parameters.count, "\(action.id)")
      #expect(Set(action.outputs.map(\.name)).count == action.outputs.count, "\(action.id)")
      #expect(Set(action.errors).count == action.errors.count, "\(action.id)")
      for parameter in action.parameters { Self.check(parameter, of: action) }
    }
  }

  private static func check(_ member: MemberFacts, of action: ActionFacts) {
    let place: Comment = "\(action.id).\(member.name)"
    if let low = member.constraints.minimum, let high = member.constraints.maximum { #expect(low <= high, place) }
    if let low = member.constraints.minimumLength, let high = member.constraints.maximumLength {
      #expect(low <= high, place)
    }
    for other in member.constraints.exclusive { #expect(action.parameter(other) != nil, "\(place): \(other)") }
    #expect(!member.name.contains("."), place)
  }

  @Test func ecmCreateVpc() throws {
    let action = try #require(Catalog.action("ecm.CreateVpc"))
    #expect(
      action.parameters.map(\.name) == [
        "VpcName", "CidrBlock", "EcmRegion", "EnableMulticast", "DnsServers", "DomainName", "Tags", "Description",
      ])
    #expect(action.parameters.filter(\.required).map(\.name) == ["VpcName", "CidrBlock", "EcmRegion"])
    #expect(action.parameter("VpcName")?.constraints.maximumLength == 60)
    #expect(action.parameter("CidrBlock")?.constraints.format == "cidr")
    #expect(action.parameter("DnsServers")?.type == .array(.string))
    #expect(action.parameter("DnsServers")?.constraints.maximumItems == 4)
    #expect(action.parameter("Tags")?.type == .array(.structure("Tag")))
    #expect(action.outputs.map(\.name) == ["Vpc"])
    #expect(action.output("Vpc")?.type == .structure("VpcInfo"))
    #expect(action.rate == 20 && !action.regionRequired)
    #expect(Catalog.service("ecm")?.structure("VpcInfo")?.member("VpcId")?.type == .string)
  }

  @Test func ecmRunInstances() throws {
    let action = try #require(Catalog.action("ecm.RunInstances"))
    let zones = try #require(action.parameter("ZoneInstanceCountISPSet"))
    #expect(zones.required && zones.type == .array(.structure("ZoneInstanceCountISP")))
    #expect(action.parameters.filter(\.required).map(\.name) == ["ZoneInstanceCountISPSet"])
    #expect(action.parameter("Password")?.constraints.exclusive == ["KeepImageLogin"])
    #expect(action.parameter("Password")?.constraints.minimumLength == 8)
    #expect(action.parameter("InstanceChargeType")?.constraints.enumeration == ["0", "1", "2"])
    #expect(action.output("InstanceIdSet")?.type == .array(.string))
    let element = Catalog.service("ecm")?.structure("ZoneInstanceCountISP")
    #expect(element?.members.map(\.name).prefix(3) == ["Zone", "InstanceCount", "ISP"])
    #expect(element?.member("InstanceCount")?.type == .integer)
  }

  @Test func cvmRunInstances() throws {
    let action = try #require(Catalog.action("cvm.RunInstances"))
    #expect(action.rate == 10 && action.regionRequired)
    #expect(action.parameters.count == 29)
    #expect(action.parameter("InstanceCount")?.constraints.defaultValue == "1")
    #expect(action.parameter("InstanceCount")?.constraints.maximum == 100)
    #expect(action.parameter("ClientToken")?.constraints.maximumLength == 64)
    #expect(action.parameter("DryRun")?.type == .boolean)
    #expect(action.parameter("DataDisks")?.type == .array(.structure("DataDisk")))
    #expect(
      action.parameter("InstanceChargeType")?.constraints.enumeration
        == ["PREPAID", "POSTPAID_BY_HOUR", "CDHPAID", "SPOTPAID"])
    #expect(action.outputs.map(\.name) == ["InstanceIdSet"])
  }

  @Test func misprintsStayAsPrinted() throws {
    let errors = Self.services.flatMap { service in service.actionNames.compactMap(service.action) }.flatMap(\.errors)
    #expect(errors.contains("InvalidParameterValue.InvaildModuleNum"))
    #expect(errors.contains("UnsupportedOperation.SnapshotHasBindedImage"))
    #expect(Catalog.service("ecm")?.commonErrors.contains("RequestLimitExceeded") == true)
  }
}
