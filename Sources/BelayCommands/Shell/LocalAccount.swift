import Foundation

/// Who sits here, as far as a command can know: what the machine's account says.
enum LocalAccount {
  static func name() -> String {
    let name = CommandContext.current.account ?? NSUserName()
    return name.isEmpty ? "uid \(getuid())" : name
  }
}
