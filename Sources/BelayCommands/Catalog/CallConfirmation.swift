import CloudCatalog
import Foundation

/// The question before a call that changes something.
struct CallConfirmation {
  /// What the call does and how it would be undone, and the question, without a line end.
  let text: String
  private let action: ActionID

  init(_ nature: ActionNature) {
    action = nature.facts.id
    let wording = MeaningWording(nature)
    let effect = nature.meaning.map { "\($0.effect.rawValue)\($0.resource.map { " \($0)" } ?? "")" }
    var lines = ["\(action): \(effect ?? "not classified yet")"]
    let cascades = nature.meaning?.cascades.map(\.wording) ?? []
    let notes = [nature.facts.summary, wording.undo] + [nature.meaning?.condition].compactMap { $0 } + cascades
    for note in notes { lines += wrapped(note, width: ActionPage.width - 2).map { "  \($0)" } }
    text = lines.joined(separator: "\n") + "\nType yes to send it: "
  }

  /// Returns when the user has typed yes.
  func ask(_ context: CommandContext) throws(CommandFailure) {
    guard context.errorStyle.isInteractive, isatty(STDIN_FILENO) == 1 else {
      throw CommandFailure(.wrong, "\(action) changes something: give --yes, or answer at a terminal")
    }
    context.error.write(text)
    try accept(readLine())
  }

  func accept(_ answer: String?) throws(CommandFailure) {
    guard answer?.trimmingCharacters(in: .whitespaces).lowercased() == "yes" else {
      throw CommandFailure(.rolledBack, "called off; nothing was sent")
    }
  }
}
