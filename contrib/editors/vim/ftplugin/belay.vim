" Vim filetype plugin
" Language: Belay runbooks (*.belay)

if exists("b:did_ftplugin")
  finish
endif
let b:did_ftplugin = 1

setlocal commentstring=//\ %s
setlocal comments=:///,://
setlocal formatoptions-=t formatoptions+=croql
setlocal expandtab shiftwidth=2 softtabstop=2 textwidth=100
" `gq` and `=` bring the text into the one layout.
setlocal equalprg=belay\ fmt\ -

let b:undo_ftplugin = "setlocal commentstring< comments< formatoptions< expandtab< shiftwidth< softtabstop<"
      \ . " textwidth< equalprg<"
