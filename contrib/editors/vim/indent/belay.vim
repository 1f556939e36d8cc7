" Vim indent file
" Language: Belay runbooks (*.belay)

if exists("b:did_indent")
  finish
endif
let b:did_indent = 1

setlocal indentexpr=BelayIndent(v:lnum)
setlocal indentkeys=0},0],0),o,O,!^F
let b:undo_indent = "setlocal indentexpr< indentkeys<"

if exists("*BelayIndent")
  finish
endif

" Modifiers and clauses on lines of their own go on with the statement above.
function s:continues(line)
  return getline(a:line) =~ '^\s*\%(retry\|until\|every\|within\|where\|undo\|irreversible\|keep\|then\|else\s\+fail\)\>\%(\s*:\)\@!'
endfunction

function BelayIndent(line)
  let before = prevnonblank(a:line - 1)
  if before == 0
    return 0
  endif
  let indent = indent(before)
  if getline(before) =~ '[{[(]\s*\%(//.*\)\?$'
    let indent += shiftwidth()
  endif
  let indent += shiftwidth() * (s:continues(a:line) - s:continues(before))
  if getline(a:line) =~ '^\s*[]})]'
    let indent -= shiftwidth()
  endif
  return indent
endfunction
