-- Asks for the paths of the file PATHS in turn, all connections together, and prints what it saw as one line of JSON.
local paths, at = {}, 0
for line in io.lines(os.getenv("PATHS")) do
  paths[#paths + 1] = wrk.format("GET", line, { ["Accept-Encoding"] = "gzip", ["Host"] = "127.0.0.1" })
end
request = function()
  at = at % #paths + 1
  return paths[at]
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\nJSON {"requests": %d, "seconds": %f, "bytes": %d, "errors": %d, "p50": %f, "p95": %f, "p99": %f}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
