import CloudCatalog
import Values

extension JournalRecord {
  /// The record as one JSON object. Secrets come out by name.
  package var payload: Record {
    switch self {
    case .created(let runbook, let version, let path, let source, let inputs, let cloud, let by, let files):
      [
        "runbook": .text(runbook), "version": .text(version), "path": .text(path), "inputs": .record(inputs),
        "cloud": .text(cloud), "by": .text(by), "source": .text(source), "files": .record(files),
      ]
    case .intent(let step, let action, let arguments, let before, let known, let kept, let place):
      [
        "step": .text(step.text), "action": .text(action.description), "arguments": .record(arguments),
        "before": before, "known": .list(known), "kept": kept.map(Value.text) ?? .null, "place": place.value,
      ]
    case .read(let step, let action, let result, let requestID, let place):
      [
        "step": .text(step.text), "action": .text(action.description), "result": .record(result),
        "request_id": .text(requestID), "place": place.value,
      ]
    case .done(let step, let result, let requestID, let attempts, let adopted):
      [
        "step": .text(step.text), "result": .record(result), "request_id": .text(requestID),
        "attempts": .int(attempts), "adopted": .bool(adopted),
      ]
    case .refused(let step, let error, let attempts):
      [
        "step": .text(step.text), "code": .text(error.code), "message": .text(error.message),
        "request_id": .text(error.requestID), "attempts": .int(attempts),
      ]
    case .unknown(let step, let reason), .undoFailed(let step, let reason):
      ["step": .text(step.text), "reason": .text(reason)]
    case .notSent(let step), .undone(let step): ["step": .text(step.text)]
    case .waitBegan(let wait, let step, let within, let place):
      [
        "wait": .text(wait.text), "step": step.map { .text($0.text) } ?? .null,
        "within_ms": .int(Int(within.milliseconds)), "place": place.value,
      ]
    case .waitEnded(let wait, let problem): ["wait": .text(wait.text), "problem": problem.map(Value.text) ?? .null]
    case .committed(let reason): ["reason": .text(reason)]
    case .output(let name, let value): ["name": .text(name), "value": value]
    case .failed(let failure): failure.payload
    case .undoBegan: [:]
    case .undoIntent(let step, let action, let arguments, let known):
      [
        "step": .text(step.text), "action": .text(action.description), "arguments": .record(arguments),
        "known": .list(known),
      ]
    case .undoDone(let step, let action, let result, let requestID, let wasGone, let note):
      [
        "step": .text(step.text), "action": .text(action.description), "result": .record(result),
        "request_id": .text(requestID), "was_gone": .bool(wasGone), "note": .text(note),
      ]
    case .undoRefused(let step, let action, let error):
      [
        "step": .text(step.text), "action": .text(action.description), "code": .text(error.code),
        "message": .text(error.message), "request_id": .text(error.requestID),
      ]
    case .asked(let verb, let by): verb.payload(by: by)
    case .finished(let status): ["status": .text(status.rawValue)]
    case .timeoutBegan(let block, let within, let place):
      ["step": .text(block.text), "within_ms": .int(Int(within.milliseconds)), "place": place.value]
    case .attemptFailed(let block, let failure), .alwaysFailed(let block, let failure):
      Record([("block", .text(block.text))]).merging(failure.payload)
    case .rescueBegan(let block): ["block": .text(block.text)]
    case .approvalAsked(let ask): ask.payload
    case .approvalDecided(let step, let decision): Record([("step", .text(step.text))]).merging(decision.payload)
    case .notified(let notification): notification.payload
    }
  }

  /// `times` are stamps as `at` is one: they are no part of the record's meaning.
  package func stored(sequence: Int, at now: Instant, times: CallTimes? = nil) -> StoredRecord {
    let whole = times.map { times in payload.merging(times.payload) } ?? payload
    return StoredRecord(sequence: sequence, at: now, kind: kind, payload: PackedValue.bytes(of: .record(whole)))
  }

  /// Nil when the kind or its payload is not one that this version knows.
  package init?(kind: String, payload: Record) {
    let reader = PayloadReader(payload)
    guard let record = reader.record(kind) else { return nil }
    self = record
  }
}

extension Place {
  var value: Value { ["path": .text(path), "line": .int(line), "column": .int(column)] }
}

extension RunFailure {
  package var payload: Record {
    var record: Record = ["kind": .text(kind.rawValue), "message": .text(message)]
    record["step"] = step.map { .text($0.text) }
    record["action"] = action.map { .text($0.description) }
    record["place"] = place.map(\.value)
    record["code"] = code.map(Value.text)
    record["request_id"] = requestID.map(Value.text)
    return record
  }
}

/// Reads payloads back.
struct PayloadReader {
  let payload: Record
  init(_ payload: Record) { self.payload = payload }

  func text(_ name: String) -> String? { payload[name]?.asText }
  func int(_ name: String) -> Int { payload[name]?.asInt ?? 0 }
  private func record(of name: String) -> Record { payload[name]?.asRecord ?? Record() }
  var step: StepAddress? { text("step").map { StepAddress($0) } }
  private var action: ActionID? { text("action").map { ActionID($0) } }

  var place: Place? {
    guard let record = payload["place"]?.asRecord, let path = record["path"]?.asText else { return nil }
    return Place(path: path, line: record["line"]?.asInt ?? 0, column: record["column"]?.asInt ?? 0)
  }

  var nowhere: Place { Place(path: "", line: 0, column: 0) }

  func record(_ kind: String) -> JournalRecord? {
    switch kind {
    case "committed": return text("reason").map { .committed(reason: $0) }
    case "output": return text("name").map { .output(name: $0, value: payload["value"] ?? .null) }
    case "failed": return failure.map { .failed($0) }
    case "undo-began": return .undoBegan
    case "finished": return text("status").flatMap(RunStatus.init(rawValue:)).map { .finished($0) }
    case "created": return created
    case "wait-began", "wait-ended": return wait(kind)
    case "asked": return RunVerb(payload).map { .asked($0, by: text("by") ?? "") }
    case "timeout-began", "attempt-failed", "rescue-began", "always-failed", "approval-asked", "approval-decided",
      "notified":
      return blockRecord(kind)
    default:
      guard let step else { return nil }
      return stepRecord(kind, step)
    }
  }

  private var error: CloudError {
    CloudError(code: text("code") ?? "", message: text("message") ?? "", requestID: text("request_id") ?? "")
  }

  private var created: JournalRecord? {
    guard let runbook = text("runbook"), let version = text("version"), let path = text("path"),
      let source = text("source"), let cloud = text("cloud")
    else { return nil }
    return .created(
      runbook: runbook, version: version, path: path, source: source, inputs: record(of: "inputs"), cloud: cloud,
      by: text("by") ?? "", files: record(of: "files"))
  }

  var failure: RunFailure? {
    guard let kind = text("kind").flatMap(RunFailure.Kind.init(rawValue:)), let message = text("message") else {
      return nil
    }
    return RunFailure(
      kind, message, step: step, action: action, place: place, code: text("code"), requestID: text("request_id"))
  }

  private func wait(_ kind: String) -> JournalRecord? {
    guard let wait = text("wait").map({ StepAddress($0) }) else { return nil }
    guard kind == "wait-began" else { return .waitEnded(wait, problem: text("problem")) }
    return .waitBegan(wait, step: step, within: .milliseconds(int("within_ms")), place ?? nowhere)
  }

  private func stepRecord(_ kind: String, _ step: StepAddress) -> JournalRecord? {
    let requestID = text("request_id") ?? ""
    switch kind {
    case "intent":
      return action.map {
        .intent(
          step, $0, arguments: record(of: "arguments"), before: payload["before"] ?? .null,
          known: payload["known"]?.asList ?? [],
          kept: text("kept"), place ?? nowhere)
      }
    case "read":
      return action.map { .read(step, $0, result: record(of: "result"), requestID: requestID, place ?? nowhere) }
    case "done":
      return .done(
        step, result: record(of: "result"), requestID: requestID, attempts: int("attempts"),
        adopted: payload["adopted"]?.asBool ?? false)
    case "refused": return .refused(step, error, attempts: int("attempts"))
    case "unknown": return .unknown(step, reason: text("reason") ?? "")
    case "not-sent": return .notSent(step)
    case "undo-intent":
      return action.map {
        .undoIntent(step, $0, arguments: record(of: "arguments"), known: payload["known"]?.asList ?? [])
      }
    case "undo-done":
      let note = text("note") ?? ""
      return action.map {
        .undoDone(
          step, $0, result: record(of: "result"), requestID: requestID,
          wasGone: payload["was_gone"]?.asBool ?? note.hasPrefix(JournalRecord.alreadyGone), note: note)
      }
    case "undo-refused": return action.map { .undoRefused(step, $0, error) }
    case "undone": return .undone(step)
    case "undo-failed": return .undoFailed(step, reason: text("reason") ?? "")
    default: return nil
    }
  }
}
