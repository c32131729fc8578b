-- Sends the requests of a file (a token and a body a line): reads at random, writes each cart in its turn.
-- Arguments: file, Lua pattern that a good answer has, threads, "write" or "read", mean milliseconds of delay (0: none).
local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

local requests, count, place, round, trial, expected, writes
wrong, sample = 0, ""

local function hexadecimal()
  return string.format("%08x-%04x-7%03x-8%03x-%012x", math.random(0, 0x7fffffff), math.random(0, 0xffff),
    math.random(0, 0xfff), math.random(0, 0xfff), math.random(0, 0xffffffffff))
end

local function formatted(token, body)
  return wrk.format("POST", nil, { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. token }, body)
end

function init(args)
  local share = tonumber(args[3])
  local pause = tonumber(args[5])
  requests, count, place, round, trial = {}, 0, 0, 0, number == 0
  expected, writes = args[2], args[4] == "write"
  local line = 0
  for text in io.lines(args[1]) do
    local token, body = text:match("^(.-)\t(.*)$")
    if not writes then
      count = count + 1
      requests[count] = formatted(token, body)
    elseif line % share == number then
      count = count + 1
      requests[count] = { token, body }
    end
    line = line + 1
  end
  math.randomseed(os.time() + number * 7919)
  if pause > 0 then
    delay = function()
      local wanted = -math.log(1 - math.random()) * pause
      local whole = math.floor(wanted)
      return math.random() < wanted - whole and whole + 1 or whole
    end
  end
end

function request()
  if not writes then
    return requests[math.random(count)]
  end
  if trial then -- wrk asks the first thread once before it begins, and sends nothing
    trial = false
    return formatted(requests[1][1], requests[1][2])
  end
  place = place + 1
  if place > count then
    place, round = 1, round + 1
  end
  local one = requests[place]
  -- {v} is the version that the cart has by now, {p} the place of the new item, {u} an id that nobody had
  local body = one[2]:gsub("\"{v}\"", tostring(1 + round)):gsub("\"{p}\"", tostring(9 + round)):gsub("{u}", hexadecimal)
  return formatted(one[1], body)
end

function response(status, _, body)
  if status ~= 200 or not body:find(expected) or body:find('"errors"', 1, true) then
    wrong = wrong + 1
    if sample == "" then sample = status .. " " .. body:sub(1, 300) end
  end
end

function done(summary, latency, _)
  local all, said = 0, ""
  for _, thread in ipairs(threads) do
    all = all + thread:get("wrong")
    if said == "" then said = thread:get("sample") end
  end
  local lost = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("RESULT %d %d %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), all, lost, summary.bytes))
  if said ~= "" then io.write("SAMPLE " .. said:gsub("%s+", " ") .. "\n") end
end
