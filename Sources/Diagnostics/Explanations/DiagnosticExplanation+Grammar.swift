extension DiagnosticExplanation {
  static var ofGrammar: [DiagnosticExplanation] {
    [
      DiagnosticExplanation(
        .unexpectedToken, "something else is expected here",
        """
        The text does not follow the grammar at this place; the message says what may stand here and what was found. \
        The reader goes on behind it, so that all problems of a file are told at once. Habits of other languages, \
        such as 'elif', '&&' or '=' between a parameter and its value, are recognized and get an answer of their \
        own. The grammar is in docs/language.md.
        """,
        wrong: "let net = ecm.CreateVpc(VpcName = \"web\", CidrBlock: 10.20.0.0/16)",
        right: "let net = ecm.CreateVpc(VpcName: \"web\", CidrBlock: 10.20.0.0/16)"),
      DiagnosticExplanation(
        .missingHeader, "no header",
        """
        A runbook begins with its name and its version: journals, approvals and published runbooks refer to it by \
        them. Only comments may stand before the header.
        """,
        wrong: "use ecm", right: "runbook example.named 1.0.0\n\nuse ecm"),
      DiagnosticExplanation(
        .badVersion, "a version that is none",
        """
        A version has three numbers, and perhaps a suffix such as '-beta.1'. What a published runbook may do to the \
        cloud does not change under one version.
        """,
        wrong: "runbook example.version 1.0", right: "runbook example.version 1.0.0"),
      DiagnosticExplanation(
        .tooDeep, "nested too deep",
        """
        Brackets, blocks and operators nest at most 200 deep. Nobody reads more, and a limit keeps every text from \
        exhausting the machine. Give inner parts names with 'let'.
        """,
        wrong: "output deep = ⟨201 × (⟩1⟨201 × )⟩", right: "output flat = (1)"),
      DiagnosticExplanation(
        .misplacedDeclaration, "a declaration in the wrong place",
        """
        A file has an order: the header, then 'use', then 'inputs', then the steps. There is one header and one \
        block of inputs. A reader finds there, at the top, what a runbook touches and what it needs.
        """,
        wrong: "output one = 1\n\ninputs {\n  name: Text\n}",
        right: "inputs {\n  name: Text\n}\n\noutput one = name"),
      DiagnosticExplanation(
        .duplicateModifier, "a modifier that stands twice",
        """
        Behind a call or a wait each modifier stands once, and a call has one way of being undone: the catalog's, \
        'undo', 'irreversible' or 'keep'. Two of them contradict each other.
        """,
        wrong: """
          ecm.TerminateInstances(InstanceIdSet: ["ein-1"]) irreversible "they are old" keep "they are old"
          """,
        right: "ecm.TerminateInstances(InstanceIdSet: [\"ein-1\"]) irreversible \"they are old\""),
    ]
  }
}
