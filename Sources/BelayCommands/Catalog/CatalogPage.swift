import CloudCatalog

/// The page docs/generated/catalog.md: one row an action.
enum CatalogPage {
  static let text: String = {
    var lines = head
    for service in Catalog.serviceNames.compactMap(Catalog.service) {
      let actions = service.actionNames.compactMap(service.action)
      let mutating = actions.count { !ActionNature($0).isRead }
      lines += [
        "", "## \(service.name)", "",
        "Version \(service.version): \(actions.count) actions, of which \(mutating) change something.", "",
        "| action | category | effect | undo | quality | wait | lost answer | limit |",
        "|---|---|---|---|---|---|---|---|",
      ]
      lines += actions.map(row)
    }
    return lines.joined(separator: "\n") + "\n"
  }()

  private static let head = [
    "# The catalog", "",
    "Generated from the catalog by `UPDATE_GOLDEN=1 swift test --filter CatalogPageTests`. Do not edit.", "",
    "`belay action NAME` tells more of each, `belay actions --format json` everything of all.", "",
    "An action that is inferred stands in the book's list without a page: its facts are those of its structures and of "
      + "actions like it.", "",
    "| column | says |", "|---|---|",
    "| effect | what the action does to the world; `?` where nobody has classified it yet |",
    "| undo | what undoes it, or why nothing does |",
    "| quality | `exact`: as if it had not been; `restore`: from a state read before; `recreate`: a new one like the "
      + "old, with another id; `best effort`: as far as the cloud lets it; "
      + "`caller state`: needs what only the caller knows |",
    "| wait | what is asked until the work has ended, and how long that commonly takes; empty: done when it answers |",
    "| lost answer | what happens when the answer does not arrive: `resend`: the call is sent again; `tag`: looked for "
      + "by the mark that the step left; `look`: looked for by what was asked for; `ask`: the run stops and asks |",
    "| limit | requests a second |",
  ]

  private static func row(_ facts: ActionFacts) -> String {
    let nature = ActionNature(facts)
    let wording = MeaningWording(nature)
    let cells = [
      facts.id.name, facts.isInferred ? "\(facts.category) (inferred)" : facts.category,
      nature.meaning?.effect.rawValue ?? "?", undo(nature, wording),
      quality(nature), wording.shortWait, wording.shortLost,
      String(facts.rate),
    ]
    return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
  }

  private static func quality(_ nature: ActionNature) -> String {
    switch nature.meaning?.undo {
    case nil: "?"
    case .inverse(let inverse)?: inverse.quality.rawValue
    case .nothing?, .impossible?: nature.isRead ? "" : "none"
    }
  }

  private static func undo(_ nature: ActionNature, _ wording: MeaningWording) -> String {
    switch nature.meaning?.undo {
    case .impossible(let reason)?: "impossible: \(reason)"
    case .nothing(let reason)? where !nature.isRead: "nothing to undo: \(reason)"
    case .inverse?, .nothing?, nil: wording.shortUndo
    }
  }
}
