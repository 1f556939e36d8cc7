import CloudCatalog
import Diagnostics

/// One action on one page, for people. Lines are at most ``width`` cells wide where words allow it.
struct ActionPage {
  static let width = 96
  private let nature: ActionNature
  private let facts: ActionFacts
  private let wording: MeaningWording
  private(set) var lines: [StyledLine] = []

  init(_ facts: ActionFacts) {
    nature = ActionNature(facts)
    self.facts = facts
    wording = MeaningWording(nature)
    addHead()
    addMembers("PARAMETERS", facts.parameters.map(parameterRow), without: "takes no parameters")
    addMembers("RESULTS", facts.outputs.map(resultRow), without: "answers nothing but the RequestId")
    addStructures()
    addMeaning()
    addExample()
    addErrors()
  }

  private struct Row {
    let name: String
    let isRequired: Bool
    let type: String
    let note: String
  }

  private mutating func heading(_ title: String, marksRequired: Bool = false) {
    lines.append(StyledLine())
    var line = StyledLine(title, .bold)
    if marksRequired { line.add("  (* required)", .dim) }
    lines.append(line)
  }

  private mutating func paragraph(_ text: String, indent: Int = 2, _ ink: Ink = .plain) {
    let margin = String(repeating: " ", count: indent)
    for line in wrapped(text, width: ActionPage.width - indent) { lines.append(StyledLine(margin + line, ink)) }
  }

  private mutating func addHead() {
    lines.append(StyledLine(facts.id.description, .bold))
    paragraph(facts.summary)
    if facts.isInferred {
      paragraph("Inferred: the book lists this action without a page.", .dim)
    }
    lines.append(StyledLine())
    let effect = [nature.meaning?.effect.rawValue ?? "not classified yet", nature.resource ?? ""]
    let region = facts.regionRequired ? ", needs a region" : ""
    paragraph(
      "\(facts.category); \(effect.filter { !$0.isEmpty }.joined(separator: " ")); \(facts.rate) requests a second"
        + region)
  }

  private func parameterRow(_ member: MemberFacts) -> Row {
    var note = ConstraintWording.text(member)
    if nature.meaning?.secrets.contains(member.name) == true { note.insert("secret", at: 0) }
    return Row(
      name: member.name, isRequired: member.required, type: member.type.description, note: note.joined(separator: "; "))
  }

  private func resultRow(_ member: MemberFacts) -> Row {
    var note = member.nullable ? ["may be null"] : []
    if nature.meaning?.secretResults.contains(where: { ActionPage.stands($0.description, in: member.name) }) == true {
      note.append("holds a secret")
    }
    return Row(
      name: member.name, isRequired: false, type: member.type.description, note: note.joined(separator: "; "))
  }

  private static func stands(_ path: String, in name: String) -> Bool {
    path == name || path.hasPrefix("\(name).") || path.hasPrefix("\(name)[")
  }

  private mutating func addMembers(_ title: String, _ rows: [Row], without: String) {
    heading(title, marksRequired: rows.contains(where: \.isRequired))
    guard !rows.isEmpty else { return paragraph(without) }
    add(rows)
  }

  private mutating func add(_ rows: [Row], indent: Int = 2) {
    let nameWidth = min(rows.map { $0.name.count + ($0.isRequired ? 1 : 0) }.max() ?? 0, 32) + 2
    let typeWidth = min(rows.map { $0.type.count }.max() ?? 0, 32)
    let noteColumn = indent + nameWidth + typeWidth + 2
    for row in rows {
      var line = StyledLine(String(repeating: " ", count: indent) + row.name)
      if row.isRequired { line.add("*", .accent) }
      line.pad(to: indent + nameWidth)
      line.add(row.type, .dim)
      let notes = wrapped(row.note, width: max(24, ActionPage.width - noteColumn))
      for (index, note) in notes.enumerated() {
        if index > 0 || line.width + 2 > noteColumn {
          lines.append(line)
          line = StyledLine()
        }
        line.pad(to: noteColumn)
        line.add(note)
      }
      lines.append(line)
    }
  }

  private mutating func addStructures() {
    guard let service = Catalog.service(facts.id.service) else { return }
    let sent = StructureTree.names(of: facts.parameters, service)
    let structures = StructureTree.names(of: facts.parameters + facts.outputs, service)
      .compactMap(service.structure).filter { !$0.members.isEmpty }
    guard !structures.isEmpty else { return }
    heading("STRUCTURES", marksRequired: structures.contains { $0.members.contains(where: \.required) })
    for (index, structure) in structures.enumerated() {
      if index > 0 { lines.append(StyledLine()) }
      lines.append(StyledLine("  \(structure.name)", .bold))
      add(structure.members.map { sent.contains(structure.name) ? parameterRow($0) : resultRow($0) }, indent: 4)
    }
  }

  private mutating func addMeaning() {
    heading("WHAT IT MEANS")
    addUndo()
    let meaning = nature.meaning
    let rows: [(String, String?)] = [
      ("lists", nature.read?.wording), ("filters", nature.read?.filters?.wording), ("given", given),
      ("reads", wording.looks), ("condition", meaning?.condition),
      ("wait", nature.isRead ? nil : wording.wait), ("lost answer", nature.isRead ? nil : wording.lost),
      ("cascades", meaning?.cascades.map(\.wording).joined(separator: "; ")),
      ("conflicts", conflicts),
      ("partly done", meaning?.partialFailure.map { "what was not done is named in \($0)" }),
      ("budget", meaning?.budget?.wording), ("doubt", nature.doubt),
    ]
    for case (let label, let text?) in rows where !text.isEmpty { labelled(label, text) }
  }

  /// What the engine sets where the author does not.
  private var given: String? {
    nature.meaning?.given.map { "\($0.name): \($0.value.wording) where the call does not say" }.joined(separator: "; ")
  }

  private var conflicts: String? {
    let paths = nature.meaning?.conflicts.map(\.description) ?? []
    return paths.isEmpty ? nil : "no two calls at the same time with the same \(paths.orJoined)"
  }

  /// On one line or two, or call by call where that would be long.
  private mutating func addUndo() {
    let short = wrapped(wording.undo, width: ActionPage.width - ActionPage.labelWidth)
    guard short.count > 3, let lines = wording.undoLines else { return labelled("undo", wording.undo) }
    for (index, line) in lines.enumerated() {
      labelled(index == 0 ? "undo" : "", line.text, indent: line.indent * 2)
    }
  }

  private static let labelWidth = 15

  private mutating func labelled(_ label: String, _ text: String, indent: Int = 0) {
    let column = ActionPage.labelWidth + indent
    for (index, line) in wrapped(text, width: ActionPage.width - column).enumerated() {
      var styled = StyledLine(index == 0 && !label.isEmpty ? "  \(label)" : "", .dim)
      styled.pad(to: column)
      styled.add(line)
      lines.append(styled)
    }
  }

  private mutating func addExample() {
    heading("EXAMPLE")
    for line in ExampleRunbook(nature).text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      lines.append(StyledLine(String(line)))
    }
  }

  /// In as many columns as fit, read downwards.
  private mutating func addErrors() {
    heading("ERRORS")
    let common = Catalog.service(facts.id.service)?.commonErrors.count ?? 0
    let cell = (facts.errors.map(\.count).max() ?? 0) + 2
    let columns = max(1, min(facts.errors.count, (ActionPage.width - 2) / max(1, cell)))
    let rows = (facts.errors.count + columns - 1) / columns
    for row in 0..<rows {
      var line = StyledLine()
      for column in 0..<columns where column * rows + row < facts.errors.count {
        line.pad(to: 2 + column * cell)
        line.add(facts.errors[column * rows + row])
      }
      lines.append(line)
    }
    paragraph("and the \(common) that every action of \(facts.id.service) may answer", indent: 2, .dim)
  }
}
