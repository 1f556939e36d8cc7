import CloudCatalog
import RunEngine
import Values

/// Draws programs and faults.
struct RandomScript {
  private(set) var random: SplitMix
  private var names = 0

  init(seed: Int) { random = SplitMix(seed: seed) }

  private mutating func name(_ kind: String) -> String {
    names += 1
    return "\(kind)\(names)"
  }

  mutating func program() -> [Line] {
    var lines = lines(depth: 2)
    if random.below(3) == 0 { lines.append(.fail("at the end")) }
    return lines
  }

  private mutating func lines(depth: Int) -> [Line] {
    (0..<(1 + random.below(3))).flatMap { _ in item(depth: depth) }
  }

  private mutating func item(depth: Int) -> [Line] {
    switch random.below(depth > 0 ? 8 : 4) {
    case 0:
      let vpc = name("v")
      let subnets = (0..<random.below(3)).map { _ in [Scripts.subnet(name("s"), in: vpc)] }
      return [Scripts.vpc(vpc), .parallel(subnets)]
    case 1: return [Scripts.module(name("m"))]
    case 2:
      let step = name("i")
      return [Scripts.instances(step, 1 + random.below(7))] + (random.below(2) == 0 ? [.wait(step)] : [])
    case 3:
      let step = name("a")
      return [Scripts.addresses(step, 1 + random.below(3))] + (random.below(2) == 0 ? [.wait(step)] : [])
    case 4, 5: return [attempt(depth: depth - 1)]
    default: return [.parallel((0..<(1 + random.below(4))).map { _ in lines(depth: depth - 1) })]
    }
  }

  private mutating func attempt(depth: Int) -> Line {
    var body = lines(depth: depth)
    if random.below(3) == 0 { body.insert(.fail("in the attempt"), at: random.below(body.count + 1)) }
    if random.below(4) == 0 { body = [.timeout(name("t"), .seconds(Int64(1 + random.below(60))), body)] }
    let rescue = random.below(3) > 0 ? lines(depth: 0) : nil
    let always = rescue == nil || random.below(3) == 0 ? lines(depth: 0) : nil
    return .attempt(body, rescue: rescue, keeps: random.below(4) == 0, always: always)
  }

  /// Faults at random calls; forward calls may also be refused, the undo's may not.
  mutating func faults() -> [ActionID: [Int: ToyFault]] {
    let forward: [ActionID] = ["ecm.CreateVpc", "ecm.CreateSubnet", "ecm.CreateModule", "ecm.RunInstances"]
    let others: [ActionID] = [
      "ecm.AllocateAddresses", "ecm.DeleteVpc", "ecm.DeleteSubnet", "ecm.DeleteModule", "ecm.TerminateInstances",
      "ecm.ReleaseAddresses", "ecm.DescribeVpcs", "ecm.DescribeInstances", "ecm.DescribeTaskResult",
    ]
    var faults: [ActionID: [Int: ToyFault]] = [:]
    for _ in 0..<random.below(8) {
      let isForward = random.below(2) == 0
      let action = isForward ? forward[random.below(forward.count)] : others[random.below(others.count)]
      let fault = ToyFault.allCases[random.below(ToyFault.allCases.count)]
      if fault == .refused, !isForward { continue }
      faults[action, default: [:]][1 + random.below(4)] = fault
    }
    return faults
  }
}
