local function per_zone(it) return it >= 1 and it <= 50 end
local function zones(it) return #it >= 1 and #it <= 8 end
local function name(it) return it:sub(1, 4) == "web-" end
local function ports(it)
  for _, port in ipairs(it) do
    if not (port > 0 and port < 65536) then return false end
  end
  return true
end

local given = { per_zone = 4, zones = { "a", "b", "c" }, name = "web-fleet", ports = { 80, 443, 8080, 9090 } }
local met = 0
for _ = 1, 25000 do
  if per_zone(given.per_zone) and zones(given.zones) and name(given.name) and ports(given.ports) then met = met + 4 end
end
return met
