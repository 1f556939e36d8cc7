import BelayCommands
import CloudEmulator
import RunbookChecker
import TestSupport
import Testing

/// The tests that stand in runbooks.
@Suite struct RunbookTestTests {
  /// The checker does not know the emulator, so it has the words of its own.
  @Test func theFaultsOfTestsAreThoseOfTheEmulator() {
    let own = Fault.Kind.spellings.map { spelling in String(spelling.prefix { $0 != "=" }) }
    #expect(Set(own) == Set(CheckedTest.faultKinds))
  }

  @Test func theShippedRunbooksPassTheirOwn() async {
    let output = CapturedOutput()
    let style = TerminalStyle(colour: false, unicode: true, width: 100, height: 40, isInteractive: false)
    let context = CommandContext(
      environment: [:], output: output, error: output, outputStyle: style, errorStyle: style, handlesSignals: false,
      account: nil, terminal: nil)
    let status = await BelayCLI.run(["test", Repository.root + "runbooks"], in: context)
    #expect(status == 0, "\(output.text)")
  }
}
