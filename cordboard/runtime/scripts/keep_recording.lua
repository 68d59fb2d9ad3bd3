-- Keeps what is told of a recording, unless something further on is known already.
-- KEYS: rows, index. ARGV: sid, stage, row, instant.
-- A row is kept as "<stage>|<row>"; the index keeps the instant at which it was first told.
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known then
  local stage = tonumber(string.match(known, '^(%d+)|'))
  if stage > tonumber(ARGV[2]) then
    return 'OLDER'
  end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. '|' .. ARGV[3])
redis.call('ZADD', KEYS[2], 'NX', ARGV[4], ARGV[1])
return 'DONE'
