local function main(n)
  local squares, hits = {}, {}
  for i = 0, n - 1 do squares[i] = i * i end
  for i = 0, n - 1 do
    if squares[i] == i * i then hits[#hits + 1] = i end
  end
  return #hits
end

return main(100000)
