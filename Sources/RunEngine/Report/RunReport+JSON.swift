import CloudCatalog
import Values

extension RunReport {
  /// The report as one object: the contract of `--format json`, described in docs/operations.md. Fields are only added.
  package func value(id: RunID) -> Value {
    var record: Record = [
      "format": "belay.run/1", "run": .text(id.text), "runbook": .text(runbook), "version": .text(version),
      "cloud": .text(cloud), "status": .text(status.rawValue), "inputs": .record(inputs),
    ]
    record["created_at"] = createdAt.map { .text($0.iso8601) } ?? .null
    record["updated_at"] = lastAt.map { .text($0.iso8601) } ?? .null
    record["outputs"] = .record(Record(outputs.map { ($0.name, $0.value) }))
    record["commits"] = .list(commits.map(Value.text))
    record["failure"] = failure.map { .record($0.payload) } ?? .null
    record["requester"] = requester.isEmpty ? .null : .text(requester)
    record["attempts"] = .list(attempts.map(\.value))
    record["failed_always"] = .list(
      failedAlways.map { .record(Record([("block", .text($0.address.text))]).merging($0.failure.payload)) })
    record["approvals"] = .list(approvals.map(\.value))
    record["notifications"] = .list(
      notifications.map { .record(Record([("at", .text($0.at.iso8601))]).merging($0.notification.payload)) })
    record["steps"] = .list(steps.map(\.value))
    record["undo_order"] = .list(undoOrder.map { .text($0.text) })
    record["next"] = .list(
      nextCommands(id).map { ["command": .text($0.text), "purpose": .text($0.purpose)] })
    record["remaining"] = .list(remaining.map { .text($0.address.text) })
    return .record(record)
  }
}

extension RunReport.Step {
  fileprivate var value: Value {
    var record: Record = [
      "step": .text(address.text), "kind": .text(kind.rawValue), "state": .text(state.rawValue),
      "place": .text(place.description), "started_at": .text(startedAt.iso8601),
    ]
    record["action"] = action.map { .text($0.description) } ?? .null
    record["ended_at"] = endedAt.map { .text($0.iso8601) } ?? .null
    record["attempts"] = .int(attempts)
    record["request_id"] = requestID.isEmpty ? .null : .text(requestID)
    record["note"] = note.isEmpty ? .null : .text(note)
    record["kept"] = kept.map(Value.text) ?? .null
    record["undone_by"] = .list(undoneBy.map { .text($0.description) })
    return .record(record)
  }
}

extension RunReport.Attempt {
  fileprivate var value: Value {
    var record: Record = ["block": .text(address.text), "failed_at": .text(failedAt.iso8601)]
    record["rescued_at"] = rescuedAt.map { .text($0.iso8601) } ?? .null
    record["failure"] = .record(failure.payload)
    return .record(record)
  }
}

extension RunReport.Approval {
  fileprivate var value: Value {
    var record = ask.payload
    record["asked_at"] = .text(askedAt.iso8601)
    record["expires_at"] = deadline.map { .text($0.iso8601) } ?? .null
    record["decided_at"] = decidedAt.map { .text($0.iso8601) } ?? .null
    record["decision"] = decision.map { .record($0.payload) } ?? .null
    return .record(record)
  }
}
