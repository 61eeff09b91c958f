-- Sends each line of a file once, in order, as a report; stops when the file is used up.
local headers = { ["Content-Type"] = "application/vnd.caretaker.dsse+json" }
local lines
local last
local refused = 0

function init(args)
  lines = io.lines(args[1])
end

function request()
  local line = lines()
  if line == nil then
    wrk.thread:stop()
    return last
  end
  last = wrk.format("POST", "/v1/reports", headers, line)
  return last
end

function done(summary, latency, requests)
  local bad = summary.errors.connect + summary.errors.read + summary.errors.write
            + summary.errors.status + summary.errors.timeout
  io.write(string.format("BENCH %d %d %d %d %d\n", summary.requests, summary.duration, bad,
                         latency:percentile(50), latency:percentile(99)))
end
