-- Sends ready-made requests, one after the other in an order of its own for each thread; tells how long
-- answers took. The file REQUESTS holds them with their length before each ("123\n…").
local requests = {}
local at = 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  while true do
    local line = file:read("*l")
    if line == nil then break end
    requests[#requests + 1] = file:read(tonumber(line))
  end
  file:close()
  math.randomseed(20201125)
  for i = #requests, 2, -1 do
    local k = math.random(i)
    requests[i], requests[k] = requests[k], requests[i]
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency, requests)
  local bad = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("RESULT %d %d %d %d %d %d %d\n", summary.requests, summary.duration, bad,
    latency:percentile(50), latency:percentile(95), latency:percentile(99), latency.max))
end
