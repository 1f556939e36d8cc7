import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

/// A small runbook that calls one action with what it must have, in the canonical layout. It passes the checker; the
/// ids in it are made up.
struct ExampleRunbook {
  private let nature: ActionNature
  private let service: String
  private let samples: SampleValues

  init(_ nature: ActionNature) {
    self.nature = nature
    service = nature.facts.id.service
    samples = SampleValues(service: service)
  }

  /// From `use` on, ending in a line end.
  var text: String {
    let whole = "runbook example.call 1.0.0\n\n\(use)\n\n\(inputs)\(call)\n"
    guard case .formatted(let text) = RunbookFormatter.format(ExampleRunbook.file(whole), id: ExampleRunbook.id(whole))
    else { return whole }
    return String(text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2).joined(separator: "\n"))
  }

  /// With the header.
  var whole: String { "runbook example.call 1.0.0\n\n\(text)" }

  private static func file(_ text: String) -> SourceFile { SourceFile(path: "example.belay", bytes: Array(text.utf8)) }

  private static func id(_ text: String) -> SourceID {
    var sources = SourceMap()
    return sources.add(file(text))
  }

  private var use: String {
    if nature.facts.regionRequired { return "use \(service) in \"ap-guangzhou\"" }
    return takesRegion ? "use \(service) with (EcmRegion: \"ap-hangzhou-ecm\")" : "use \(service)"
  }

  private var takesRegion: Bool { nature.facts.parameter("EcmRegion") != nil }

  private var given: [MemberFacts] {
    let usual = ExampleRunbook.usual[nature.facts.id] ?? []
    return nature.facts.parameters.filter { ($0.required || usual.contains($0.name)) && $0.name != "EcmRegion" }
  }

  /// What a call makes little sense without although the books do not require it.
  private static let usual: [ActionID: [String]] = [
    "ecm.RunInstances": ["ModuleId", "InstanceName"], "ecm.AssociateAddress": ["InstanceId"],
    "ecm.AllocateAddresses": ["InternetServiceProvider", "AddressCount"],
    "ecm.ModifyInstancesAttribute": ["InstanceName"], "ecm.ModifyVpcAttribute": ["VpcName"],
    "ecm.ModifySubnetAttribute": ["SubnetName"], "ecm.DescribeTaskStatus": ["TaskSet"],
    "cvm.RunInstances": ["Placement", "ImageId", "InstanceType", "InstanceCount"],
    "cvm.InquiryPriceRunInstances": ["Placement", "InstanceType"], "cvm.ModifyInstancesAttribute": ["InstanceName"],
    "cvm.CreateImage": ["InstanceId"], "cvm.ModifyImageAttribute": ["ImageName"],
    "cvm.ModifyKeyPairAttribute": ["KeyName"], "cvm.ResizeInstanceDisks": ["DataDisks"],
    "cvm.ModifyDisasterRecoverGroupAttribute": ["Name"],
  ]

  private var secrets: [MemberFacts] {
    given.filter { nature.meaning?.secrets.contains($0.name) == true && $0.type == .string }
  }

  private var inputs: String {
    guard !secrets.isEmpty else { return "" }
    return "inputs {\n" + secrets.map { "  \(ExampleRunbook.inputName($0.name)): secret Text\n" }.joined() + "}\n\n"
  }

  private var call: String {
    let arguments = given.map { parameter in
      let isSecret = secrets.contains { $0.name == parameter.name }
      return "\(parameter.name): \(isSecret ? ExampleRunbook.inputName(parameter.name) : samples.text(parameter))"
    }
    let head = nature.facts.outputs.isEmpty ? "" : "let \(nature.isRead ? "answer" : "made") = "
    return "\(head)\(nature.facts.id)(\(arguments.joined(separator: ", ")))\(modifier)"
  }

  private var modifier: String {
    switch nature.meaning?.undo {
    case .impossible?: " irreversible \"say why that is right\""
    case nil: nature.isRead ? "" : " irreversible \"say why that is right\""
    case .inverse?, .nothing?: ""
    }
  }

  private static func inputName(_ name: String) -> String { name.prefix(1).lowercased() + name.dropFirst() }
}
