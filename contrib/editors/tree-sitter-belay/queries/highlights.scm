; Later patterns win.

(name) @variable
(label (name) @variable.parameter)
(parameter name: (name) @variable.parameter)
(input name: (name) @variable.parameter)
(let name: (name) @variable)
(output name: (name) @variable)
(member member: (name) @variable.member)
(wait state: (name) @constant)
(type_name (name) @type)
((type_name (name) @type.builtin)
  (#any-of? @type.builtin "Bool" "Int" "Float" "Text" "Duration" "CIDR" "Any" "Size" "Bandwidth" "Rate" "CNY"
    "USD"))

(header name: (dotted_name) @module)
(use (name) @module)
(function name: (name) @function)
(recipe name: (name) @function)
(call function: (name) @function.call)
(call function: (member member: (name) @function.method))
((call function: (name) @function.builtin)
  (#any-of? @function.builtin
    "count" "first" "last" "flatten" "index_of" "contains" "unique" "reverse" "sort" "zip" "enumerate"
    "chunk" "range" "all" "any" "sum" "min" "max" "join" "split" "replace" "trim" "upper" "lower"
    "starts_with" "ends_with" "text" "int" "subnet" "address" "cidr_contains" "size" "keys" "values"
    "base64" "to_json" "from_json" "abs"))

[
  "runbook" "library" "use" "as" "with" "inputs" "bounds" "func" "recipe" "test" "let" "output" "if"
  "then" "else" "match" "for" "each" "parallel" "key" "where" "give" "wait" "is" "until" "every"
  "within" "retry" "on" "up" "to" "timeout" "attempt" "rescue" "always" "approve" "by" "notify"
  "commit" "fail" "assert" "undo" "irreversible" "keep" "given" "run" "expect" "role" "person"
  "requester"
] @keyword

["and" "or" "not" "in"] @keyword.operator
["secret" "owned" "adopted" "borrowed"] @keyword.modifier
["=" "==" "!=" "<" "<=" ">" ">=" "+" "-" "*" "/" "%" "..." "=>" "?"] @operator
["(" ")" "[" "]" "{" "}"] @punctuation.bracket
["," ":" "."] @punctuation.delimiter

; "true" "false" "null" and "it"
(constant) @constant.builtin
(it) @variable.builtin
(version) @constant
(cidr) @constant
[(integer) (float) (duration) (size) (bandwidth) (rate) (money)] @number
[(text) (multiline_text)] @string
(escape) @string.escape
(hole ["${" "}"] @punctuation.special)
[(comment) (block_comment)] @comment
(documentation) @comment.documentation
