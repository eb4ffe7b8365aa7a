-- Boundaries of France by level, for comparison. The zooms are tilemaker.json's; simplification is that of
-- tilemaker's own OpenMapTiles example for boundaries. Ids as ours: level and official code.
node_keys = {}

layer_of_level = { ["2"] = "countries", ["4"] = "regions", ["6"] = "departments", ["8"] = "municipalities",
  ["9"] = "neighbourhoods", ["10"] = "neighbourhoods" }
code_of_layer = { countries = "ISO3166-1:alpha2", intercommunalities = "ref:FR:SIREN" }
prefix_of_layer = { countries = "country", regions = "region", departments = "department",
  intercommunalities = "intercommunality", municipalities = "municipality", neighbourhoods = "neighbourhood" }

function node_function(node)
end

function way_function(way)
  local layer
  if way:Find("local_authority:FR") ~= "" then
    layer = "intercommunalities"
  elseif way:Find("boundary") == "administrative" then
    layer = layer_of_level[way:Find("admin_level")]
  end
  if layer and way:IsClosed() then
    local code = way:Find(code_of_layer[layer] or "ref:INSEE")
    way:Layer(layer, true)
    way:Attribute("id", prefix_of_layer[layer] .. ":" .. code)
    way:Attribute("code", code)
    way:Attribute("name", way:Find("name"))
  end
end
