/// The grammar of docs/language.md for tree-sitter. It is for colours and structure, so it takes a little more than the
/// language does: what may stand where is for `belay check` to say.

const commaSep = (rule) => optional(seq(rule, repeat(seq(",", rule)), optional(",")));

module.exports = grammar({
  name: "belay",

  extras: ($) => [/\s/, $.comment, $.documentation, $.block_comment],
  word: ($) => $.name,
  conflicts: ($) => [
    [$.record, $.block],
    [$._value, $.label],
    [$.call, $._value],
  ],

  rules: {
    source_file: ($) => repeat(choice($._declaration, $._statement)),

    // Comments
    documentation: () => token(prec(1, /\/\/\/[^\n]*/)),
    comment: () => token(/\/\/[^\n]*/),
    block_comment: () => token(seq("/*", /[^*]*\*+([^/*][^*]*\*+)*/, "/")),

    // Declarations
    _declaration: ($) => choice($.header, $.use, $.inputs, $.bounds, $.function, $.recipe, $.test),
    header: ($) => seq(choice("runbook", "library"), field("name", $.dotted_name), optional($.version)),
    use: ($) =>
      prec.right(
        seq(
          "use",
          choice($.name, $.text),
          repeat(choice(seq("as", $.name), seq("in", $._value), seq("with", $.arguments))),
        ),
      ),
    inputs: ($) => seq("inputs", "{", repeat($.input), "}"),
    input: ($) =>
      prec.right(
        seq(
          field("name", $.name),
          ":",
          $._type,
          repeat(choice(seq("=", $._expression), seq("where", $._expression))),
        ),
      ),
    bounds: ($) => seq("bounds", "{", repeat($.bound), "}"),
    bound: ($) => seq($.name, optional($.dotted_name), "<=", $._value),
    function: ($) =>
      seq(
        "func",
        field("name", $.name),
        $.parameters,
        optional(seq(":", $._type)),
        choice(seq("=", $._expression), $.block),
      ),
    recipe: ($) => seq("recipe", field("name", $.name), $.parameters, optional(seq(":", $._type)), $.block),
    parameters: ($) => seq("(", commaSep($.parameter), ")"),
    parameter: ($) => seq(field("name", $.name), ":", $._type, optional(seq("=", $._expression))),
    test: ($) => seq("test", $.text, "{", repeat($.test_step), "}"),
    test_step: ($) =>
      prec.right(
        choice(
          seq("given", $.name, $._expression),
          seq("run", optional($._expression)),
          seq("let", $.name, "=", $._expression),
          seq("expect", $._expression, optional(seq("else", $._expression))),
        ),
      ),

    // Types
    _type: ($) => prec.right(seq($._basic_type, optional("?"))),
    _basic_type: ($) =>
      choice(
        $.type_name,
        seq("[", $._type, "]"),
        seq("{", commaSep(seq($.name, ":", $._type)), "}"),
        seq("{", "[", $._type, "]", ":", $._type, "}"),
        seq(choice("secret", "owned", "adopted", "borrowed"), $._type),
      ),
    type_name: ($) => prec.right(seq($.name, optional(seq(".", $.name)))),

    // Statements
    block: ($) => seq("{", repeat($._statement), "}"),
    _statement: ($) =>
      choice(
        $.let,
        $.if,
        $.match,
        $.commit,
        $.fail,
        $.give,
        $.output,
        $.assert,
        $.notify,
        $.parallel_block,
        $._effect,
      ),
    let: ($) => seq("let", field("name", $.name), "=", $._effect),
    _effect: ($) =>
      choice($.wait, $.loop, $.attempt, $.timeout, $.approve, prec.right(seq($._expression, repeat($.modifier)))),
    modifier: ($) =>
      prec.right(
        choice(
          seq(
            "retry",
            "on",
            $.dotted_name,
            repeat(seq(",", $.dotted_name)),
            repeat(choice(seq("every", $._value), seq("up", "to", $._value))),
          ),
          seq("undo", $.block),
          seq("irreversible", $._expression),
          seq("keep", $._expression),
        ),
      ),
    if: ($) =>
      prec.right(seq("if", $._expression, $.block, optional(seq("else", choice($.if, $.block))))),
    match: ($) => seq("match", $._expression, "{", repeat(seq($.case, optional(","))), "}"),
    case: ($) => seq(choice("else", $._expression), "=>", choice($._statement, $.block)),
    commit: ($) => seq("commit", $._expression),
    fail: ($) => seq("fail", $._expression),
    give: ($) => seq("give", $._expression),
    output: ($) => seq("output", field("name", $.name), "=", $._expression),
    assert: ($) => prec.right(seq("assert", $._expression, optional(seq("else", $._expression)))),
    notify: ($) => prec.right(seq("notify", $._expression, optional(seq("to", $._expression)))),
    parallel_block: ($) => seq("parallel", $.block),
    wait: ($) =>
      prec.right(
        seq(
          "wait",
          $._expression,
          choice(seq("is", field("state", $.name)), seq("until", $._expression)),
          repeat(choice(seq("every", $._value), seq("within", $._value), seq("else", "fail", $._expression))),
        ),
      ),
    loop: ($) =>
      seq(
        optional(seq("parallel", optional($._expression))),
        "each",
        $.pattern,
        "in",
        $._expression,
        optional(seq("key", $._expression)),
        $.block,
      ),
    pattern: ($) => choice($.name, seq("(", commaSep($.name), ")")),
    attempt: ($) =>
      prec.right(
        seq(
          "attempt",
          $.block,
          optional(seq("rescue", optional($.name), optional("keep"), $.block)),
          optional(seq("always", $.block)),
        ),
      ),
    timeout: ($) => seq("timeout", $._value, $.block),
    approve: ($) => seq("approve", $._expression, commaSep($.condition), $.block),
    condition: ($) =>
      choice(
        seq("by", $.approver, repeat(seq("or", $.approver))),
        seq("not", "requester"),
        seq("within", $._value),
      ),
    approver: ($) => seq(choice("role", "person"), choice($.name, $.text)),

    // Expressions
    _expression: ($) => choice($._value, $.binary, $.not, $.choice, $.match),
    binary: ($) =>
      choice(
        prec.left(1, seq($._expression, "or", $._expression)),
        prec.left(2, seq($._expression, "and", $._expression)),
        prec.left(4, seq($._expression, choice("==", "!=", "<", "<=", ">", ">=", "in"), $._expression)),
        prec.left(5, seq($._expression, "...", $._expression)),
        prec.left(6, seq($._expression, choice("+", "-"), $._expression)),
        prec.left(7, seq($._expression, choice("*", "/", "%"), $._expression)),
      ),
    not: ($) => prec(3, seq("not", $._expression)),
    choice: ($) => prec.right(seq("if", $._expression, "then", $._expression, "else", $._expression)),
    _value: ($) =>
      choice(
        $.name,
        $.it,
        $.constant,
        $.integer,
        $.float,
        $.duration,
        $.size,
        $.bandwidth,
        $.rate,
        $.money,
        $.cidr,
        $.text,
        $.multiline_text,
        $.call,
        $.member,
        $.index,
        $.list,
        $.record,
        $.negation,
        $.parenthesized,
      ),
    negation: ($) => prec(8, seq("-", $._value)),
    parenthesized: ($) => seq("(", $._expression, ")"),
    call: ($) => prec(10, seq(field("function", choice($.name, $.member)), $.arguments)),
    member: ($) => prec(9, seq($._value, ".", field("member", $.name))),
    index: ($) => prec(9, seq($._value, "[", optional($._expression), "]")),
    arguments: ($) => seq(token.immediate("("), commaSep($.argument), ")"),
    argument: ($) => seq(optional($.label), $._expression),
    label: ($) => seq($.name, ":"),
    list: ($) => seq("[", choice(commaSep($._expression), $.comprehension), "]"),
    record: ($) => seq("{", choice(commaSep($.entry), $.map_comprehension), "}"),
    entry: ($) => seq(choice($.label, seq("[", $._expression, "]", ":")), $._expression),
    comprehension: ($) =>
      seq(
        "for",
        $.pattern,
        "in",
        $._expression,
        optional(seq("if", $._expression)),
        choice(seq("=>", $._expression), $.record),
      ),
    map_comprehension: ($) =>
      seq("for", $.pattern, "in", $._expression, optional(seq("if", $._expression)), "=>", $.entry),

    // Texts
    text: ($) => seq('"', repeat(choice($.escape, $.hole, token.immediate(prec(1, /[^"\\$\n]+/)), token.immediate("$"))), '"'),
    multiline_text: ($) =>
      seq('"""', repeat(choice($.escape, $.hole, token.immediate(prec(1, /[^"\\$]+/)), token.immediate(/[$"]/))), '"""'),
    escape: () => token.immediate(/\\([ntr"\\$]|u\{[0-9A-Fa-f]{1,8}\})/),
    hole: ($) => seq(token.immediate("${"), $._expression, "}"),

    // Words and numbers
    dotted_name: ($) => prec.right(seq($.name, repeat(seq(".", $.name)))),
    name: () => /[A-Za-z_][A-Za-z0-9_]*/,
    it: () => "it",
    constant: () => choice("true", "false", "null"),
    version: () => /\d+\.\d+\.\d+([-+][A-Za-z0-9.+-]+)?/,
    integer: () => /\d[\d_]*/,
    float: () => /\d[\d_]*\.\d[\d_]*/,
    duration: () => /\d[\d_]*(ms|min|s|h|d)/,
    size: () => /\d[\d_]*(B|KiB|MiB|GiB|TiB)/,
    bandwidth: () => /\d[\d_]*(bps|kbps|Mbps|Gbps)/,
    rate: () => /\d[\d_]*\/(s|min|h)/,
    money: () => /\d[\d_]*(\.\d+)?(CNY|USD)/,
    cidr: () => /\d+\.\d+\.\d+\.\d+\/\d+/,
  },
});
