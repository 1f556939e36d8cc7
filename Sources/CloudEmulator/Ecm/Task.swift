import Values

/// Asynchronous work that a poller can ask about. The four pollers of the cloud speak four vocabularies; here there is
/// one.
struct CloudTask: Row {
  enum Status: String, Codable, Sendable { case running, succeeded, failed }

  /// A decimal number; for load balancers, the RequestId of the call.
  let id: String
  let operation: String
  let begunAt: Instant
  var endedAt: Instant?
  var status = Status.running
  var message = ""
  let image: ImagePlan?
}

extension World {
  /// The id of a new task.
  mutating func beginTask(_ operation: String, image: ImagePlan? = nil) -> String {
    lastTask += draws.numbers.within(1...9)
    let task = CloudTask(id: String(lastTask), operation: operation, begunAt: now, image: image)
    tasks.insert(task)
    return task.id
  }

  /// A load balancer's task goes by the RequestId of its call.
  mutating func beginBalancerTask(_ call: Call, _ work: Work, of balancer: String) -> Instant {
    tasks.insert(CloudTask(id: call.requestID, operation: call.facts.id.name, begunAt: now, image: nil))
    let end = later(work, of: "\(call.facts.id.name) \(balancer)")
    timeline.plan(.taskEnds(id: call.requestID, succeeded: !call.failsLater), at: end)
    return end
  }

  mutating func endTask(_ id: String, succeeded: Bool, message: String = "") {
    guard tasks[id]?.status == .running else { return }
    tasks[id]?.status = succeeded ? .succeeded : .failed
    tasks[id]?.message = message
    tasks[id]?.endedAt = now
  }

  /// Tasks on elastic IPs.
  func describeTaskResult(_ call: Call) throws(Refusal) -> Record {
    _ = try call.requiredRegion()
    let task = try numberedTask(try call.required("TaskId"), call)
    let result =
      switch task.status {
      case .running: "RUNNING"
      case .succeeded: "SUCCESS"
      case .failed: "FAILED"
      }
    return ["TaskId": .text(task.id), "Result": .text(result)]
  }

  /// Tasks on images and instances.
  func describeTaskStatus(_ call: Call) throws(Refusal) -> Record {
    var rows: [Value] = []
    for input in call.list("TaskSet") {
      let id = input.asRecord?["TaskId"]?.asText ?? ""
      let task = try numberedTask(id, call)
      guard input.asRecord?["Operation"] == .text(task.operation) else { throw taskNotFound(id, call) }
      let status =
        switch task.status {
        case .running: "OPERATING"
        case .succeeded: "SUCCESS"
        case .failed: "FAILED"
        }
      rows.append([
        "TaskId": .text(task.id), "Message": .text(task.message), "Status": .text(status),
        "AddTime": .text(task.begunAt.plainText), "EndTime": .text(task.endedAt?.plainText ?? ""),
        "Operation": .text(task.operation),
      ])
    }
    return ["TaskSet": .list(rows)]
  }

  /// 0 succeeded, 1 failed, 2 in progress; null for a task that is not known, since the page prints no code for it.
  func describeLoadBalanceTaskStatus(_ call: Call) throws(Refusal) -> Record {
    let status: Value =
      switch tasks[try call.required("TaskId")]?.status {
      case .succeeded: 0
      case .failed: 1
      case .running: 2
      case nil: .null
      }
    return ["Status": status]
  }

  private func numberedTask(_ id: String, _ call: Call) throws(Refusal) -> CloudTask {
    guard Int(id) != nil, let task = tasks[id] else { throw taskNotFound(id, call) }
    return task
  }

  private func taskNotFound(_ id: String, _ call: Call) -> Refusal {
    call.refusal(
      "InvalidParameterValue.TaskNotFound", "InvalidParameterValue", because: "There is no task '\(id)' of this kind.")
  }
}
