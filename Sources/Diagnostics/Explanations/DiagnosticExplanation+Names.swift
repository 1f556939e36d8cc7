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
      DiagnosticExplanation(
        .unknownFile, "a file that cannot be used",
        """
        'use \"file.belay\" as name' names a library by its path, beside the file it stands in. A library begins with \
        'library name 1.0.0' and has functions and recipes only: what a runbook and another one share moves there.
        """,
        wrong: "runbook demo 1.0.0\n\nuse \"lib/none.belay\" as none\n\noutput one = 1",
        right: "func doubled(n: Int): Int = n * 2\n\noutput two = doubled(1)"),
      DiagnosticExplanation(
        .importCycle, "files that use each other",
        """
        A file is read after those it uses, so no two can use each other, nor a file itself. What both need moves to \
        a third one.
        """,
        wrong: "runbook demo 1.0.0\n\nuse \"example.belay\" as me\n\noutput one = 1", right: "output one = 1"),
      DiagnosticExplanation(
        .recursion, "a function that comes back to itself",
        """
        Every runbook ends: functions and recipes do not invoke themselves, nor each other in a circle. Loops go over \
        lists.
        """,
        wrong: "func sum_to(n: Int): Int = if n == 0 then 0 else n + sum_to(n - 1)\n\noutput six = sum_to(3)",
        right: "func sum_to(n: Int): Int = sum(1...n)\n\noutput six = sum_to(3)"),
    ]
  }
}
