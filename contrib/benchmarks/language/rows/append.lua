local function main(n)
  local numbers = {}
  for i = 0, n - 1 do
    local next = i + 1
    if next % 2 == 0 then numbers[#numbers + 1] = next else numbers[#numbers + 1] = i end
  end
  return #numbers + numbers[n]
end

return main(1000000)
