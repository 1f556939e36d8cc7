import ArgumentParser

struct EmulatorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "emulator", abstract: "Serve the emulated cloud over HTTP, or look into one that is served.",
    subcommands: [
      EmulatorServe.self, EmulatorInventory.self, EmulatorInject.self, EmulatorClock.self, EmulatorSnapshot.self,
      EmulatorRestore.self, EmulatorReset.self, EmulatorDiff.self, EmulatorAnnounce.self,
    ],
    defaultSubcommand: EmulatorServe.self)
}
