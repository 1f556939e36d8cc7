extension DiagnosticExplanation {
  static var ofText: [DiagnosticExplanation] {
    [
      DiagnosticExplanation(
        .textTooLong, "the text is too long",
        """
        A runbook is a procedure that people read, so a text of more than 4 MiB is refused unread: most often it is \
        the wrong file. Nothing else is said about it.
        """,
        wrong: "// ⟨4194304 × .⟩", right: "// A text of ordinary length."),
      DiagnosticExplanation(
        .notUTF8, "not UTF-8",
        """
        A runbook is UTF-8. Other encodings show other letters on every machine, and a cloud's name may be spoilt \
        without a trace. Save the file as UTF-8; only the first such place is reported.
        """,
        wrong: "// a single byte of another encoding: ⟨FF⟩", right: "// the same in UTF-8: ÿ"),
      DiagnosticExplanation(
        .unknownCharacter, "a character that is not of the language",
        """
        Full-width punctuation and smart quotes look like signs of the language and are none; they come from input \
        methods and word processors. Comments begin with '//', not with '#'; statements end with their line, not \
        with ';'; texts stand in double quotes. Inside a text every character may stand. Such a sign is read as the \
        one that was meant, so the rest of the text is checked as well.
        """,
        wrong: "output zones = [“ap-hangzhou-ecm-1”]", right: "output zones = [\"ap-hangzhou-ecm-1\"]"),
      DiagnosticExplanation(
        .unclosedText, "a text or a hole that is not closed",
        """
        A text between double quotes ends on its line, and so does a hole '${…}' in it. For several lines there is \
        '\"""'. Without the end of a text nobody can tell what belongs to it, so the line is taken as its end.
        """,
        wrong: "output name = \"web", right: "output name = \"web\""),
      DiagnosticExplanation(
        .badEscape, "an unknown escape",
        """
        In a text '\\' begins an escape: '\\n', '\\t', '\\r', '\\\"', '\\\\', '\\$' and '\\u{…}' with a character's \
        number in hexadecimal. Another letter behind it is most often a backslash that is meant as itself: '\\\\'.
        """,
        wrong: #"output path = "C:\temp\web""#, right: #"output path = "C:\\temp\\web""#),
      DiagnosticExplanation(
        .badNumber, "a number that cannot be read",
        """
        Numbers are decimal and fit 64 bits; '_' may stand between two digits. A duration is a whole number of its \
        unit. A number that begins with 0 is refused because other languages read it as octal.
        """,
        wrong: "output port = 0x1F90", right: "output port = 8080"),
      DiagnosticExplanation(
        .badUnit, "an unknown unit",
        """
        The units of time are ms, s, min, h and d. 'm' is refused: it could be minutes or months. A duration has one \
        number and one unit, so an hour and a half is '90min'.
        """,
        wrong: "output pause = 5m", right: "output pause = 5min"),
      DiagnosticExplanation(
        .badCIDR, "an address block that is none",
        """
        A block is written with its first address and its prefix length: '10.20.0.0/16'. A block whose address is \
        not its first is refused: one of the two numbers is a slip. A single address is a text.
        """,
        wrong: "output block = 10.20.1.0/16", right: "output block = 10.20.0.0/16"),
      DiagnosticExplanation(
        .unclosedComment, "a comment that is not closed",
        """
        '/*' begins a comment that goes on to its '*/', over lines and over other such comments in it. When the end \
        is missing the rest of the file is comment.
        """,
        wrong: "/* why this is done", right: "/* why this is done */"),
    ]
  }
}
