-- Tiles around French towns, zooms 0 to 12, always the same list: a small generator with a fixed seed.
local towns = {
  { 2.35, 48.86 }, { 5.37, 43.30 }, { 4.84, 45.76 }, { 1.44, 43.60 }, { 7.27, 43.70 }, { -1.55, 47.22 },
  { 7.75, 48.57 }, { 3.88, 43.61 }, { -0.58, 44.84 }, { 3.06, 50.63 }, { -1.68, 48.11 }, { 55.45, -20.88 },
  { -61.07, 14.60 }, { 3.08, 45.78 }, { 0.34, 46.58 }, { -4.49, 48.39 }, { 6.18, 48.69 }, { 5.04, 47.32 },
}
local paths, next_path, seed = {}, 0, 3857
local function random(n)
  seed = (seed * 1103515245 + 12345) % 2147483648
  return seed % n
end
local tileset, query = os.getenv("TILESET") or "boundaries", os.getenv("QUERY") or ""
for i = 1, 400 do
  local town = towns[1 + random(#towns)]
  local z = random(13)
  local n = 2 ^ z
  local lon = town[1] + (random(1000) - 500) / 4000
  local lat = math.rad(town[2] + (random(1000) - 500) / 4000)
  local x = math.floor((lon + 180) / 360 * n)
  local y = math.floor((1 - math.log(math.tan(lat) + 1 / math.cos(lat)) / math.pi) / 2 * n)
  paths[i] = string.format("/tiles/%s/%d/%d/%d%s", tileset, z, x, y, query)
end
request = function()
  next_path = next_path % #paths + 1
  return wrk.format("GET", paths[next_path], { ["Accept-Encoding"] = "gzip" })
end
