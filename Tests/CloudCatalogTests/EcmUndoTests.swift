import CloudCatalog
import Testing
import Values

/// What the undo of some ECM calls comes out as, from given answers.
@Suite struct EcmUndoTests {
  /// The undo calls that would be made, in order, as far as no call needs the answer of another.
  private func calls(_ action: ActionID, _ context: TemplateContext) throws -> [(ActionID, Record)] {
    guard case .inverse(let inverse)? = Catalog.meaning(action)?.undo else { return [] }
    return inverse.calls.flatMap { $0.unfolded(context) ?? [$0] }.filter { $0.applies(context) }
      .map { ($0.call.action, $0.filled(context)) }
  }

  private func context(_ arguments: Record, before: Value = .null, found: Value = .null) -> TemplateContext {
    var context = TemplateContext()
    context.arguments = arguments
    context.before = before
    context.found = found
    return context
  }

  @Test func instancesGetTheirOwnNamesBack() throws {
    let before: Value = [
      "InstanceSet": [
        ["InstanceId": "ein-1", "InstanceName": "a", "SecurityGroupIds": ["esg-1"]],
        ["InstanceId": "ein-2", "InstanceName": "b", "SecurityGroupIds": ["esg-2"]],
        ["InstanceId": "ein-3", "InstanceName": "a", "SecurityGroupIds": ["esg-2"]],
        ["InstanceId": "ein-9", "InstanceName": "other", "SecurityGroupIds": []],
      ]
    ]
    let ids: Value = ["ein-1", "ein-2", "ein-3"]
    let renamed = try calls(
      "ecm.ModifyInstancesAttribute", context(["InstanceIdSet": ids, "InstanceName": "x"], before: before))
    #expect(
      renamed.map(\.1) == [
        ["InstanceIdSet": ["ein-1", "ein-3"], "InstanceName": "a"], ["InstanceIdSet": ["ein-2"], "InstanceName": "b"],
      ])
    let regrouped = try calls(
      "ecm.ModifyInstancesAttribute", context(["InstanceIdSet": ["ein-1"], "SecurityGroups": []], before: before))
    #expect(
      regrouped.map(\.1) == [["InstanceIdSet": ["ein-1"], "InstanceName": "a", "SecurityGroups": ["esg-1"]]])
  }

  @Test func bandwidthComesBackInGroups() throws {
    let instance = { (id: Value, out: Value?) -> Value in
      [
        "InstanceId": id,
        "Internet": ["PublicIPAddressSet": out.map { [["MaxBandwidthOut": $0, "MaxBandwidthIn": $0]] } ?? .null],
      ]
    }
    let undone = try calls(
      "ecm.ResetInstancesMaxBandwidth",
      context(
        ["InstanceIdSet": ["ein-1", "ein-2", "ein-3"], "MaxBandwidthOut": 50],
        before: ["InstanceSet": [instance("ein-1", 10), instance("ein-2", nil), instance("ein-3", 10)]]))
    #expect(
      undone.map(\.1) == [["InstanceIdSet": ["ein-1", "ein-3"], "MaxBandwidthOut": 10, "MaxBandwidthIn": 10]])
  }

  @Test func onlyNewlyBoundGroupsAreUnbound() throws {
    let before: Value = [
      "InstanceSet": [
        ["InstanceId": "ein-1", "SecurityGroupIds": ["esg-1", "esg-2"]],
        ["InstanceId": "ein-2", "SecurityGroupIds": ["esg-2"]],
      ]
    ]
    let arguments: Record = ["SecurityGroupIds": ["esg-1"], "InstanceIds": ["ein-1", "ein-2"]]
    let unbound = try calls("ecm.AssociateSecurityGroups", context(arguments, before: before))
    #expect(unbound.map(\.1) == [["SecurityGroupIds": ["esg-1"], "InstanceIds": ["ein-2"]]])
    let bound = try calls("ecm.DisassociateSecurityGroups", context(arguments, before: before))
    #expect(bound.map(\.1) == [["SecurityGroupIds": ["esg-1"], "InstanceIds": ["ein-1"]]])
  }

  @Test func groupsOfBalancersFlip() throws {
    let before: Value = [
      "LoadBalancerSet": [
        ["LoadBalancerId": "lb-1", "SecureGroups": ["esg-1"]], ["LoadBalancerId": "lb-2", "SecureGroups": .null],
      ]
    ]
    let undone = { (operation: Value) in
      try self.calls(
        "ecm.SetSecurityGroupForLoadbalancers",
        self.context(
          ["LoadBalancerIds": ["lb-1", "lb-2"], "SecurityGroup": "esg-1", "OperationType": operation], before: before)
      ).map(\.1)
    }
    #expect(
      try undone("ADD") == [["SecurityGroup": "esg-1", "LoadBalancerIds": ["lb-2"], "OperationType": "DEL"]])
    #expect(
      try undone("DEL") == [["SecurityGroup": "esg-1", "LoadBalancerIds": ["lb-1"], "OperationType": "ADD"]])
  }

  private let backends: Value = [
    "Listeners": [
      [
        "ListenerId": "lbl-1", "Port": 80,
        "Targets": [
          ["InstanceId": "ein-1", "Port": 8080, "Weight": 30, "PrivateIpAddresses": ["10.0.0.4"]],
          ["InstanceId": "ein-2", "Port": 8080, "Weight": 40, "PrivateIpAddresses": ["10.0.0.5"]],
        ],
      ]
    ]
  ]

  @Test func targetsGetTheirWeightsBack() throws {
    let targets: Value = [
      ["ListenerId": "lbl-1", "InstanceId": "ein-1", "Port": 8080],
      ["ListenerId": "lbl-1", "EniIp": "10.0.0.5", "Port": 8080],
      ["ListenerId": "lbl-1", "InstanceId": "ein-7", "Port": 8080],
    ]
    let registered = try calls(
      "ecm.BatchDeregisterTargets", context(["LoadBalancerId": "lb-1", "Targets": targets], before: backends))
    #expect(
      registered.first?.1["Targets"] == [
        ["ListenerId": "lbl-1", "InstanceId": "ein-1", "Port": 8080, "Weight": 30],
        ["ListenerId": "lbl-1", "EniIp": "10.0.0.5", "Port": 8080, "Weight": 40],
      ])
    let weighed = try calls(
      "ecm.BatchModifyTargetWeight",
      context(
        [
          "LoadBalancerId": "lb-1",
          "ModifyList": [
            ["ListenerId": "lbl-1", "Weight": 1, "Targets": [["InstanceId": "ein-2", "Port": 8080]]]
          ],
        ], before: backends))
    #expect(
      weighed.first?.1["ModifyList"] == [
        ["ListenerId": "lbl-1", "Targets": [["InstanceId": "ein-2", "Port": 8080, "Weight": 40]]]
      ])
  }

  @Test func portsGoBackGroupByGroup() throws {
    let undone = try calls(
      "ecm.ModifyTargetPort",
      context([
        "LoadBalancerId": "lb-1", "ListenerId": "lbl-1", "NewPort": 9000,
        "Targets": [["InstanceId": "ein-1", "Port": 80], ["InstanceId": "ein-2", "Port": 81]],
      ]))
    #expect(undone.map { $0.1["NewPort"] } == [80, 81])
    #expect(undone.first?.1["Targets"] == [["InstanceId": "ein-1", "Port": 9000]])
  }

  private let table: Value = [
    "RouteTableSet": [
      [
        "VpcId": "vpc-1", "RouteTableName": "main",
        "RouteSet": [
          [
            "RouteId": 1, "RouteItemId": "rti-1", "DestinationCidrBlock": "10.1.0.0/16", "GatewayType": "NORMAL_CVM",
            "GatewayId": "10.0.0.4", "RouteDescription": "", "Enabled": true, "RouteType": "USER",
          ],
          [
            "RouteId": 2, "RouteItemId": "rti-2", "DestinationCidrBlock": "10.2.0.0/16", "GatewayType": "CCN",
            "Enabled": false, "RouteType": "CCN",
          ],
        ],
      ]
    ]
  ]
  private let route: Value = [
    "DestinationCidrBlock": "10.1.0.0/16", "GatewayType": "NORMAL_CVM", "GatewayId": "10.0.0.4", "Enabled": true,
  ]

  @Test func routesComeBackWithoutTheSystems() throws {
    let one = try calls(
      "ecm.DeleteRoutes", context(["RouteTableId": "rtb-1", "Routes": [["RouteId": 1]]], before: table))
    #expect(one.map(\.1) == [["RouteTableId": "rtb-1", "Routes": [route]]])
    let all = try calls("ecm.ResetRoutes", context(["RouteTableId": "rtb-1"], before: table))
    #expect(all.map(\.1) == [["RouteTableId": "rtb-1", "RouteTableName": "main", "Routes": [route]]])
    let enabled = try calls("ecm.EnableRoutes", context(["RouteTableId": "rtb-1", "RouteIds": [1, 2]], before: table))
    #expect(enabled.map(\.1) == [["RouteTableId": "rtb-1", "RouteIds": [2]]])
  }

  @Test func aTableIsFilledAfterItIsMade() throws {
    var context = context(["RouteTableId": "rtb-1"], before: table, found: ["VpcSet": [["Region": "ap-xian-ecm"]]])
    context.made = ["RouteTable": ["RouteTableId": "rtb-2"]]
    let undone = try calls("ecm.DeleteRouteTable", context)
    #expect(
      undone.map(\.1) == [
        ["VpcId": "vpc-1", "RouteTableName": "main", "EcmRegion": "ap-xian-ecm"],
        ["RouteTableId": "rtb-2", "Routes": [route]],
      ])
  }

  @Test func policiesGoBackToTheirPlaces() throws {
    let before: Value = [
      "SecurityGroupPolicySet": [
        "Version": "7",
        "Ingress": [
          [
            "PolicyIndex": 0, "Protocol": "tcp", "Port": "80", "CidrBlock": "10.0.0.0/16", "Action": "ACCEPT",
            "SecurityGroupId": "", "AddressTemplate": ["AddressId": "", "AddressGroupId": ""],
          ],
          ["PolicyIndex": 1, "Protocol": "udp", "Port": "53", "CidrBlock": "10.0.0.0/16", "Action": "ACCEPT"],
        ], "Egress": .null,
      ]
    ]
    let deleted = { (policy: Value) in
      try self.calls(
        "ecm.DeleteSecurityGroupPolicies",
        self.context(
          ["SecurityGroupId": "esg-1", "SecurityGroupPolicySet": ["Ingress": [policy]]], before: before)
      ).map { $0.1["SecurityGroupPolicySet"] }
    }
    let policy: Value = [
      "Ingress": [
        ["PolicyIndex": 0, "Protocol": "tcp", "Port": "80", "CidrBlock": "10.0.0.0/16", "Action": "ACCEPT"]
      ]
    ]
    #expect(try deleted(["PolicyIndex": 0]).count == 1)
    #expect(try deleted(["Protocol": "TCP", "Port": "80", "Action": "accept"]) == [policy])
    #expect(try deleted(["Protocol": "icmp"]) == [])
  }

  @Test func theMarkOfTheFirstMakerIsLeftOut() throws {
    let undone = try calls(
      "ecm.DeleteVpc",
      context(
        ["VpcId": "vpc-1", "EcmRegion": "ap-xian-ecm"],
        before: [
          "VpcSet": [
            [
              "VpcName": "v", "CidrBlock": "10.0.0.0/16", "EnableMulticast": false,
              "TagSet": [["Key": .text(Mark.key), "Value": "old"], ["Key": "city", "Value": "xian"]],
            ]
          ]
        ]))
    #expect(undone.first?.1["Tags"] == [["Key": "city", "Value": "xian"]])
    #expect(undone.first?.1["EnableMulticast"] == "false")
  }
}
