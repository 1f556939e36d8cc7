" Vim syntax file
" Language: Belay runbooks (*.belay)

if exists("b:current_syntax")
  finish
endif

syntax case match
syntax iskeyword @,48-57,_

syntax keyword belayDeclaration runbook library use as with inputs bounds func recipe test let output
syntax keyword belayControl if then else match for each parallel key where give wait is until every within
syntax keyword belayControl retry on up to timeout attempt rescue always approve by notify commit fail assert
syntax keyword belayControl undo irreversible keep given run expect role person requester
syntax keyword belayOperator and or not in
syntax keyword belayConstant true false null
syntax keyword belayIt it
syntax keyword belayStorage owned adopted borrowed secret
syntax keyword belayType Bool Int Float Text Duration CIDR Any Size Bandwidth Rate CNY USD

" Functions of the standard library, where they are called.
syntax match belayFunction /\<\%(count\|first\|last\|flatten\|index_of\|contains\|unique\|reverse\|sort\|zip\|enumerate\|chunk\|range\|all\|any\|sum\|min\|max\|join\|split\|replace\|trim\|upper\|lower\|starts_with\|ends_with\|text\|int\|subnet\|address\|cidr_contains\|size\|keys\|values\|base64\|to_json\|from_json\|abs\)\>\ze(/

" A parameter, a key or an input; a member; a call of the cloud's own action.
syntax match belayLabel /\<\h\w*\ze\s*:/
syntax match belayMember /\.\h\w*/
syntax match belayAction /\.\u\w*\ze(/
syntax match belayCloudType /\<\%(ecm\|cvm\)\.\u\w*\>\ze\%((\)\@!/

syntax match belayNumber /\<\d[0-9_]*\>/
syntax match belayNumber /\<\d[0-9_]*\.\d[0-9_]*\>/
syntax match belayNumber /\<\d[0-9_]*\%(ms\|min\|s\|h\|d\|B\|KiB\|MiB\|GiB\|TiB\|bps\|kbps\|Mbps\|Gbps\)\>/
syntax match belayNumber /\<\d[0-9_.]*\%(CNY\|USD\)\>/
syntax match belayNumber "\<\d[0-9_]*/\%(s\|min\|h\)\>"
syntax match belayNumber /\<\d\+\.\d\+\.\d\+\%([-+][0-9A-Za-z.+-]\+\)\?/
syntax match belayNumber "\<\d\+\%(\.\d\+\)\{3}/\d\+\>"

syntax match belayEscape /\\\%([ntr"\\$]\|u{\x\{1,8}}\)/ contained
syntax region belayHole matchgroup=belayHoleSign start=/\${/ end=/}/ oneline contained contains=TOP
syntax region belayText start=/"/ end=/"/ oneline contains=belayEscape,belayHole
syntax region belayText start=/"""/ end=/"""/ contains=belayEscape,belayHole

syntax match belayComment "//.*$" contains=@Spell
syntax match belayDocumentation "///\%(/\)\@!.*$" contains=@Spell
syntax region belayComment start="/\*" end="\*/" contains=belayComment,@Spell

highlight default link belayDeclaration Keyword
highlight default link belayControl Statement
highlight default link belayOperator Operator
highlight default link belayConstant Constant
highlight default link belayIt Special
highlight default link belayStorage StorageClass
highlight default link belayType Type
highlight default link belayCloudType Type
highlight default link belayFunction Function
highlight default link belayAction Function
highlight default link belayLabel Identifier
highlight default link belayNumber Number
highlight default link belayText String
highlight default link belayEscape SpecialChar
highlight default link belayHoleSign Special
highlight default link belayComment Comment
highlight default link belayDocumentation SpecialComment

let b:current_syntax = "belay"
