import Foundation

/// A person at a terminal who can be asked something.
package struct TerminalInput: Sendable {
  /// Writes the question and returns the answer's line; nil when there is none any more.
  private let answer: @Sendable (String) async -> String?

  package init(_ answer: @escaping @Sendable (String) async -> String?) { self.answer = answer }

  func ask(_ question: String) async -> String? {
    await answer(question)?.trimmingCharacters(in: .whitespaces)
  }

  /// The process's own, when both its input and its error output are one.
  static func process(_ error: any TextOutput, _ style: TerminalStyle) -> TerminalInput? {
    guard style.isInteractive, isatty(STDIN_FILENO) == 1 else { return nil }
    return TerminalInput { question in
      error.write(question)
      // The thread may wait for ever: it is not one of those that the run needs.
      return await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: readLine()) }
      }
    }
  }
}
