local function main(n)
  local hits = {}
  for i = 0, n - 1 do
    if (i * 3 + 1) % 7 == 2 or i > 999990 then hits[#hits + 1] = i end
  end
  return #hits
end

return main(1000000)
