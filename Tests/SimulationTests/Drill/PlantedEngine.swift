import RunEngine
import RunPlanner
import Testing
import Values

@testable import CloudCatalog

/// An engine with a fault in it, and a runbook whose drill has to find it.
struct PlantedEngine: Sendable, CustomTestStringConvertible {
  let name: String
  let text: String
  /// What the drill has to report.
  let finds: Set<DrillFinding.Kind>
  let plant: @Sendable (inout Trial) -> Void

  var testDescription: String { name }

  init(
    _ name: String, _ pieces: [Piece], finds: Set<DrillFinding.Kind>, plant: @escaping @Sendable (inout Trial) -> Void
  ) {
    self.name = name
    text = Piece.runbook(pieces)
    self.finds = finds
    self.plant = plant
  }

  /// An engine that takes an action for something else.
  init(
    _ name: String, _ pieces: [Piece], finds: Set<DrillFinding.Kind>, mistaking action: ActionID,
    _ change: @escaping @Sendable (inout MeaningDraft) -> Void
  ) {
    self.init(name, pieces, finds: finds) { trial in
      trial.meanings = { id in
        guard id == action, let meaning = Catalog.meaning(id) else { return Catalog.meaning(id) }
        var draft = MeaningDraft(meaning)
        change(&draft)
        return draft.meaning
      }
    }
  }

  static let all: [PlantedEngine] = [
    PlantedEngine(
      "an address is released while it is bound", [.fleet, .address], finds: [.attention],
      mistaking: "ecm.AssociateAddress"
    ) { $0.undo = .nothing("forgotten") },
    PlantedEngine(
      "the old default subnet is forgotten", [.network, .commit, .otherSubnet], finds: [.damage],
      mistaking: "ecm.CreateSubnet"
    ) { meaning in meaning.changeInverse { $0.calls.removeLast() } },
    PlantedEngine(
      "a network is deleted before what is in it, by one call too many", [.network], finds: [.attention],
      mistaking: "ecm.CreateSubnet"
    ) { meaning in
      meaning.changeInverse { inverse in
        inverse.calls.insert(
          UndoCall("ecm.DeleteVpc", [("VpcId", .argument("VpcId")), ("EcmRegion", .argument("EcmRegion"))]), at: 0)
      }
    },
    PlantedEngine(
      "a lost network is made again without a look", [.network], finds: [.duplicate], mistaking: "ecm.CreateVpc"
    ) { $0.lost = .resend },
    PlantedEngine(
      "lost instances are made again without a look", [.fleet], finds: [.duplicate], mistaking: "ecm.RunInstances"
    ) { $0.lost = .resend },
    PlantedEngine(
      "a lost address is allocated again without a look", [.looseAddress], finds: [.duplicate],
      mistaking: "ecm.AllocateAddresses"
    ) { $0.lost = .resend },
    PlantedEngine(
      "a probe takes any address for its own", [.looseAddress, .secondAddress], finds: [.duplicate, .missing, .leak],
      mistaking: "ecm.AllocateAddresses"
    ) { $0.changeProbe { $0.newSince = nil } },
    PlantedEngine(
      "the mark is not put on instances", [.fleet], finds: [.duplicate], mistaking: "ecm.RunInstances"
    ) { $0.mark = nil },
    PlantedEngine(
      "what is adopted has the wrong id", [.network], finds: [.attention, .leak], mistaking: "ecm.CreateVpc"
    ) { meaning in
      meaning.changeProbe { probe in
        probe.adopt = [("Vpc", .record([("VpcId", .found("row.VpcName"))]))]
      }
    },
    PlantedEngine(
      "instances are taken for running at once", [.fleet], finds: [.missing],
      mistaking: "ecm.RunInstances"
    ) { $0.completion = .immediate },
    PlantedEngine(
      "a renamed network gets the new name back", [.network, .commit, .rename, .fail], finds: [.damage],
      mistaking: "ecm.ModifyVpcAttribute"
    ) { meaning in
      meaning.changeInverse { inverse in
        inverse.calls = [
          UndoCall(
            "ecm.ModifyVpcAttribute",
            [
              ("VpcId", .argument("VpcId")), ("EcmRegion", .argument("EcmRegion")), ("VpcName", .argument("VpcName")),
            ])
        ]
      }
    },
    PlantedEngine(
      "the before-image is not read", [.network, .commit, .rename, .fail], finds: [.damage, .attention],
      mistaking: "ecm.ModifyVpcAttribute"
    ) { meaning in meaning.changeInverse { $0.beforeImage = nil } },
    PlantedEngine(
      "the inverse is made back to front", [.network, .table, .commit, .dropTable, .fail],
      finds: [.damage, .attention], mistaking: "ecm.DeleteRouteTable"
    ) { meaning in meaning.changeInverse { $0.calls.reverse() } },
    PlantedEngine(
      "the inverse ends half-way", [.network, .table, .commit, .dropTable, .fail], finds: [.damage],
      mistaking: "ecm.DeleteRouteTable"
    ) { meaning in meaning.changeInverse { $0.calls.removeLast() } },
    PlantedEngine(
      "nothing is undone of a module", [.fleet], finds: [.leak], mistaking: "ecm.CreateModule"
    ) { $0.undo = .nothing("forgotten") },
    PlantedEngine("an intent is not durable", [.network], finds: [.leak, .duplicate]) { trial in
      trial.recall = { journal in
        let done = Set(
          journal.compactMap { entry -> StepAddress? in
            if case .done(let step, _, _, _, _) = entry.1 { step } else { nil }
          })
        return journal.filter { entry in
          if case .intent(let step, _, _, _, _, _, _) = entry.1 { done.contains(step) } else { true }
        }
      }
    },
    PlantedEngine("an outcome is lost with what it says", [.network], finds: [.leak, .duplicate]) { trial in
      trial.recall = { journal in
        var lost: StepAddress?
        for entry in journal { if case .done(let step, _, _, _, _) = entry.1 { lost = step } }
        return journal.filter { entry in
          switch entry.1 {
          case .intent(let step, _, _, _, _, _, _), .done(let step, _, _, _, _): step != lost
          default: true
          }
        }
      }
    },
    PlantedEngine("the limit is off by one", [.manyGroups], finds: [.overrun]) { trial in
      trial.limits = AccountLimits(rates: ["ecm.CreateSecurityGroup": 21])
    },
  ]
}

/// What of a meaning a plant changes.
struct MeaningDraft {
  private let original: ActionMeaning
  var undo: UndoRule
  var completion: Completion
  var lost: LostRule
  var mark: Mark?

  init(_ meaning: ActionMeaning) {
    original = meaning
    (undo, completion, lost, mark) = (meaning.undo, meaning.completion, meaning.lost, meaning.mark)
  }

  var meaning: ActionMeaning {
    ActionMeaning(
      effect: original.effect, resource: original.resource, identity: original.identity, undo: undo,
      completion: completion, lost: lost, takenCodes: original.takenCodes, goneCodes: original.goneCodes,
      secrets: original.secrets, secretResults: original.secretResults, clientToken: original.clientToken,
      given: original.given, conflicts: original.conflicts, merge: original.merge, cascades: original.cascades,
      budget: original.budget, condition: original.condition, doubt: original.doubt, mark: mark,
      partialFailure: original.partialFailure)
  }

  fileprivate mutating func changeInverse(_ change: (inout Inverse) -> Void) {
    guard case .inverse(var inverse) = undo else { return }
    change(&inverse)
    undo = .inverse(inverse)
  }

  fileprivate mutating func changeProbe(_ change: (inout Probe) -> Void) {
    guard case .probe(var probe) = lost else { return }
    change(&probe)
    lost = .probe(probe)
  }
}
