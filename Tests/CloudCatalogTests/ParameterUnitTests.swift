import CloudCatalog
import Testing
import Values

@Suite("Units of parameters")
struct ParameterUnitTests {
  private static let names = [
    "DiskSize", "DataDiskSize", "SystemDiskSize", "DefaultDataDiskSize", "DefaultSystemDiskSize", "DefaultBandWidth",
    "DefaultBandWidthIn", "DefaultBandwidth", "DefaultBandwidthIn", "InternetMaxBandwidthIn",
    "InternetMaxBandwidthOut", "MaxBandwidthIn", "MaxBandwidthOut", "IntervalTime", "SessionExpireTime", "TimeOut",
  ]

  @Test("Each stands for a number that the catalog has, and for nothing else") func exist() {
    var found: Set<String> = []
    for service in Catalog.serviceNames.compactMap({ Catalog.service($0) }) {
      let members =
        service.actionNames.compactMap { service.action($0) }.flatMap(\.parameters)
        + service.structureNames.compactMap { service.structure($0) }.flatMap(\.members)
      for member in members where ParameterUnit.of(member.name) != nil {
        #expect(member.type == .integer, "\(member.name) is a \(member.type)")
        found.insert(member.name)
      }
    }
    #expect(found == Set(Self.names))
  }

  @Test("What is sent is the number, where it is whole") func numbers() {
    #expect(ParameterUnit.gigabytes.number(of: .quantity(Quantity(.size, 50 << 30))) == 50)
    #expect(ParameterUnit.gigabytes.number(of: .quantity(Quantity(.size, 1 << 29))) == nil)
    #expect(ParameterUnit.megabits.number(of: .quantity(Quantity(.bandwidth, 2_000_000_000))) == 2000)
    #expect(ParameterUnit.megabits.number(of: .quantity(Quantity(.size, 2_000_000))) == nil)
    #expect(ParameterUnit.seconds.number(of: .duration(.minutes(2))) == 120)
    #expect(ParameterUnit.seconds.number(of: .duration(.milliseconds(1500))) == nil)
    #expect(ParameterUnit.seconds.number(of: 5) == nil)
    for unit in ParameterUnit.allCases {
      let value: Value? =
        unit == .seconds ? .duration(.seconds(5)) : Quantity(unit.example).map(Value.quantity)
      #expect(value.flatMap { unit.number(of: $0) } != nil, "\(unit.example)")
    }
  }
}
