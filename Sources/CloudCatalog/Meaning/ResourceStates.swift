/// The states of a kind of resource, as its Describe call shows them, and which call leads from one to another.
package struct ResourceStates: Sendable {
  /// Such as `ecm.Instance`
  package let resource: String
  /// The read that shows the state.
  package let read: ActionID
  /// The member of its rows that carries it.
  package let member: String
  package let states: [String]
  package let transitions: [Transition]
  /// Where a resource stays until somebody does something.
  package let settled: [String]
  /// From where nothing but deletion leads on.
  package let failed: [String]
  /// Whether a resource that was deleted is no longer listed, rather than listed in a last state.
  package let vanishes: Bool
  /// What the books leave open or say two ways, with the page.
  package let doubt: String?

  package struct Transition: Sendable {
    /// Empty for a resource that is not there yet.
    package let from: [String]
    /// Nil for what happens without a call.
    package let by: ActionID?
    package let through: String?
    /// Nil for a resource that is there no more.
    package let to: String?

    init(_ from: [String], _ by: ActionID?, through: String? = nil, to: String?) {
      (self.from, self.by, self.through, self.to) = (from, by, through, to)
    }
  }

  init(
    _ resource: String, _ read: ActionID, _ member: String, _ states: [String], settled: [String],
    failed: [String] = [], vanishes: Bool = true, doubt: String? = nil, _ transitions: [Transition]
  ) {
    (self.resource, self.read, self.member) = (resource, read, member)
    (self.states, self.settled, self.failed) = (states, settled, failed)
    (self.vanishes, self.doubt, self.transitions) = (vanishes, doubt, transitions)
  }

  package static let resources = all.map(\.resource)

  package static func of(_ resource: String) -> ResourceStates? { all.first { $0.resource == resource } }

  private static let all = [
    ecmInstance, ecmAddress, ecmNetworkInterface, ecmLoadBalancer, ecmModule, ecmImage, ecmImageTask, ecmHaVip,
    ecmSnapshot, cvmInstance, cvmImage,
  ]
}

// MARK: ECM

extension ResourceStates {
  private static let ecmInstance = ResourceStates(
    "ecm.Instance", "ecm.DescribeInstances", "InstanceState", powerStates,
    settled: ["RUNNING", "STOPPED", "SHUTDOWN", "LAUNCH_FAILED"], failed: ["LAUNCH_FAILED"],
    doubt: "that a scheduled termination shows as SHUTDOWN is inferred; the list of states says: to be terminated",
    [
      Transition([], "ecm.RunInstances", through: "PENDING", to: "RUNNING"),
      Transition([], "ecm.RunInstances", through: "PENDING", to: "LAUNCH_FAILED"),
      Transition(["STOPPED"], "ecm.StartInstances", through: "STARTING", to: "RUNNING"),
      Transition(["RUNNING"], "ecm.StopInstances", through: "STOPPING", to: "STOPPED"),
      Transition(["RUNNING"], "ecm.RebootInstances", through: "REBOOTING", to: "RUNNING"),
      Transition(["RUNNING", "STOPPED"], "ecm.ResetInstances", to: "RUNNING"),
      Transition(
        ["RUNNING", "STOPPED", "LAUNCH_FAILED", "SHUTDOWN"], "ecm.TerminateInstances", through: "TERMINATING", to: nil),
    ])

  private static let ecmAddress = ResourceStates(
    "ecm.Address", "ecm.DescribeAddresses", "AddressStatus",
    ["CREATING", "BINDING", "BIND", "UNBINDING", "UNBIND", "OFFLINING", "BIND_ENI"],
    settled: ["UNBIND", "BIND", "BIND_ENI"],
    doubt: "an example of the page of DescribeAddresses shows BINDED, which its list does not have",
    [
      Transition([], "ecm.AllocateAddresses", through: "CREATING", to: "UNBIND"),
      Transition(["UNBIND"], "ecm.AssociateAddress", through: "BINDING", to: "BIND"),
      Transition(["UNBIND"], "ecm.AssociateAddress", through: "BINDING", to: "BIND_ENI"),
      Transition(["BIND", "BIND_ENI"], "ecm.DisassociateAddress", through: "UNBINDING", to: "UNBIND"),
      Transition(["UNBIND"], "ecm.ReleaseAddresses", through: "OFFLINING", to: nil),
    ])

  private static let ecmNetworkInterface = ResourceStates(
    "ecm.NetworkInterface", "ecm.DescribeNetworkInterfaces", "State",
    ["PENDING", "AVAILABLE", "ATTACHING", "DETACHING", "DELETING"], settled: ["AVAILABLE"],
    doubt: "a bound interface is AVAILABLE too; its Attachment tells the difference, and no state tells of a failure",
    [
      Transition([], "ecm.CreateNetworkInterface", through: "PENDING", to: "AVAILABLE"),
      Transition(["AVAILABLE"], "ecm.AttachNetworkInterface", through: "ATTACHING", to: "AVAILABLE"),
      Transition(["AVAILABLE"], "ecm.DetachNetworkInterface", through: "DETACHING", to: "AVAILABLE"),
      Transition(["AVAILABLE"], "ecm.MigrateNetworkInterface", to: "AVAILABLE"),
      Transition(["AVAILABLE"], "ecm.DeleteNetworkInterface", through: "DELETING", to: nil),
    ])

  private static let ecmLoadBalancer = ResourceStates(
    "ecm.LoadBalancer", "ecm.DescribeLoadBalancers", "Status", ["0", "1"], settled: ["1"],
    [
      Transition([], "ecm.CreateLoadBalancer", through: "0", to: "1"),
      Transition(["0", "1"], "ecm.DeleteLoadBalancer", to: nil),
    ])

  private static let ecmModule = ResourceStates(
    "ecm.Module", "ecm.DescribeModule", "ModuleState", ["NORMAL", "DELETING", "DELETEFAILED"],
    settled: ["NORMAL", "DELETEFAILED"], failed: ["DELETEFAILED"],
    [
      Transition([], "ecm.CreateModule", to: "NORMAL"),
      Transition(["NORMAL", "DELETEFAILED"], "ecm.DeleteModule", through: "DELETING", to: nil),
      Transition(["NORMAL"], "ecm.DeleteModule", through: "DELETING", to: "DELETEFAILED"),
    ])

  private static let ecmImage = ResourceStates(
    "ecm.Image", "ecm.DescribeImage", "ImageState", ["NORMAL"], settled: ["NORMAL"],
    doubt: "the data type Image lists no states; NORMAL stands in examples",
    [
      Transition([], "ecm.CreateImage", to: "NORMAL"), Transition([], "ecm.ImportImage", to: "NORMAL"),
      Transition(["NORMAL"], "ecm.DeleteImage", to: nil),
    ])

  private static let ecmImageTask = ResourceStates(
    "ecm.ImageTask", "ecm.DescribeCustomImageTask", "State", ["PENDING", "PROCESSING", "SUCCESS", "FAILED"],
    settled: ["SUCCESS", "FAILED"], failed: ["FAILED"], vanishes: false,
    [
      Transition([], "ecm.ImportImage", to: "PENDING"), Transition(["PENDING"], nil, to: "PROCESSING"),
      Transition(["PROCESSING"], nil, to: "SUCCESS"), Transition(["PENDING", "PROCESSING"], nil, to: "FAILED"),
    ])

  private static let ecmHaVip = ResourceStates(
    "ecm.HaVip", "ecm.DescribeHaVips", "State", ["AVAILABLE", "UNBIND"], settled: ["AVAILABLE", "UNBIND"],
    doubt: "no call binds an HAVIP; that it becomes AVAILABLE when an instance announces it is inferred",
    [
      Transition([], "ecm.CreateHaVip", to: "UNBIND"), Transition(["UNBIND"], nil, to: "AVAILABLE"),
      Transition(["AVAILABLE"], nil, to: "UNBIND"), Transition(["UNBIND", "AVAILABLE"], "ecm.DeleteHaVip", to: nil),
    ])

  private static let ecmSnapshot = ResourceStates(
    "ecm.Snapshot", "ecm.DescribeSnapshots", "SnapshotState",
    ["NORMAL", "CREATING", "ROLLBACKING", "COPYING_FROM_REMOTE", "CHECKING_COPIED", "TORECYCLE"],
    settled: ["NORMAL", "TORECYCLE"],
    [
      Transition(["CREATING", "ROLLBACKING", "CHECKING_COPIED"], nil, to: "NORMAL"),
      Transition(["COPYING_FROM_REMOTE"], nil, to: "CHECKING_COPIED"),
      Transition(["NORMAL"], "ecm.DeleteSnapshots", to: nil),
    ])

  private static let powerStates = [
    "PENDING", "LAUNCH_FAILED", "RUNNING", "STOPPED", "STARTING", "STOPPING", "REBOOTING", "SHUTDOWN", "TERMINATING",
  ]
}

// MARK: CVM

extension ResourceStates {
  private static let cvmInstance = ResourceStates(
    "cvm.Instance", "cvm.DescribeInstancesStatus", "InstanceState",
    powerStates + [
      "ENTER_RESCUE_MODE", "RESCUE_MODE", "EXIT_RESCUE_MODE", "ENTER_SERVICE_LIVE_MIGRATE", "SERVICE_LIVE_MIGRATE",
      "EXIT_SERVICE_LIVE_MIGRATE",
    ],
    settled: ["RUNNING", "STOPPED", "SHUTDOWN", "LAUNCH_FAILED", "RESCUE_MODE"], failed: ["LAUNCH_FAILED"],
    doubt: "the data type Instance lists the first nine states only; which calls a state refuses is derived from the "
      + "error codes of the pages",
    [
      Transition([], "cvm.RunInstances", through: "PENDING", to: "RUNNING"),
      Transition([], "cvm.RunInstances", through: "PENDING", to: "LAUNCH_FAILED"),
      Transition(["STOPPED"], "cvm.StartInstances", through: "STARTING", to: "RUNNING"),
      Transition(["RUNNING"], "cvm.StopInstances", through: "STOPPING", to: "STOPPED"),
      Transition(["RUNNING", "RESCUE_MODE"], "cvm.RebootInstances", through: "REBOOTING", to: "RUNNING"),
      Transition(["RUNNING", "STOPPED"], "cvm.EnterRescueMode", through: "ENTER_RESCUE_MODE", to: "RESCUE_MODE"),
      Transition(["RESCUE_MODE"], "cvm.ExitRescueMode", through: "EXIT_RESCUE_MODE", to: "RUNNING"),
      Transition(["RUNNING"], nil, through: "ENTER_SERVICE_LIVE_MIGRATE", to: "SERVICE_LIVE_MIGRATE"),
      Transition(["SERVICE_LIVE_MIGRATE"], nil, through: "EXIT_SERVICE_LIVE_MIGRATE", to: "RUNNING"),
      Transition(["RUNNING", "STOPPED", "SHUTDOWN"], "cvm.TerminateInstances", through: "TERMINATING", to: nil),
      Transition(["RUNNING", "STOPPED"], "cvm.TerminateInstances", to: "SHUTDOWN"),
    ])

  private static let cvmImage = ResourceStates(
    "cvm.Image", "cvm.DescribeImages", "ImageState", ["NORMAL", "CREATING", "USING"], settled: ["NORMAL"],
    doubt: "the whole list of image states stands behind a link of the page of DeleteImages, not in the book",
    [
      Transition([], "cvm.CreateImage", through: "CREATING", to: "NORMAL"),
      Transition([], "cvm.ImportImage", to: "NORMAL"), Transition([], "cvm.SyncImages", to: "NORMAL"),
      Transition(["NORMAL"], nil, through: "USING", to: "NORMAL"),
      Transition(["NORMAL"], "cvm.DeleteImages", to: nil),
    ])
}
