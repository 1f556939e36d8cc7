import CloudCatalog
import Synchronization
import Testing
import Values

@testable import BelayCommands

/// The commands as a user types them.
@Suite struct CatalogCommandTests {
  private final class Text: TextOutput {
    private let written = Mutex("")
    var text: String { written.withLock { $0 } }
    func write(_ text: String) { written.withLock { $0 += text } }
  }

  private struct Ending {
    let status: Int32
    let output: String
    let error: String
  }

  private func belay(_ arguments: String...) async -> Ending {
    let (output, error) = (Text(), Text())
    let context = CommandContext(
      environment: ["HOME": "/nonexistent"], output: output, error: error, outputStyle: .plain, errorStyle: .plain,
      handlesSignals: false)
    let status = await BelayCLI.run(arguments, in: context)
    return Ending(status: status, output: output.text, error: error.text)
  }

  @Test func actions() async throws {
    let all = await belay("actions")
    #expect(all.status == 0 && all.output.split(separator: "\n").count == 206)
    let one = await belay("actions", "cvm")
    #expect(one.output.split(separator: "\n").count == 82)
    #expect(one.output.hasPrefix("ACTION"))
    let document = try JSON.parse(await belay("actions", "ecm", "--format", "json").output)
    #expect(document.asRecord?.names == ["format", "ecm"])
    let wrong = await belay("actions", "emc")
    #expect(wrong.status == 2 && wrong.error == "belay: there is no service 'emc' (did you mean 'ecm'?)\n")
  }

  @Test func action() async throws {
    let page = await belay("action", "ecm.CreateVpc")
    #expect(page.status == 0 && page.output.hasPrefix("ecm.CreateVpc\n"))
    #expect(await belay("action", "CreateVpc").output == page.output)
    let document = try JSON.parse(await belay("action", "CreateVpc", "--format", "json").output)
    #expect(document.asRecord?["format"] == "belay.action/1" && document.asRecord?["action"] == "ecm.CreateVpc")
  }

  @Test(
    arguments: [
      ("RunInstances", "more than one service has 'RunInstances': say ecm.RunInstances and cvm.RunInstances"),
      ("CreateVcp", "there is no action 'CreateVcp' (did you mean 'ecm.CreateVpc'?)"),
      ("ecm.CreateVcp", "there is no action 'ecm.CreateVcp' (did you mean 'ecm.CreateVpc'?)"),
      ("cvm.CreateVpc", "there is no action 'cvm.CreateVpc' (did you mean 'ecm.CreateVpc'?)"),
      ("emc.CreateVpc", "there is no action 'emc.CreateVpc' (did you mean 'ecm.CreateVpc'?)"),
      ("ecn.Qqqqqq", "there is no service 'ecn' (did you mean 'ecm'?)"),
      ("Qqqqqqqqqqqqqqqqqq", "there is no action 'Qqqqqqqqqqqqqqqqqq'; `belay actions` lists them"),
    ]) func wrongNames(_ name: String, _ message: String) async
  {
    let ending = await belay("action", name)
    #expect(ending.status == 2 && ending.error == "belay: \(message)\n")
  }

  @Test func callsThatAreNotSent() async {
    let problems = await belay("call", "ecm.DescribeVpcs", "--param", "Limt=5", "--param", "VpcIds=subnet-1")
    #expect(problems.status == 2 && problems.output == "")
    #expect(problems.error.contains("has no parameter 'Limt' (did you mean 'Limit'?)"))
    #expect(problems.error.contains("'VpcIds[0]' is ecm.VpcId"))
    let account = await belay("call", "ecm.DescribeVpcs")
    #expect(account.status == 2)
    #expect(account.error.hasPrefix("belay: no account is configured: set TENCENTCLOUD_SECRET_ID"))
    #expect(await belay("call", "ecm.DescribeNode", "--all").error.contains("leave out --all"))
    #expect(await belay("call", "ecm.DescribeVpcs", "--param", "Limit").error == "belay: --param takes NAME=VALUE\n")
    #expect(await belay("call", "ecm.DescribeVpcs", "--params", "/nonexistent.json").status == 2)
  }
}
