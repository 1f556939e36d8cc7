extension DiagnosticExplanation {
  static var ofTypes: [DiagnosticExplanation] {
    [
      DiagnosticExplanation(
        .typeMismatch, "a value of the wrong type",
        """
        The value is of one type and the place wants another. Nothing is converted silently: 'text(x)' and \
        '\"${x}\"' make a Text, 'int(x)' an Int. The elements of a list and the two sides of a choice are of one \
        type.
        """,
        wrong: "output name = upper(5)", right: "output name = upper(\"five\")"),
      DiagnosticExplanation(
        .notIndexable, "something that has no elements",
        "'[…]' takes one element of a list, counted from 0. Members of a record are taken with '.'.",
        wrong: "let size = 5\noutput first = size[0]", right: "let sizes = [5]\noutput first = sizes[0]"),
      DiagnosticExplanation(
        .notIterable, "a loop over something that is no list",
        """
        Loops and comprehensions go over lists, and '[].' takes a member of each element of one. That is why every \
        runbook ends. '1...n' counts from 1 to n.
        """,
        wrong: "output rounds = [for n in 3 => n * 2]", right: "output rounds = [for n in 1...3 => n * 2]"),
      DiagnosticExplanation(
        .badOperands, "an operator with the wrong operands",
        """
        Arithmetic takes numbers and Durations; '+' also joins two texts or two lists, and '*' of lists makes all \
        pairs. 'and', 'or' and 'not' take Bools. Comparisons take two values of one type: what can never be equal is \
        a mistake, not 'false'.
        """,
        wrong: "output name = \"web-\" + 1", right: "output name = \"web-${1}\""),
      DiagnosticExplanation(
        .notCondition, "a condition that is no Bool",
        """
        A condition is true or false. Numbers, texts and lists are neither: say what you ask of them, such as \
        'count(xs) > 0'.
        """,
        wrong: "let old = [\"a\"]\nif count(old) {\n  fail \"something is left\"\n}",
        right: "let old = [\"a\"]\nif count(old) > 0 {\n  fail \"something is left\"\n}"),
      DiagnosticExplanation(
        .patternMismatch, "a pattern that does not fit",
        """
        '(a, b)' takes an element apart that is a list of two: what a product 'xs * ys', 'zip' or 'enumerate' gives. \
        There are as many names as parts.
        """,
        wrong: "output names = [for (zone, isp) in [\"z1\", \"z2\"] => zone + isp]",
        right: "output names = [for (zone, isp) in [\"z1\", \"z2\"] * [\"CTCC\"] => zone + isp]"),
      DiagnosticExplanation(
        .wrongArgumentCount, "the wrong arguments for a function",
        """
        A function takes its parameters in their order or by name, each once, the unnamed ones first. The help line \
        shows the function's signature; a '?' marks a parameter that may be left out.
        """,
        wrong: "output size = count([1], [2])", right: "output size = count([1, 2])"),
      DiagnosticExplanation(
        .secretExposed, "a secret in the open",
        """
        A value made from a secret is secret. Outputs, messages, names, keys of rounds and most parameters are shown \
        and journaled, so no secret may reach them. The cloud's own secret parameters, such as 'Password', take one.
        """,
        wrong: "inputs {\n  password: secret Text\n}\n\noutput login = \"root:${password}\"",
        right: """
          inputs {
            password: secret Text
          }

          let _made = ecm.RunInstances(
            Password: password,
            ZoneInstanceCountISPSet: [{ Zone: "ap-hangzhou-ecm-1", ISP: "CTCC", InstanceCount: 1 }],
          )
          """),
      DiagnosticExplanation(
        .missingCase, "a match without a value",
        """
        'match' as a value takes the first case that applies, so some case must: end it with 'else', unless the cases \
        name every value of an enumeration, or both true and false.
        """,
        wrong: "let size = match count([1]) { 1 => \"small\" }\noutput size = size",
        right: "let size = match count([1]) { 1 => \"small\", else => \"large\" }\noutput size = size"),
      DiagnosticExplanation(
        .repeatedCase, "a case that is never reached",
        """
        The first case that applies is taken, so a value that an earlier case names is never looked for again.
        """,
        wrong: "let size = match count([1]) { 1 => \"small\", 1 => \"tiny\", else => \"large\" }\noutput size = size",
        right: "let size = match count([1]) { 1 => \"small\", else => \"large\" }\noutput size = size"),
      DiagnosticExplanation(
        .mixedUnits, "a value with a unit beside one of another kind",
        """
        Sizes, bandwidths, rates and money are no plain numbers, and one is never taken for another. Two of one kind \
        are added and compared; multiplied by a number they stay what they are; divided by one of their own kind, \
        such as '1GiB', they are a number. Between two currencies stands a rate that the runbook names.
        """,
        wrong: "let disk = 50GiB\noutput larger = disk + 10", right: "let disk = 50GiB\noutput larger = disk + 10GiB"),
    ]
  }
}
