import Values

/// Reports on use. What an instance uses is drawn from its id and the time, so that two questions get one answer.
extension World {
  func describeBaseOverview(_ call: Call) throws(Refusal) -> Record {
    let present = instances.all.filter { $0.state != .launchFailed }
    let models = present.compactMap { seeds.hardware.model($0.instanceType) }
    return [
      "ModuleNum": .int(modules.count), "NodeNum": .int(Set(present.map(\.zone)).count),
      "VcpuNum": .int(models.reduce(0) { $0 + $1.processors }), "MemoryNum": .int(models.reduce(0) { $0 + $1.memory }),
      "StorageNum": .int(present.reduce(0) { $0 + $1.storage }),
      "NetworkNum": .int(present.reduce(0) { $0 + $1.bandwidth }), "InstanceNum": .int(instances.count),
      "RunningNum": .int(present.count { $0.state == .running }),
      "IsolationNum": .int(present.count { $0.state == .shutdown }), "ExpiredNum": 0, "WillExpireNum": 0,
    ]
  }

  func describePeakBaseOverview(_ call: Call) throws(Refusal) -> Record {
    let times = try times(call, daysBack: 90) { $0 <= 30 ? 3600 : 10_800 }
    let rows = seeds.hardware.families.compactMap { family -> Value? in
      let own = instances.all.filter { seeds.hardware.model($0.instanceType)?.family == family }
      guard let model = own.first.flatMap({ seeds.hardware.model($0.instanceType) }) else { return nil }
      let peaks = times.map { time -> Value in
        let there = own.filter { $0.createdAt <= time }
        let models = there.compactMap { seeds.hardware.model($0.instanceType) }
        return [
          "PeakCpuNum": .int(models.reduce(0) { $0 + $1.processors }),
          "PeakMemoryNum": .int(models.reduce(0) { $0 + $1.memory }),
          "PeakStorageNum": .int(there.reduce(0) { $0 + $1.storage }), "RecordTime": .text(time.plainText),
        ]
      }
      return [
        "InstanceFamily": ["InstanceFamilyType": .text(family), "InstanceFamilyTypeName": .text(model.familyName)],
        "PeakBaseSet": .list(peaks),
      ]
    }
    return ["PeakFamilyInfoSet": .list(rows)]
  }

  /// Without a region or an area there is nothing to show.
  func describePeakNetworkOverview(_ call: Call) throws(Refusal) -> Record {
    let period = call.int("Period")
    let times = try times(call, daysBack: 30) { days in days <= 1 ? period ?? 60 : days <= 7 ? 300 : 3600 }
    let wanted = try values(call, of: ["region", "area", "isp"])
    guard wanted["region"] == nil || wanted["area"] == nil else {
      throw call.refusal("InvalidParameterValue.InvalidFilter", because: "Give region or area, not both.")
    }
    let regions = seeds.geography.regions.filter { region in
      wanted["region"]?.contains(region.name)
        ?? wanted["area"].map { $0.contains(region.area.id) || $0.contains("ALL_REGION") } ?? false
    }
    let rows = regions.map { region -> Value in
      let own = instances.all.filter { $0.region == region.name && (wanted["isp"]?.contains($0.isp) ?? true) }
      return ["Region": .text(region.name), "PeakNetworkSet": .list(times.map { peak(own, at: $0) })]
    }
    return ["PeakNetworkRegionSet": .list(rows)]
  }

  func describeMonthPeakNetwork(_ call: Call) throws(Refusal) -> Record {
    let month = try call.required("Month")
    guard month.utf8.count == 7, let first = Instant(plainText: "\(month)-01 00:00:00") else {
      throw call.refusal("InvalidParameterValue.Malformed", because: "Month must be YYYY-MM, and is '\(month)'.")
    }
    let days = (28...31).last { Instant(plainText: "\(month)-\($0) 00:00:00") != nil } ?? 28
    let end = first + .seconds(days * 86_400 - 1)
    let wanted = try values(call, of: ["region", "zone", "isp"])
    let own = instances.all.filter { instance in
      instance.createdAt <= end && (wanted["region"]?.contains(instance.region) ?? true)
        && (wanted["zone"]?.contains(instance.zone) ?? true) && (wanted["isp"]?.contains(instance.isp) ?? true)
    }
    let groups = Dictionary(grouping: own) { "\($0.zone) \($0.isp)" }
    let rows = groups.keys.sorted().compactMap { key -> Value? in
      groups[key].flatMap { monthRow($0, month, first, end, days) }
    }
    return ["MonthNetWorkData": .list(rows)]
  }

  /// How many instances of each type still fit, by zone and carrier; it does not shrink with what is created.
  func describePackingQuotaGroup(_ call: Call) throws(Refusal) -> Record {
    let wanted = try values(call, of: ["Zone", "InstanceType", "DataDiskSize"])
    let sizes = wanted["DataDiskSize"] ?? []
    guard sizes.allSatisfy({ Int($0).map { Limits.dataDisk.contains($0) } ?? false }) else {
      throw call.refusal("InvalidParameterValue", because: "DataDiskSize must be 0 to 1024 GB.")
    }
    let zones = seeds.geography.regions.flatMap(\.zones).filter { wanted["Zone"]?.contains($0.name) ?? true }
    let models = seeds.hardware.models.filter { wanted["InstanceType"]?.contains($0.name) ?? true }
    let rows = zones.flatMap { zone in
      Geography.carriers.map { carrier -> Value in
        let quotas = models.map { model -> Value in
          let quota = SplitMix64.mix(0, "\(zone.name) \(carrier.0) \(model.family)") % 2000
          return ["InstanceType": .text(model.name), "PackingQuota": .int(Int(quota) / model.processors)]
        }
        return [
          "Zone": .text(zone.name), "ZoneId": .int(zone.id), "ISPId": .text(carrier.0),
          "PackingQuotaInfos": .list(quotas),
        ]
      }
    }
    return ["PackingQuotaSet": .list(rows)]
  }

  /// The values of the call's filters by name.
  private func values(_ call: Call, of names: [String]) throws(Refusal) -> [String: Set<String>] {
    _ = try call.filter(names.map { name in .exact(name) { $0 } } as [FilterField<String>])
    return call.list("Filters").compactMap(\.asRecord).reduce(into: [:]) { found, filter in
      guard let name = filter["Name"]?.asText else { return }
      found[name] = Set((filter["Values"]?.asList ?? []).compactMap(\.asText))
    }
  }

  /// The moments that a report shows, from `StartTime` to the end of the day `EndTime`, never after now.
  private func times(
    _ call: Call, daysBack: Int, step: (_ days: Int) -> Int
  ) throws(Refusal) -> [Instant] {
    let day = Duration.seconds(86_400)
    func date(_ name: String, daysAgo: Int) throws(Refusal) -> Instant {
      let text = call.text(name) ?? (now - day * daysAgo).dateText
      guard let date = Instant(plainText: "\(text) 00:00:00"), date <= now, date >= now - day * (daysBack + 1) else {
        throw call.refusal(
          "InvalidParameterValue.InvalidTime", because: "\(name) must be YYYY-MM-DD within the last \(daysBack) days.")
      }
      return date
    }
    let (start, last) = (try date("StartTime", daysAgo: 7), try date("EndTime", daysAgo: 1))
    guard start <= last else {
      throw call.refusal("InvalidParameterValue.InvalidTime", because: "StartTime is after EndTime.")
    }
    let end = last + day
    let seconds = Int((end - start).milliseconds / 1000)
    return stride(from: 0, to: seconds, by: step(seconds / 86_400)).map { start + .seconds($0) }.filter { $0 <= now }
  }

  private func peak(_ own: [Instance], at time: Instant) -> Value {
    let (incoming, outgoing) = (traffic(own, "in", time), traffic(own, "out", time))
    return [
      "RecordTime": .text(time.plainText), "PeakInNetwork": .text(tenths(incoming)),
      "PeakOutNetwork": .text(tenths(outgoing)), "ChargeNetwork": .text(tenths(max(incoming, outgoing))),
    ]
  }

  /// In tenths of a Mbps: each instance uses between none and all of its bandwidth.
  private func traffic(_ own: [Instance], _ direction: String, _ time: Instant) -> Int {
    own.reduce(0) { sum, instance in
      guard instance.createdAt <= time else { return sum }
      let share = SplitMix64.mix(UInt64(bitPattern: time.seconds), instance.id + direction) >> 8
      return sum + instance.bandwidth * Int(share % 1000) / 100
    }
  }

  private func tenths(_ value: Int) -> String { "\(value / 10).\(value % 10)" }

  private func monthRow(
    _ own: [Instance], _ month: String, _ first: Instant, _ end: Instant, _ days: Int
  ) -> Value? {
    guard let one = own.first, let zone = seeds.geography.zone(one.zone) else { return nil }
    let from = max(first, own.map(\.createdAt).min() ?? first)
    let effective = min(days, Int((min(end, now) - from).milliseconds / 86_400_000) + 1)
    let rate = Double(max(0, effective)) / Double(days)
    let incoming = Double(traffic(own, "in", end)) / 10
    let outgoing = Double(traffic(own, "out", end)) / 10
    var suffix = SplitMix64(seed: SplitMix64.mix(0, "\(account) \(one.zone) \(one.isp)"))
    return [
      "ZoneInfo": ["ZoneId": .int(zone.id), "ZoneName": .text(zone.displayName), "Zone": .text(zone.name)],
      "Month": .text(month.split(separator: "-").joined()), "BandwidthPkgId": .text("bwp-\(suffix.suffix())"),
      "Isp": .text(one.isp), "TrafficMaxIn": .float(incoming), "TrafficMaxOut": .float(outgoing),
      "FeeTraffic": .float(max(incoming, outgoing) * rate), "StartTime": .text(first.plainText),
      "EndTime": .text(end.plainText), "EffectiveDays": .int(effective), "MonthDays": .int(days),
      "EffectiveDaysRate": .float(rate), "BandwidthPkgType": "",
    ]
  }
}

extension Instance {
  /// All its disks, in GB.
  fileprivate var storage: Int { systemDisk.size + dataDisks.reduce(0) { $0 + $1.size } }
}
