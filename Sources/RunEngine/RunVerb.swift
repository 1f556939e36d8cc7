import Values

/// What a person asks of a run. Journaled with who asked, so that it holds whenever the run is taken up again.
package enum RunVerb: Hashable, Sendable {
  /// Go on from the journal.
  case resume
  /// Stop and undo.
  case cancel(reason: String)
  /// Undo although nothing has failed, or go on undoing.
  case rollback
  /// Do again what failed.
  case retry
  /// The step is not wanted: later steps see `result` as its value. When the run is being undone: what is left of the
  /// step stays.
  case skip(StepAddress, result: Value)
  /// A person did it: the step counts as done with this result, and is undone like any other. Nil: a person undid it.
  case accept(StepAddress, result: Record?)

  package var name: String {
    switch self {
    case .resume: "resume"
    case .cancel: "cancel"
    case .rollback: "rollback"
    case .retry: "retry"
    case .skip: "skip"
    case .accept: "accept"
    }
  }

  package var step: StepAddress? {
    switch self {
    case .skip(let step, _), .accept(let step, _): step
    case .resume, .cancel, .rollback, .retry: nil
    }
  }

  /// As the journal and the requests of a store have it. `by` says who asked.
  package func payload(by: String) -> Record {
    var record: Record = ["verb": .text(name), "by": .text(by)]
    switch self {
    case .resume, .rollback, .retry: break
    case .cancel(let reason): record["reason"] = .text(reason)
    case .skip(let step, let result):
      record["step"] = .text(step.text)
      record["result"] = result
    case .accept(let step, let result):
      record["step"] = .text(step.text)
      record["result"] = result.map(Value.record) ?? .null
    }
    return record
  }

  /// Nil when it is no verb that this version knows.
  package init?(_ payload: Record) {
    let step = payload["step"]?.asText.map { StepAddress($0) }
    switch (payload["verb"]?.asText, step) {
    case ("resume", _): self = .resume
    case ("cancel", _): self = .cancel(reason: payload["reason"]?.asText ?? "")
    case ("rollback", _): self = .rollback
    case ("retry", _): self = .retry
    case ("skip", let step?): self = .skip(step, result: payload["result"] ?? .null)
    case ("accept", let step?): self = .accept(step, result: payload["result"]?.asRecord)
    default: return nil
    }
  }
}

extension RunVerb {
  /// Why a run that is cancelled or rolled back on request stops.
  func failure(by: String) -> RunFailure? {
    switch self {
    case .cancel(let reason): RunFailure(.cancelled, "cancelled by \(by)\(reason.isEmpty ? "" : ": \(reason)")")
    case .rollback: RunFailure(.cancelled, "rolled back on request of \(by)")
    case .resume, .retry, .skip, .accept: nil
    }
  }
}
