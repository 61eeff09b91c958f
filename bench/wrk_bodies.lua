-- Sends the lines of a file in order, each as a report. There must be more lines than wrk can send in
-- its time: when they are used up the last one is sent again, and the count at the end shows it.
local headers = { ["Content-Type"] = "application/vnd.caretaker.dsse+json" }
local lines
local last
local finished = false

function init(args)
  lines = io.lines(args[1])
end

function request()
  local line = nil
  if not finished then
    line = lines()
  end
  if line == nil then
    finished = true
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
