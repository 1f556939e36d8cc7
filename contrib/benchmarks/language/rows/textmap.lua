local function main(n)
  local places, hits = {}, {}
  for i = 0, n - 1 do places["key-" .. tostring(i)] = i end
  for i = 0, n - 1 do
    if places["key-" .. tostring(i)] == i then hits[#hits + 1] = i end
  end
  return #hits
end

return main(100000)
