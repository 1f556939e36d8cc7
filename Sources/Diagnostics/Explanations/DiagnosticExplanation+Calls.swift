extension DiagnosticExplanation {
  static var ofCalls: [DiagnosticExplanation] {
    [
      DiagnosticExplanation(
        .unknownAction, "an unknown action",
        """
        Actions are spelled as in the provider's documents. 'belay actions' lists them, 'belay action NAME' explains \
        one.
        """,
        wrong: "let net = ecm.CreateVcp(VpcName: \"web\", CidrBlock: 10.20.0.0/16)",
        right: "let net = ecm.CreateVpc(VpcName: \"web\", CidrBlock: 10.20.0.0/16)"),
      DiagnosticExplanation(
        .unknownParameter, "an unknown parameter",
        """
        The action, or the structure in an argument, has no parameter of this name. Names are spelled as in the \
        provider's documents, capitals included; the nearest is offered. A parameter that 'use … with' supplies has \
        to be one of some action.
        """,
        wrong: "let net = ecm.CreateVpc(VpcNam: \"web\", CidrBlock: 10.20.0.0/16)",
        right: "let net = ecm.CreateVpc(VpcName: \"web\", CidrBlock: 10.20.0.0/16)"),
      DiagnosticExplanation(
        .missingParameter, "a parameter is missing",
        """
        The cloud refuses a call without this parameter, so it is refused before anything is called. A parameter \
        that many calls share, such as the region, is supplied once: 'use ecm with (EcmRegion: region)'.
        """,
        wrong: "let net = ecm.CreateVpc(VpcName: \"web\")",
        right: "let net = ecm.CreateVpc(VpcName: \"web\", CidrBlock: 10.20.0.0/16)"),
      DiagnosticExplanation(
        .wrongParameterType, "an argument of the wrong type",
        """
        The type of a parameter comes from the provider's documents. A list is written in brackets even when it has \
        one element, and a structure as a record.
        """,
        wrong: "let _stopped = ecm.StopInstances(InstanceIdSet: \"ein-1\")",
        right: "let _stopped = ecm.StopInstances(InstanceIdSet: [\"ein-1\"])"),
      DiagnosticExplanation(
        .outOfRange, "an argument that the cloud refuses",
        """
        The documents limit this parameter: a range, a length, a form, a set of values or a number of elements. A \
        value that is known before the run is held against it.
        """,
        wrong: "let _eip = ecm.AllocateAddresses(InternetServiceProvider: \"CTC\")",
        right: "let _eip = ecm.AllocateAddresses(InternetServiceProvider: \"CTCC\")"),
      DiagnosticExplanation(
        .wrongIDKind, "an id of the wrong kind",
        """
        Each kind of id is a type of its own: the id of a subnet is no id of a VPC, although both are texts to the \
        cloud. A literal must begin as ids of its kind do.
        """,
        wrong: """
          let found = ecm.DescribeSubnets(SubnetIds: ["vpc-12345678"])
          output count = found.TotalCount
          """,
        right: """
          let found = ecm.DescribeSubnets(SubnetIds: ["subnet-12345678"])
          output count = found.TotalCount
          """),
      DiagnosticExplanation(
        .duplicateParameter, "a parameter that is given twice",
        "A parameter has one value. Which of two would be sent nobody could tell from the text.",
        wrong: "let net = ecm.CreateVpc(VpcName: \"web\", VpcName: \"db\", CidrBlock: 10.20.0.0/16)",
        right: "let net = ecm.CreateVpc(VpcName: \"web\", CidrBlock: 10.20.0.0/16)"),
      DiagnosticExplanation(
        .positionalArgument, "a parameter without its name",
        """
        Arguments of an action are given by name, as in the provider's documents: their order means nothing, and a \
        reader sees what each is.
        """,
        wrong: "let net = ecm.CreateVpc(\"web\", CidrBlock: 10.20.0.0/16)",
        right: "let net = ecm.CreateVpc(VpcName: \"web\", CidrBlock: 10.20.0.0/16)"),
      DiagnosticExplanation(
        .exclusiveParameters, "parameters that exclude each other",
        "The documents let one of these parameters be given, not both.",
        wrong: """
          let found = ecm.DescribeHaVips(HaVipIds: ["havip-1"], Filters: [])
          output count = found.TotalCount
          """,
        right: """
          let found = ecm.DescribeHaVips(HaVipIds: ["havip-1"])
          output count = found.TotalCount
          """),
      DiagnosticExplanation(
        .unclassifiedAction, "an action that is not classified",
        """
        The catalog does not say what this action changes, so it could be neither undone nor found again after a \
        lost answer. Every action of the books is classified; this waits for one that is added without its meaning.
        """),
      DiagnosticExplanation(
        .unknownErrorCode, "an error that the action never answers",
        """
        'retry on' names codes that the documents list for the action or for the service, or the part of a code before \
        its dot. A misspelt code would never match.
        """,
        wrong: "let net = ecm.CreateVpc(VpcName: \"web\", CidrBlock: 10.20.0.0/16) retry on FailedOperatoin",
        right: "let net = ecm.CreateVpc(VpcName: \"web\", CidrBlock: 10.20.0.0/16) retry on FailedOperation"),
    ]
  }

  static var ofUndo: [DiagnosticExplanation] {
    [
      DiagnosticExplanation(
        .noInverse, "a call that cannot be undone",
        """
        A later failure undoes what was done. The catalog knows no way back from this call, so the text says what is \
        to become of it: 'irreversible "why"', 'keep "why"', or 'undo { … }' with calls of its own.
        """,
        wrong: "ecm.TerminateInstances(InstanceIdSet: [\"ein-1\"])",
        right: "ecm.TerminateInstances(InstanceIdSet: [\"ein-1\"]) irreversible \"the fleet is retired\""),
      DiagnosticExplanation(
        .fallibleAfterIrreversible, "something that may fail after the point of no return",
        """
        After an irreversible call the run can no longer be rolled back, so nothing that may fail may follow before \
        a 'commit': a call, a wait, 'fail' or 'assert'. Put it before the call, or commit between them.
        """,
        wrong: """
          ecm.TerminateInstances(InstanceIdSet: ["ein-1"]) irreversible "the fleet is retired"
          let left = ecm.DescribeInstances()
          output left = left.TotalCount
          """,
        right: """
          ecm.TerminateInstances(InstanceIdSet: ["ein-1"]) irreversible "the fleet is retired"
          commit "the fleet is retired"
          let left = ecm.DescribeInstances()
          output left = left.TotalCount
          """),
      DiagnosticExplanation(
        .needlessOverride, "a modifier that is not needed",
        """
        The call leaves nothing to undo, or the catalog undoes it exactly. The modifier would only make readers, and \
        those who approve, expect the worse.
        """,
        wrong: "ecm.CreateVpc(VpcName: \"web\", CidrBlock: 10.20.0.0/16) irreversible \"it stays\"",
        right: "ecm.CreateVpc(VpcName: \"web\", CidrBlock: 10.20.0.0/16)"),
      DiagnosticExplanation(
        .notOwned, "what is borrowed would be destroyed",
        """
        A resource that comes in as 'borrowed' may be used and is never destroyed, neither here nor by a recipe it is \
        handed to. What a runbook may destroy it makes itself, or its input says 'adopted'.
        """,
        wrong: "inputs {\n  net: borrowed ecm.VpcId\n}\n\necm.DeleteVpc(VpcId: net) irreversible \"it is old\"",
        right: "inputs {\n  net: owned ecm.VpcId\n}\n\necm.DeleteVpc(VpcId: net) irreversible \"it is old\""),
      DiagnosticExplanation(
        .inverseLeaves, "a change that the undo leaves",
        """
        The catalog's inverse takes back the call, but not this parameter: no read tells what it was before. So the \
        text says what is to become of it: 'keep "why"', 'irreversible "why"', or 'undo { … }' with calls of its own.
        """,
        wrong:
          """
          runbook example.code 1.0.0
          use cvm in "ap-guangzhou"
          let _named = cvm.ModifyInstancesAttribute(InstanceIds: ["ins-1"], UserData: "IyEvYmluL3No")
          """,
        right:
          """
          runbook example.code 1.0.0
          use cvm in "ap-guangzhou"
          let _named = cvm.ModifyInstancesAttribute(InstanceIds: ["ins-1"], UserData: "IyEvYmluL3No") keep "as before"
          """),
      DiagnosticExplanation(
        .notApproved, "what is adopted would be destroyed without asking",
        """
        A resource that comes in as 'adopted' was made by somebody else and may be destroyed, but only when a person \
        has said yes: inside 'approve "what for" { … }'. A recipe may leave the asking to the place it is invoked at.
        """,
        wrong: "inputs {\n  net: adopted ecm.VpcId\n}\n\necm.DeleteVpc(VpcId: net) irreversible \"it is old\"",
        right:
          """
          inputs {
            net: adopted ecm.VpcId
          }

          approve "Delete the network ${net}?" {
            ecm.DeleteVpc(VpcId: net) irreversible "it is old"
          }
          """),
    ]
  }
}
