autocmd BufRead,BufNewFile *.belay setfiletype belay
