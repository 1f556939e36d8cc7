import CloudCatalog
import CloudEmulator
import Synchronization
import Values

/// By how much the clock that checks signatures is off. Apart from the host, so that checking waits for nobody.
final class ClockSkew: Sendable {
  private let skew = Mutex(Duration.zero)

  var value: Duration { skew.withLock { $0 } }
  func set(_ duration: Duration) { skew.withLock { $0 = duration } }
}

/// The one owner of the emulated cloud while it is served.
actor CloudHost {
  var cloud: EmulatedCloud
  var snapshots: [String: EmulatedCloud] = [:]
  let time: ServerTime
  nonisolated let skew = ClockSkew()
  private let keeping: Keeping?
  private var isSaveDue = false
  private var saves = 0

  init(_ configuration: ServerConfiguration) {
    cloud = configuration.cloud
    time = ServerTime(configuration)
    keeping = configuration.onChange.map {
      Keeping($0, every: configuration.changeInterval, wait: configuration.wait)
    }
    skew.set(cloud.clockSkew)
  }

  func handle(_ request: CloudRequest) -> Delivery {
    let delivery = cloud.deliver(request, now: time.cloud)
    // A skew that a scenario has begin later begins with the call after.
    skew.set(cloud.clockSkew)
    switch delivery.reply {
    case .answered where !request.action.name.hasPrefix("Describe"), .lostAfter: hasChanged()
    case .answered, .refused, .lostBefore: break
    }
    return delivery
  }

  func strayRequestID() -> String { cloud.strayRequestID() }

  /// Everything that is due has happened after it.
  func catchUp() {
    cloud.advance(to: time.cloud)
    skew.set(cloud.clockSkew)
  }

  /// Keeps the state: at once, or when the interval is over.
  func hasChanged() {
    skew.set(cloud.clockSkew)
    guard let keeping else { return }
    guard let interval = keeping.interval else { return keeping.save(cloud.encoded) }
    guard !isSaveDue else { return }
    isSaveDue = true
    Task {
      await keeping.wait(interval)
      await self.save()
    }
  }

  /// Writes what has not been written yet.
  func save() async {
    guard isSaveDue, let keeping else { return }
    isSaveDue = false
    saves += 1
    await keeping.writer.write(cloud, number: saves)
  }
}

/// Who keeps the state, and how often.
private struct Keeping: Sendable {
  let save: @Sendable (Value) -> Void
  /// Nil: before each answer.
  let interval: Duration?
  let wait: @Sendable (Duration) async -> Void
  let writer: StateWriter

  init(
    _ save: @escaping @Sendable (Value) -> Void, every interval: Duration?,
    wait: @escaping @Sendable (Duration) async -> Void
  ) {
    self.save = save
    self.interval = interval
    self.wait = wait
    writer = StateWriter(save)
  }
}

/// Encodes and writes apart from the host, so that calls do not wait for it.
private actor StateWriter {
  private let save: @Sendable (Value) -> Void

  private var last = 0

  init(_ save: @escaping @Sendable (Value) -> Void) { self.save = save }

  /// An older cloud never replaces a newer one.
  func write(_ cloud: EmulatedCloud, number: Int) {
    guard number > last else { return }
    last = number
    save(cloud.encoded)
  }
}
