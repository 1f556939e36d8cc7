import CloudCatalog
import Testing
import Values

@testable import BelayCommands

/// The shape of `belay actions --format json`, over every action.
@Suite struct CatalogDocumentTests {
  static let document = CatalogDocument.value(of: Catalog.serviceNames.compactMap(Catalog.service)).asRecord ?? [:]

  static let keys = [
    "category", "summary", "rate_limit", "region_required", "inferred", "params", "outputs", "errors", "effect",
    "resource",
    "identity", "inverse", "quality", "undo_reason", "before_image", "lookup", "leaves", "probe", "lost_reason",
    "wait", "idempotency", "client_token", "given", "conflicts", "cascades", "budget", "secrets", "secret_results",
    "partial_failure", "condition", "doubt", "read",
  ]

  private func service(_ name: String) throws -> Record { try #require(Self.document[name]?.asRecord) }

  private func action(_ id: ActionID) throws -> Record {
    try #require(try service(id.service)["actions"]?.asRecord?[id.name]?.asRecord)
  }

  @Test func head() throws {
    #expect(Self.document.names == ["format", "ecm", "cvm"])
    #expect(Self.document["format"] == "belay.actions/1")
    let (ecm, cvm) = (try service("ecm"), try service("cvm"))
    #expect(ecm["version"] == "2019-07-19" && cvm["version"] == "2017-03-12")
    #expect(ecm["endpoint"] == "ecm.tencentcloudapi.com")
    #expect(ecm["actions"]?.asRecord?.count == 124 && cvm["actions"]?.asRecord?.count == 77 + 4)
    #expect(ecm["structures"]?.asRecord?.count == 99 && cvm["structures"]?.asRecord?.count == 62)
  }

  /// The counts that the books have.
  @Test func counts() throws {
    for (name, parameters, members, errors) in [("ecm", 409, 543, 1155), ("cvm", 347, 377, 1610)] {
      let actions = try #require(try service(name)["actions"]?.asRecord)
        .compactMap { $0.value.asRecord }.filter { $0["inferred"] == false }
      #expect(actions.reduce(0) { $0 + ($1["params"]?.asList?.count ?? 0) } == parameters)
      #expect(actions.reduce(0) { $0 + ($1["errors"]?.asList?.count ?? 0) } == errors)
      let structures = try #require(try service(name)["structures"]?.asRecord)
      #expect(structures.reduce(0) { $0 + ($1.value.asList?.count ?? 0) } == members)
    }
  }

  @Test(arguments: ActionLookup.all) func everyKeyIsThere(_ id: ActionID) throws {
    let record = try action(id)
    let facts = try #require(Catalog.action(id))
    #expect(record.names == Self.keys)
    #expect(record["rate_limit"] == .int(facts.rate))
    for (member, value) in zip(facts.parameters, record["params"]?.asList ?? []) {
      let parameter = try #require(value.asRecord)
      #expect(parameter.names.prefix(3) == ["name", "type", "required"])
      #expect(parameter["name"] == .text(member.name) && parameter["type"] == .text("\(member.type)"))
      let allowed: Set = [
        "name", "type", "required", "default", "enum", "min", "max", "min_length", "max_length", "max_items", "format",
        "pattern", "exclusive",
      ]
      #expect(allowed.isSuperset(of: parameter.names))
    }
    for (member, value) in zip(facts.outputs, record["outputs"]?.asList ?? []) {
      #expect(value.asRecord?.names == ["name", "type", "nullable"])
      #expect(value.asRecord?["type"] == .text("\(member.type)"))
    }
    #expect(record["params"]?.asList?.count == facts.parameters.count)
    #expect(record["errors"] == .list(facts.errors.map(Value.text)))
    try checkMeaning(record, id)
  }

  private func checkMeaning(_ record: Record, _ id: ActionID) throws {
    guard let meaning = Catalog.meaning(id) else {
      #expect(record["effect"] == .null && record["quality"] == "none")
      return
    }
    #expect(record["effect"] == .text(meaning.effect.rawValue))
    #expect((record["effect"] == "read") == (record["idempotency"] == "read"))
    #expect((record["effect"] == "read") == (record["read"]?.asRecord != nil))
    let words: Set<Value> = ["safe to resend", "client token", "tag", "natural key", "none", "read"]
    #expect(words.contains(record["idempotency"] ?? .null))
    let hasInverse = record["inverse"]?.asRecord?["action"]?.asText != nil
    #expect(hasInverse == (record["undo_reason"] == .null), "an inverse, or the reason why there is none")
    #expect(hasInverse == (record["quality"] != "none"))
    #expect(record["wait"] == "immediate" || record["wait"]?.asRecord?["action"] != nil)
    if record["idempotency"] == "none" { #expect(record["lost_reason"]?.asText != nil) }
  }

  @Test func membersAreRequiredOrNullable() throws {
    for name in Catalog.serviceNames {
      for (structure, members) in try #require(try service(name)["structures"]?.asRecord) {
        let kinds = Set((members.asList ?? []).map { $0.asRecord?["required"] == nil })
        #expect(kinds.count <= 1, "\(name).\(structure)")
      }
    }
    let structures = try #require(try service("ecm")["structures"]?.asRecord)
    #expect(structures["Tag"]?.asList?.first?.asRecord?["required"] == true)
    #expect(structures["VpcInfo"]?.asList?.first?.asRecord?["nullable"] == false)
  }

  @Test func typesOfStatedValues() throws {
    let run = try action("ecm.RunInstances")
    let parameters = (run["params"]?.asList ?? []).compactMap(\.asRecord)
    let charge = parameters.first { $0["name"] == "InstanceChargeType" }
    #expect(charge?["enum"] == [0, 1, 2])
    let password = parameters.first { $0["name"] == "Password" }
    #expect(password?["min_length"] == 8 && password?["exclusive"] == ["KeepImageLogin"])
  }

  @Test func templates() {
    #expect(Template.argument("VpcId").form == ["from": "argument", "path": "VpcId"])
    #expect(Template.constant(100).form == 100)
    #expect(Template.list([.mark, .requestID]).form == [["from": "mark"], ["from": "request_id"]])
    #expect(
      Template.filter("vpc-id", .list([.before("VpcSet[0].VpcId")])).form
        == ["Name": "vpc-id", "Values": [["from": "before", "path": "VpcSet[0].VpcId"]]])
  }

  @Test func theSameTwice() {
    let services = Catalog.serviceNames.compactMap(Catalog.service)
    #expect(JSON.print(CatalogDocument.value(of: services)) == JSON.print(.record(Self.document)))
  }
}
