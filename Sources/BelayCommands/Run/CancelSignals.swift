@preconcurrency import Dispatch

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Turns SIGINT and SIGTERM into cancelling, as long as it is not stopped.
final class CancelSignals: Sendable {
  private let sources: [any DispatchSourceSignal]

  init(_ cancel: @escaping @Sendable (String) -> Void) {
    sources = [(SIGINT, "interrupted (SIGINT)"), (SIGTERM, "terminated (SIGTERM)")].map { number, reason in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { cancel(reason) }
      source.resume()
      return source
    }
  }

  func stop() {
    for source in sources { source.cancel() }
    signal(SIGINT, SIG_DFL)
    signal(SIGTERM, SIG_DFL)
  }
}
