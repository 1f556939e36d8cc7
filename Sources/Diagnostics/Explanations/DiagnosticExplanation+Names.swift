extension DiagnosticExplanation {
  static var ofNames: [DiagnosticExplanation] {
    [
      DiagnosticExplanation(
        .unknownName, "an unknown name",
        """
        A name is known from the line after its 'let' to the end of its block; inputs are known everywhere. The \
        nearest name that is known is offered. A service is no value: its actions are called.
        """,
        wrong: "let zone = \"ap-hangzhou-ecm-1\"\noutput first = zonee",
        right: "let zone = \"ap-hangzhou-ecm-1\"\noutput first = zone"),
      DiagnosticExplanation(
        .duplicateName, "a name that is taken",
        """
        No name hides another, not even in an inner block: whoever reads a name at three in the morning finds one \
        place that gives it. The same holds for outputs, inputs and the members of a record.
        """,
        wrong: "let zone = \"ap-hangzhou-ecm-1\"\nlet zone = \"ap-hangzhou-ecm-2\"\noutput first = zone",
        right: "let zone = \"ap-hangzhou-ecm-1\"\nlet other = \"ap-hangzhou-ecm-2\"\noutput both = [zone, other]"),
      DiagnosticExplanation(
        .unknownService, "an unknown service",
        """
        The services are 'ecm' and 'cvm'. A service is named with 'use' before its actions are called, under its own \
        name or another: 'use cvm as south in "ap-guangzhou"'.
        """,
        wrong: "let zones = cvm.DescribeZones(Region: \"ap-guangzhou\")\noutput count = zones.TotalCount",
        right: """
          runbook example.services 1.0.0

          use cvm in "ap-guangzhou"

          let zones = cvm.DescribeZones()
          output count = zones.TotalCount
          """),
      DiagnosticExplanation(
        .unknownMember, "an unknown member",
        """
        An answer has the members that the provider's documents name, letter for letter. A list has no members of \
        its own: 'x[0].Name' asks its first element, 'x[].Name' each of them.
        """,
        wrong: "let found = ecm.DescribeVpcs()\noutput ids = found.VpcSet.VpcId",
        right: "let found = ecm.DescribeVpcs()\noutput ids = found.VpcSet[].VpcId"),
      DiagnosticExplanation(
        .unknownType, "an unknown type",
        """
        The plain types are Bool, Int, Float, Text, Duration, CIDR and Any. Types of the cloud stand behind their \
        service: its id kinds, such as 'ecm.VpcId', and the structures and enumerations of its documents.
        """,
        wrong: "inputs {\n  name: String\n}", right: "inputs {\n  name: Text\n}"),
      DiagnosticExplanation(
        .unknownFunction, "an unknown function",
        """
        Functions come with the standard library; docs/language.md lists them. Values cannot be called, and an \
        action is called with its service before it.
        """,
        wrong: "output size = len([1, 2])", right: "output size = count([1, 2])"),
    ]
  }
}
