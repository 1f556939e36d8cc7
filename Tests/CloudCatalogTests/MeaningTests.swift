import CloudCatalog
import Testing
import Values

/// The hand-written meanings against the facts of the books.
@Suite struct MeaningTests {
  static let classified = Catalog.serviceNames.flatMap { service in
    (Catalog.service(service)?.actionNames ?? []).map { ActionID(service, $0) }
  }.filter { Catalog.meaning($0) != nil }

  static let mutating = classified.filter { Catalog.meaning($0)?.effect != .read }

  @Test(arguments: mutating) func everyNameAndPathIsThere(_ action: ActionID) throws {
    let audit = try #require(MeaningAudit(action))
    #expect(audit.problems == [])
  }

  @Test func everyReadMeansTheSame() {
    let reads = Self.classified.filter { Catalog.meaning($0)?.effect == .read }
    #expect(reads.count >= 38)
    for action in reads {
      let meaning = Catalog.meaning(action)
      #expect(meaning?.wait == nil && meaning?.mark == nil && meaning?.secrets == [], "\(action)")
    }
  }

  @Test func unknownActionsMeanNothing() {
    #expect(Catalog.meaning("ecm.Nothing") == nil)
    #expect(Catalog.meaning("CreateVpc") == nil)
    #expect(Catalog.meaning("vpc.CreateVpc") == nil)
  }

  /// An id that a create makes leads to its undo and its adoption.
  @Test func createsAreIdentifiedOrLookedUp() {
    for action in Self.mutating {
      guard let meaning = Catalog.meaning(action), meaning.effect == .create else { continue }
      var looksUp = false
      if case .inverse(let inverse) = meaning.undo { looksUp = inverse.lookup != nil }
      #expect(meaning.identity != nil || looksUp, "\(action)")
      if case .resend = meaning.lost, meaning.clientToken == nil { Issue.record("\(action) would be made twice") }
    }
  }

  /// Parameters named as secrets and those that look like it are the same.
  @Test func passwordsAreSecret() throws {
    for action in Self.mutating {
      let facts = try #require(Catalog.action(action))
      let suspicious = facts.parameters.map(\.name).filter { $0.hasSuffix("Password") || $0 == "LoginSettings" }
      #expect(Catalog.meaning(action)?.secrets == suspicious, "\(action)")
    }
  }

  /// No more values in a filter than the book allows.
  @Test func pollsStayWithinTheBooksLimits() {
    for action in Self.mutating {
      guard let poll = Catalog.meaning(action)?.wait else { continue }
      for poll in [poll] + poll.fallback {
        let filtered = poll.arguments.contains { $0.0 == "Filters" }
        #expect(poll.idsPerCall <= (filtered ? 5 : 100), "\(action)")
      }
    }
  }
}

@Suite struct TemplateTests {
  private let context: TemplateContext = {
    var context = TemplateContext()
    context.arguments = ["Targets": [["ListenerId": "a"], ["ListenerId": "b"]], "Name": "web"]
    context.result = ["Failed": ["b"]]
    context.found = [
      "Set": [["Id": 1, "Name": "web"], ["Id": 2, "Name": "web-2"], ["Id": 3, "Name": "web"]], "Row": .null,
    ]
    context.mark = "m"
    context.ids = ["x"]
    return context
  }()

  @Test func filling() {
    #expect(Template.argument("Name").filled(context) == "web")
    #expect(Template.argument("Nothing").filled(context) == nil)
    #expect(Template.requestID.filled(context) == nil)
    #expect(Template.list([.mark, .requestID, .ids]).filled(context) == ["m", ["x"]])
    #expect(Template.filter("n", .ids).filled(context) == ["Name": "n", "Values": ["x"]])
    #expect(Template.record([("a", .argument("Nothing")), ("b", .constant(1))]).filled(context) == ["b": 1])
  }

  @Test func subtracting() {
    let template = Template.subtracting(.argument("Targets"), .result("Failed"), by: "ListenerId")
    #expect(template.filled(context) == [["ListenerId": "a"]])
    #expect(Template.subtracting(.argument("None"), .result("Failed"), by: nil).filled(context) == [])
    #expect(Template.subtracting(.constant([1, 2]), .constant([2]), by: nil).filled(context) == [1])
  }

  @Test func selecting() {
    let template = Template.selecting(
      "Id", from: .found("Set[]"), where: "Name", isOneOf: .list([.argument("Name")]))
    #expect(template.filled(context) == [1, 3])
    #expect(
      Template.rows(.found("Set[]"), where: "Id", isOneOf: .constant([2])).filled(context)
        == [["Id": 2, "Name": "web-2"]])
  }

  @Test func readsLeaveOutWhatIsNothing() {
    let read = Read("ecm.X", [("A", .argument("Nothing")), ("B", .found("Row")), ("C", .constant(1))])
    #expect(read.filled(context) == ["C": 1])
  }

  @Test func conditions() {
    let applies = { (condition: Template?) in UndoCall("ecm.X", [], when: condition).applies(context) }
    #expect(applies(nil) && applies(.argument("Name")) && applies(.ids))
    #expect(!applies(.argument("Nothing")) && !applies(.found("Row")) && !applies(.constant([])))
    #expect(!applies(.constant("")))
  }

  /// An image whose name only contains the wanted one is not the step's.
  @Test func undoOfAnImageTakesItsOwnOnly() throws {
    let meaning = try #require(Catalog.meaning("ecm.CreateImage"))
    guard case .inverse(let inverse) = meaning.undo, let call = inverse.calls.first else {
      Issue.record("no inverse")
      return
    }
    var context = TemplateContext()
    context.arguments = ["ImageName": "web"]
    context.before = ["ImageSet": [["ImageId": "img-0", "ImageName": "web"]]]
    context.found = [
      "ImageSet": [
        ["ImageId": "img-0", "ImageName": "web"], ["ImageId": "img-1", "ImageName": "web"],
        ["ImageId": "img-2", "ImageName": "web-2"],
      ]
    ]
    #expect(call.call.filled(context) == ["ImageIDSet": ["img-1"]])
    #expect(call.applies(context))
  }
}
