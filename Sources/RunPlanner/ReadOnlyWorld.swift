import CloudCatalog
import RunDriver
import RunEngine
import Values

/// A cloud that is only read. What is not a read by the catalog is not sent: this is the one place through which a plan
/// and a snapshot reach an account. Where it is asked for, dry runs pass too: calls of actions that can be told to
/// change nothing, told so.
package struct ReadOnlyWorld: World {
  private let world: any World
  private let allowsDryRuns: Bool

  package init(_ world: any World, allowsDryRuns: Bool = false) {
    self.world = world
    self.allowsDryRuns = allowsDryRuns
  }

  package var account: String { world.account }
  package func now() -> Instant { world.now() }
  package func sleep(until: Instant) async { await world.sleep(until: until) }

  package func send(_ call: CloudCall) async -> Reply {
    let isRead = Catalog.meaning(call.action)?.effect == .read
    guard isRead || (allowsDryRuns && ReadOnlyWorld.isDryRun(call)) else {
      return .unreachable("\(call.action) is not a read, and was not sent")
    }
    return await world.send(call)
  }

  package static let dryRun = "DryRun"

  /// Whether the action knows dry runs, and the call is one.
  private static func isDryRun(_ call: CloudCall) -> Bool {
    Catalog.action(call.action)?.parameter(dryRun) != nil && call.arguments[dryRun] == true
  }
}
