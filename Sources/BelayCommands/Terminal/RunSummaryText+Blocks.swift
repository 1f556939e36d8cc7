import Diagnostics
import RunEngine
import Values

/// Attempts, approvals and notifications in words.
extension RunSummaryText {
  /// Attempts that failed and were rescued.
  var attempts: [StyledLine] {
    let rows = report.attempts.filter { $0.rescuedAt != nil }.map { attempt in
      (name: attempt.address.text, lines: [attempt.failure.message])
    }
    let always = report.failedAlways.map { (name: $0.address.text, lines: [$0.failure.message]) }
    let first = table("rescued", rows)
    return first + (first.isEmpty || always.isEmpty ? [] : [StyledLine()]) + table("'always' that failed", always)
  }

  var notifications: [StyledLine] {
    table("notified", report.notifications.map { (name: $0.notification.channel ?? "", lines: [$0.notification.text]) })
  }

  /// Approvals that are waited for, with the command that gives each.
  var approvals: [StyledLine] {
    guard !report.status.isEnd else { return [] }
    return report.pendingApprovals.flatMap { approval in
      var head = StyledLine("\(approval.ask.place): ", .bold)
      head.add("approval: ", .warning)
      head.add(approval.ask.text, .bold)
      let rules = ApprovalWording.rules(approval.ask)
      var lines = [head]
      if !rules.isEmpty { lines.append(StyledLine("  \(rules)", .dim)) }
      lines.append(command("  approve it: ", approval.giving(progress.id).text))
      return lines
    }
  }
}
