import CloudCatalog
import RunDriver
import RunEngine
import Values

/// A cloud that is only read. What is not a read by the catalog is not sent: this is the one place through which a plan
/// and a snapshot reach an account.
package struct ReadOnlyWorld: World {
  private let world: any World

  package init(_ world: any World) { self.world = world }

  package var account: String { world.account }
  package func now() -> Instant { world.now() }
  package func sleep(until: Instant) async { await world.sleep(until: until) }

  package func send(_ call: CloudCall) async -> Reply {
    guard Catalog.meaning(call.action)?.effect == .read else {
      return .unreachable("\(call.action) is not a read, and was not sent")
    }
    return await world.send(call)
  }
}
