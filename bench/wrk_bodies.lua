-- Sends the bodies of a file in order, each as a report; before each stand its length and a newline.
-- There must be more than wrk can send in its time: when they are used up the last one is sent again,
-- and the count at the end shows it.
local headers = { ["Content-Type"] = "application/vnd.caretaker.dsse+packed" }
local bodies
local last

function init(args)
  bodies = io.open(args[1], "rb")
end

function request()
  local size = bodies:read("*n")
  if size == nil then
    return last
  end
  bodies:read(1)
  last = wrk.format("POST", "/v1/reports", headers, bodies:read(size))
  return last
end

function done(summary, latency, requests)
  local bad = summary.errors.connect + summary.errors.read + summary.errors.write
            + summary.errors.status + summary.errors.timeout
  io.write(string.format("BENCH %d %d %d %d %d\n", summary.requests, summary.duration, bad,
                         latency:percentile(50), latency:percentile(99)))
end
