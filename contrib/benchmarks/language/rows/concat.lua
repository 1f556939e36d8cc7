local function main(n, prefix, zones)
  local hits, wanted = {}, prefix .. zones[3]
  for i = 0, n - 1 do
    if prefix .. zones[i % 4 + 1] == wanted then hits[#hits + 1] = i end
  end
  return #hits
end

return main(500000, "web-server-of-fleet-",
  { "ap-hangzhou-ecm-1-ct", "ap-hangzhou-ecm-2-cu", "ap-hangzhou-ecm-3-cm", "ap-hangzhou-ecm-4-ct" })
