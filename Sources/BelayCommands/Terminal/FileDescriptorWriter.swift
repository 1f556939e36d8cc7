import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes text to a descriptor that somebody else owns. A reader that went away never stops the work: from then on
/// everything is thrown away.
package final class FileDescriptorWriter: Sendable {
  package let fd: Int32
  private let broken = Mutex(false)

  /// Makes the whole process ignore SIGPIPE, so that `belay run … | head` does not end a run in its middle.
  package init(fd: Int32) {
    self.fd = fd
    signal(SIGPIPE, SIG_IGN)
  }

  /// Whether a write has failed for good.
  package var isBroken: Bool { broken.withLock { $0 } }

  /// Returns when everything is written or the descriptor is broken. Texts of several threads do not mix.
  package func write(_ text: String) {
    guard !text.isEmpty else { return }
    broken.withLock { isBroken in
      guard !isBroken else { return }
      isBroken = !writeAll(Array(text.utf8))
    }
  }

  private func writeAll(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let count = systemWrite(fd, UnsafeRawBufferPointer(rebasing: rest))
        if count > 0 {
          rest = rest.dropFirst(count)
        } else if count < 0, errno == EAGAIN {
          awaitRoom()
        } else if count == 0 || errno != EINTR {
          return false
        }
      }
      return true
    }
  }

  /// A descriptor that does not block (another process may have set that) is waited for.
  private func awaitRoom() {
    var request = pollfd(fd: fd, events: Int16(POLLOUT), revents: 0)
    _ = poll(&request, 1, 1000)
  }
}

private func systemWrite(_ fd: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(fd, bytes.baseAddress, bytes.count)
}
