local function ready(it)
  if #it.InstanceSet ~= 4 then return false end
  for _, vm in ipairs(it.InstanceSet) do
    if vm.InstanceState ~= "RUNNING" then return false end
  end
  return true
end

local states, set = { "RUNNING", "RUNNING", "RUNNING", "PENDING" }, {}
for i = 1, 4 do set[i] = { InstanceId = "ein-" .. i, InstanceState = states[i] } end
local answer, looks = { InstanceSet = set }, 0
for _ = 1, 100000 do
  looks = looks + 1
  if ready(answer) then return 0 end
end
return looks
