extension DiagnosticExplanation {
  static var ofOrder: [DiagnosticExplanation] {
    [
      DiagnosticExplanation(
        .misplacedCall, "a call inside an expression",
        """
        A call stands alone, right after 'let x =', or after 'wait': one effect to a statement, so that each step of \
        a run has its line, its undo and its place in the journal.
        """,
        wrong: "output count = ecm.DescribeVpcs().TotalCount",
        right: "let found = ecm.DescribeVpcs()\noutput count = found.TotalCount"),
      DiagnosticExplanation(
        .notAwaitable, "nothing to wait for",
        """
        'wait NAME is STATE' waits for what a call started; the name is the one that 'let' gave its answer. Some \
        actions are done when they answer: there is nothing to wait for.
        """,
        wrong: "let net = ecm.CreateVpc(VpcName: \"web\", CidrBlock: 10.20.0.0/16)\nwait net is done",
        right: "let net = ecm.CreateVpc(VpcName: \"web\", CidrBlock: 10.20.0.0/16)"),
      DiagnosticExplanation(
        .unknownState, "a state that never comes",
        """
        The catalog knows in which states the work of an action ends. Waiting for another one would last until the \
        deadline. 'done' stands for whichever means success.
        """,
        wrong: "let stopped = ecm.StopInstances(InstanceIdSet: [\"ein-1\"])\nwait stopped is RUNNING",
        right: "let stopped = ecm.StopInstances(InstanceIdSet: [\"ein-1\"])\nwait stopped is STOPPED"),
      DiagnosticExplanation(
        .misplacedCommit, "'commit' inside a block",
        """
        'commit' says that all that was done before it stays. It stands between the steps of the runbook, where that \
        is the same on every way through it.
        """,
        wrong: "each _n in [1, 2] {\n  commit \"all is well\"\n}", right: "commit \"all is well\""),
      DiagnosticExplanation(
        .misplacedGive, "'give' in the wrong place",
        """
        'give' is the last statement of a loop's body: the value of that round. For a value that depends, 'give if a \
        then b else c'. A loop whose value is bound has to give one.
        """,
        wrong: "let doubled = each n in [1, 2] {\n  let _twice = n * 2\n}\noutput doubled = doubled",
        right: "let doubled = each n in [1, 2] {\n  give n * 2\n}\noutput doubled = doubled"),
      DiagnosticExplanation(
        .badLimit, "a limit below 1",
        "How many rounds run at once, or how often a call is tried again, is at least 1.",
        wrong: "let doubled = parallel 0 each n in [1, 2] {\n  give n * 2\n}\noutput doubled = doubled",
        right: "let doubled = parallel 2 each n in [1, 2] {\n  give n * 2\n}\noutput doubled = doubled"),
      DiagnosticExplanation(
        .badDuration, "a pause or a deadline that is none",
        """
        Pauses and deadlines are Durations with a unit, longer than nothing. A wait that polls by itself has a \
        deadline: 'within 5min'.
        """,
        wrong: "wait ecm.DescribeVpcs() until it.TotalCount > 0",
        right: "wait ecm.DescribeVpcs() until it.TotalCount > 0 within 5min"),
      DiagnosticExplanation(
        .misplacedOutput, "'output' inside a block",
        """
        Outputs are the same on every way through a runbook, so they stand at its top level. The value of a block \
        comes out by 'let … = each …' and 'give'.
        """,
        wrong: "each n in [1, 2] {\n  output doubled = n * 2\n}",
        right: "let doubled = each n in [1, 2] {\n  give n * 2\n}\noutput doubled = doubled"),
      DiagnosticExplanation(
        .untilNeedsRead, "'until' repeats a change",
        """
        'wait … until' asks again and again, so it takes an action that only reads, most often one that begins with \
        'Describe'.
        """,
        wrong: """
          wait ecm.CreateVpc(VpcName: "web", CidrBlock: 10.20.0.0/16) until it.Vpc.VpcId != "" within 5min
          """,
        right: "wait ecm.DescribeVpcs() until it.TotalCount > 0 within 5min"),
      DiagnosticExplanation(
        .misplacedIt, "'it' stands for nothing",
        """
        'it' is the input in its 'where', the answer in 'until', and the call's answer in 'undo { … }'. Elsewhere \
        values have names.
        """,
        wrong: "output twice = it * 2", right: "let one = 1\noutput twice = one * 2"),
      DiagnosticExplanation(
        .impureFunction, "a function that does something",
        """
        A 'func' computes a value from what it is given, so it may stand in every expression. What calls APIs, waits, \
        or runs in parallel is a 'recipe', and stands alone or after 'let name ='.
        """,
        wrong:
          """
          func networks(): Int {
            let found = ecm.DescribeVpcs()
            give found.TotalCount
          }

          output n = networks()
          """,
        right:
          """
          recipe networks(): Int {
            let found = ecm.DescribeVpcs()
            give found.TotalCount
          }

          let n = networks()
          output n = n
          """
      ),
      DiagnosticExplanation(
        .badBound, "a bound that cannot be",
        """
        The bounds of a run are 'create service.Resource' and 'terminate service.Resource', with a kind of resource \
        that the service's actions make or take away, and 'calls'. Each stands once, and its limit is an Int of at \
        least 0.
        """,
        wrong: "bounds {\n  create ecm.Machine <= 3\n}\n\noutput one = 1",
        right: "bounds {\n  create ecm.Instance <= 3\n}\n\noutput one = 1"),
      DiagnosticExplanation(
        .boundExceeded, "more than the bounds allow",
        """
        The steps that are certain to be made, those in no loop and no branch, come to more than a bound allows. A \
        bound that is exceeded only at run time fails the run before the call is sent.
        """,
        wrong: """
          bounds {
            create ecm.Vpc <= 0
          }

          ecm.CreateVpc(VpcName: "web", CidrBlock: 10.20.0.0/16)
          """,
        right: """
          bounds {
            create ecm.Vpc <= 1
          }

          ecm.CreateVpc(VpcName: "web", CidrBlock: 10.20.0.0/16)
          """),
      DiagnosticExplanation(
        .misplacedBlock, "a block that does not stand here",
        """
        What runs on the way back, an 'undo { … }' or an 'always { … }', is short and sure: calls, waits and loops. \
        Nobody is asked for an approval there, and an 'undo { … }' has no attempts of its own.
        """,
        wrong: "attempt {\n} always {\n  approve \"really?\" {\n  }\n}",
        right: "attempt {\n} always {\n  notify \"it is over\"\n}"),
      DiagnosticExplanation(
        .collidingKeys, "rounds with the same key",
        """
        The key of a round is part of the address of its steps, so no two rounds have the same. Without a 'key' the \
        element is it. What is known only at run time is looked at then, and fails the run.
        """,
        wrong: "each n in [1, 2] key \"same\" {\n  let _twice = n * 2\n}",
        right: "each n in [1, 2] {\n  let _twice = n * 2\n}"),
    ]
  }

  static var ofTests: [DiagnosticExplanation] {
    [
      DiagnosticExplanation(
        .badTest, "a test that shows nothing",
        """
        A test says first what is given: 'given inputs', 'given fault', 'given seed', 'given cancel'. Then it runs \
        one thing, the runbook or a recipe, and then says what is expected of it.
        """,
        wrong: "test \"it goes well\" {\n  run\n}",
        right: "test \"it goes well\" {\n  run\n  expect outcome == \"succeeded\"\n}")
    ]
  }

  static var ofInputs: [DiagnosticExplanation] {
    [
      DiagnosticExplanation(
        .badDefault, "a default that its input refuses",
        """
        The default of an input is of its type and meets its own 'where'. An input that may be null has a '?' behind \
        its type.
        """,
        wrong: "inputs {\n  copies: Int = 12 where it in 1...10\n}",
        right: "inputs {\n  copies: Int = 2 where it in 1...10\n}"),
      DiagnosticExplanation(
        .badInput, "an input that cannot be",
        """
        A secret is a Text without a default: it would stand in the text for all to read. 'owned', 'adopted' and \
        'borrowed' speak of resources, so of ids. Values given to a run are held against their inputs with this \
        code, too.
        """,
        wrong: "inputs {\n  password: secret Text = \"hunter2\"\n}",
        right: "inputs {\n  password: secret Text\n}"),
    ]
  }

}
