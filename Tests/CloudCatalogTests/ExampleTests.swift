import CloudCatalog
import Foundation
import Testing
import Values

/// The books' own examples, kept under Tests/Fixtures/examples, against the facts.
@Suite struct ExampleTests {
  /// Where the books' examples depart from the books' tables, and why. One that is no longer there fails the test.
  static let slips: [(reason: String, places: [String])] = [
    (
      "the answer leaves out the RequestId, against every table of results",
      [
        "ecm CreateSecurityGroup 1 response: 'RequestId' is missing",
        "ecm DeleteSecurityGroup 1 response: 'RequestId' is missing",
        "ecm DescribeSecurityGroupAssociationStatistics 1 response: 'RequestId' is missing",
        "ecm ModifySecurityGroupAttribute 1 response: 'RequestId' is missing",
        "ecm ModifySecurityGroupPolicies 1 response: 'RequestId' is missing",
        "ecm ReplaceSecurityGroupPolicy 1 response: 'RequestId' is missing",
      ]
    ),
    (
      "the answer is shown without its one result",
      [
        "ecm DescribeInstancesDeniedActions 1 response: 'InstanceOperatorSet' is missing",
        "cvm InquirePricePurchaseReservedInstancesOffering 1 response: 'Price' is missing",
        "cvm SyncImages 1 response: 'ImageSet' is missing",
      ]
    ),
    (
      "a number in quotation marks stands where the type of a disk belongs",
      [#"ecm DescribePriceRunInstance 1 request.SystemDisk.DiskType: "\"234\"" is against a stated constraint"#]
    ),
    (
      "the id of a task is a String everywhere else",
      ["ecm DescribeTaskStatus 1 response.TaskSet[0].TaskId: 1528600 is no String"]
    ),
    (
      "the table of parameters leaves this structure out, and the chapter of types prints it empty",
      ["cvm ConfigureChcDeployVpc 1 request: 'ChcDeployExtraConfig' is not in the table"]
    ),
    (
      "the table does not say that this may be null",
      ["cvm DescribeImages 1 response.ImageSet[0].ImageCreator: is null"]
    ),
    (
      "the chapter of types leaves this structure out",
      (0..<4).map { index in
        "cvm DescribeInstanceTypeConfigs 1 response.InstanceTypeConfigSet[\(index)]: "
          + "the books do not define InstanceTypeConfig"
      }
    ),
    (
      "the table calls it ReservedInstanceId",
      ["cvm DescribeReservedInstances 1 response.ReservedInstancesSet[0]: 'ReservedInstancesId' is not in the table"]
    ),
    (
      "the table of parameters knows no pages",
      [
        "cvm DescribeReservedInstancesConfigInfos 1 request: 'Offset' is not in the table",
        "cvm DescribeReservedInstancesConfigInfos 1 request: 'Limit' is not in the table",
      ]
    ),
  ]

  /// Each example of each action: `RunInstances 1`, its request and its response.
  private struct Example {
    let place: String
    let facts: ActionFacts
    let request: Record
    let response: Record
  }

  private static func examples(of service: ServiceCatalog) throws -> [Example] {
    var result: [Example] = []
    for facts in service.documentedActionNames.compactMap(service.action) {
      let path = "Tests/Fixtures/examples/\(service.name)/\(facts.id.name).json"
      let bytes = try Data(contentsOf: repository.appending(path: path))
      let elements = try #require(try JSON.parse([UInt8](bytes)).asList, "\(path)")
      for element in elements {
        let record = try #require(element.asRecord, "\(path)")
        let number = try #require(record["title"]?.asText).replacing("example ", with: "")
        result.append(
          Example(
            place: "\(service.name) \(facts.id.name) \(number)", facts: facts,
            request: try #require(record["request"]?.asRecord, "\(path)"),
            response: try #require(record["response"]?.asRecord, "\(path)")))
      }
    }
    return result
  }

  private static let repository =
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test func everyActionHasAnExample() throws {
    for name in Catalog.serviceNames {
      let service = try #require(Catalog.service(name))
      let examples = try Self.examples(of: service)
      #expect(Set(examples.map(\.facts.id.name)).count == service.documentedActionNames.count)
      #expect(examples.count == (name == "ecm" ? 130 : 90))
    }
  }

  @Test func examplesAgreeWithTheFacts() throws {
    var found: [String] = []
    for service in Catalog.serviceNames.compactMap(Catalog.service) {
      for example in try Self.examples(of: service) {
        var audit = ExampleAudit(service)
        audit.checkRequest(example.request, example.facts, "\(example.place) request")
        audit.checkResponse(example.response, example.facts, "\(example.place) response")
        found += audit.problems
      }
    }
    let known = Self.slips.flatMap(\.places)
    #expect(found.filter { !known.contains($0) } == [], "neither in the tables nor a known slip of the books")
    #expect(known.filter { !found.contains($0) } == [], "listed as a slip, but no longer there")
    #expect(Set(known).count == known.count)
  }

  /// The audit finds what it is there to find.
  @Test func theAuditBites() throws {
    let service = try #require(Catalog.service("ecm"))
    let facts = try #require(service.action("CreateVpc"))
    var audit = ExampleAudit(service)
    audit.checkRequest(
      ["VpcName": 1, "Tags": [["Key": "k", "Valu": "v"]], "DnsServers": "a", "Colour": "red"], facts, "sent")
    #expect(
      audit.problems == [
        "sent.VpcName: 1 is no String", "sent.Tags[0]: 'Valu' is not in the table",
        "sent.Tags[0]: 'Value' is missing", "sent.DnsServers: \"a\" is no Array of String",
        "sent: 'Colour' is not in the table", "sent: 'CidrBlock' is missing", "sent: 'EcmRegion' is missing",
      ])
    audit = ExampleAudit(service)
    audit.checkResponse(["Vpc": .null, "Extra": 1], facts, "answered")
    #expect(
      audit.problems == [
        "answered.Vpc: is null", "answered: 'Extra' is not in the table", "answered: 'RequestId' is missing",
      ])
  }
}

/// Holds one example against the facts. The servers read `"50"` and `"TRUE"` as a number and a truth value, and the
/// books' examples are full of them: that is no slip.
private struct ExampleAudit {
  private(set) var problems: [String] = []
  private let service: ServiceCatalog
  /// Of the structures that can be part of a request the books do not say what may be null in an answer.
  private let sentStructures: Set<String>

  init(_ service: ServiceCatalog) {
    self.service = service
    var names: Set<String> = []
    var waiting = service.documentedActionNames.compactMap(service.action).flatMap(\.parameters)
    while let member = waiting.popLast() {
      guard let name = ExampleAudit.structureName(member.type), names.insert(name).inserted else { continue }
      waiting += service.structure(name)?.members ?? []
    }
    sentStructures = names
  }

  private static func structureName(_ type: FactType) -> String? {
    switch type {
    case .structure(let name): name
    case .array(let element): structureName(element)
    case .integer, .float, .boolean, .string, .timestamp: nil
    }
  }

  mutating func checkRequest(_ request: Record, _ facts: ActionFacts, _ place: String) {
    checkMembers(request, facts.parameters, place, isSent: true)
    for parameter in facts.parameters where request[parameter.name] != nil {
      for other in parameter.constraints.exclusive where parameter.name < other && request[other] != nil {
        problems.append("\(place): '\(parameter.name)' stands beside '\(other)'")
      }
    }
  }

  /// Every documented result is there, and the RequestId.
  mutating func checkResponse(_ response: Record, _ facts: ActionFacts, _ place: String) {
    var answer = response
    answer["RequestId"] = nil
    checkMembers(answer, facts.outputs, place, isSent: false)
    for output in facts.outputs where answer[output.name] == nil {
      problems.append("\(place): '\(output.name)' is missing")
    }
    if response["RequestId"]?.asText == nil { problems.append("\(place): 'RequestId' is missing") }
  }

  private mutating func checkMembers(
    _ record: Record, _ known: [MemberFacts], _ place: String, isSent: Bool, mayAllBeNull: Bool = false
  ) {
    for (name, value) in record {
      guard let member = known.first(where: { $0.name == name }) else {
        problems.append("\(place): '\(name)' is not in the table")
        continue
      }
      if value.isNull {
        if isSent || !(member.nullable || mayAllBeNull) { problems.append("\(place).\(name): is null") }
      } else {
        check(value, member.type, member, "\(place).\(name)", isSent: isSent)
      }
    }
    guard isSent else { return }
    for member in known where member.required && record[member.name] == nil {
      problems.append("\(place): '\(member.name)' is missing")
    }
  }

  private mutating func check(
    _ value: Value, _ type: FactType, _ member: MemberFacts, _ place: String, isSent: Bool
  ) {
    switch type {
    case .array(let element):
      guard case .list(let elements) = value else { return mismatch(value, type, place) }
      if isSent, let maximum = member.constraints.maximumItems, elements.count > maximum {
        problems.append("\(place): \(elements.count) elements")
      }
      for (index, item) in elements.enumerated() { check(item, element, member, "\(place)[\(index)]", isSent: isSent) }
    case .structure(let name):
      guard let record = value.asRecord else { return mismatch(value, type, place) }
      guard let structure = service.structure(name) else {
        return problems.append("\(place): the books do not define \(name)")
      }
      checkMembers(
        record, structure.members, place, isSent: isSent, mayAllBeNull: sentStructures.contains(name))
    case .integer, .float, .boolean, .string, .timestamp:
      guard ExampleAudit.fits(value, type) else { return mismatch(value, type, place) }
      if isSent { checkConstraints(value, member.constraints, place) }
    }
  }

  private mutating func mismatch(_ value: Value, _ type: FactType, _ place: String) {
    problems.append("\(place): \(JSON.print(value)) is no \(type)")
  }

  private static func fits(_ value: Value, _ type: FactType) -> Bool {
    switch (value, type) {
    case (.int, .integer), (.int, .float), (.float, .float), (.bool, .boolean): true
    case (.text, .string), (.text, .timestamp): true
    case (.text(let text), .integer): Int(text) != nil
    case (.text(let text), .float): Double(text) != nil
    case (.text(let text), .boolean): ["true", "false"].contains(text.lowercased())
    default: false
    }
  }

  private mutating func checkConstraints(_ value: Value, _ stated: Constraints, _ place: String) {
    let text = value.display
    var isKept = stated.enumeration.isEmpty || stated.enumeration.contains(text)
    if let number = Double(text) {
      isKept = isKept && number >= stated.minimum ?? number && number <= stated.maximum ?? number
    }
    isKept = isKept && text.count >= stated.minimumLength ?? 0 && text.count <= stated.maximumLength ?? text.count
    if let pattern = stated.pattern, let regex = try? Regex(pattern) {
      isKept = isKept && (try? regex.wholeMatch(in: text)) != nil
    }
    if !isKept { problems.append("\(place): \(JSON.print(value)) is against a stated constraint") }
  }
}
