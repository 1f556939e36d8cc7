extension DiagnosticExplanation {
  static var ofStates: [DiagnosticExplanation] {
    [
      DiagnosticExplanation(
        .usedAfterGone, "something that is gone already",
        """
        What a call has terminated, deleted or released cannot be named by a later one that changes something. It \
        counts when that is so on one of the ways that lead there. Reads may still look for it.
        """,
        wrong:
          """
          ecm.ReleaseAddresses(AddressIds: ["eip-1"]) keep "done with"
          ecm.ModifyAddressAttribute(AddressId: "eip-1", AddressName: "old")
          """,
        right:
          """
          ecm.ModifyAddressAttribute(AddressId: "eip-1", AddressName: "old")
          ecm.ReleaseAddresses(AddressIds: ["eip-1"]) keep "done with"
          """),
      DiagnosticExplanation(
        .notReady, "a resource in a state that the call refuses",
        """
        The cloud answers many calls long before their work has ended, and refuses others until then: an address \
        cannot be bound to an instance that is still being made, nor released while it is bound. Wait for the first \
        call before the second. What the run itself holds back needs no wait: of two calls that change one \
        resource the second leaves when the first one's work has ended.
        """,
        wrong:
          """
          let eip = ecm.AllocateAddresses(InternetServiceProvider: "CTCC")
          let bound = ecm.AssociateAddress(AddressId: eip.AddressSet[0], InstanceId: "ein-1")
          wait bound is done within 3min
          """,
        right:
          """
          let eip = ecm.AllocateAddresses(InternetServiceProvider: "CTCC")
          wait eip is done within 3min
          let bound = ecm.AssociateAddress(AddressId: eip.AddressSet[0], InstanceId: "ein-1")
          wait bound is done within 3min
          """),
      DiagnosticExplanation(
        .neverComes, "a wait for what will not come",
        """
        The wait looks at the state of a resource that a later call has taken elsewhere. It would last until its \
        deadline and fail.
        """,
        wrong:
          """
          let started = ecm.StartInstances(InstanceIdSet: ["ein-1"])
          wait started is RUNNING within 5min
          let stopped = ecm.StopInstances(InstanceIdSet: ["ein-1"])
          wait stopped is STOPPED within 5min
          wait started is RUNNING within 5min
          """,
        right:
          """
          let started = ecm.StartInstances(InstanceIdSet: ["ein-1"])
          wait started is RUNNING within 5min
          let stopped = ecm.StopInstances(InstanceIdSet: ["ein-1"])
          wait stopped is STOPPED within 5min
          """),
    ]
  }

  static var ofCommits: [DiagnosticExplanation] {
    [
      DiagnosticExplanation(
        .committedUnawaited, "a commit before the work has ended",
        """
        Behind a 'commit' nothing of what came before it is undone. The cloud answers this call before its work has \
        ended; when the work fails after the 'commit', the run has called something good that is not there. 'wait' for \
        it first, or give the answer a name that begins with '_' when it does not matter.
        """,
        wrong: "let stopped = ecm.StopInstances(InstanceIdSet: [\"ein-1\"])\ncommit \"it is off\"",
        right: """
          let stopped = ecm.StopInstances(InstanceIdSet: ["ein-1"])
          wait stopped is STOPPED within 5min
          commit "it is off"
          """)
    ]
  }

  static var ofAdvice: [DiagnosticExplanation] {
    [
      DiagnosticExplanation(
        .unusedName, "a name or value that nothing uses",
        """
        A warning. Either the line is left over, or something that should use it does not. Answers of calls that \
        change something need no use. A name that begins with '_' is never reported.
        """,
        wrong: "let zone = \"ap-hangzhou-ecm-1\"", right: "output zone = \"ap-hangzhou-ecm-1\""),
      DiagnosticExplanation(
        .needlessWait, "a wait for what has ended",
        """
        A warning. On every way that leads here the work has been waited for already, and nothing has happened to \
        the resource since.
        """,
        wrong:
          """
          let started = ecm.StartInstances(InstanceIdSet: ["ein-1"])
          wait started is RUNNING within 5min
          wait started is RUNNING within 10min
          """,
        right:
          """
          let started = ecm.StartInstances(InstanceIdSet: ["ein-1"])
          wait started is RUNNING within 5min
          """),
      DiagnosticExplanation(
        .unawaited, "work that nobody waits for",
        """
        A warning. The cloud answers such a call before its work has ended, and the work may still fail. A run that \
        does not wait reports success all the same. 'wait' for it, or give the answer a name that begins with '_' when \
        it does not matter. A 'wait … until' counts for the work that its read may show; what is 'irreversible' is \
        waited for behind the 'commit'.
        """,
        wrong: "ecm.StartInstances(InstanceIdSet: [\"ein-1\"])",
        right: """
          let started = ecm.StartInstances(InstanceIdSet: ["ein-1"])
          wait started is RUNNING within 5min
          """),
      DiagnosticExplanation(
        .unreachable, "statements that are never reached",
        "A warning. What stands before them fails the run on every way, so they are left over.",
        wrong: "fail \"stop\"\noutput n = 1", right: "output n = 1"),
      DiagnosticExplanation(
        .couldBeParallel, "rounds that could run side by side",
        """
        A warning. Each round makes something of its own and waits for it, and none touches what another does, so \
        side by side they take as long as one. Loops that change what was there before are left alone: going on piece \
        by piece may be what they are for.
        """,
        wrong:
          """
          inputs {
            isps: [ecm.ISP]
          }

          each isp in isps {
            let eip = ecm.AllocateAddresses(InternetServiceProvider: isp)
            wait eip is done within 3min
          }
          """,
        right:
          """
          inputs {
            isps: [ecm.ISP]
          }

          parallel each isp in isps {
            let eip = ecm.AllocateAddresses(InternetServiceProvider: isp)
            wait eip is done within 3min
          }
          """),
      DiagnosticExplanation(
        .couldRunTogether, "statements that could run side by side",
        """
        A warning. Each of these neighbours (a loop, a recipe, an attempt, a block with a time limit) makes things of \
        its own and waits for them, none uses what another makes, and nobody sees in which order they come: in one \
        'parallel { … }' they take as long as the longest.
        """,
        wrong:
          """
          recipe allocated(isp: ecm.ISP) {
            let eip = ecm.AllocateAddresses(InternetServiceProvider: isp)
            wait eip is done within 3min
          }

          allocated("CTCC")
          allocated("CUCC")
          """,
        right:
          """
          recipe allocated(isp: ecm.ISP) {
            let eip = ecm.AllocateAddresses(InternetServiceProvider: isp)
            wait eip is done within 3min
          }

          parallel {
            allocated("CTCC")
            allocated("CUCC")
          }
          """),
    ]
  }
}
