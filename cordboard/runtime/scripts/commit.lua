-- Commits one batch: everything that follows from the journal up to a new cursor, or nothing.
-- KEYS: token, state, outbox, effects, audit, journal, then those the read model writes.
-- ARGV: token, cursor before, cursor after, commands, entries, writes.
--   commands: JSON list of {key, is sent 0/1, type, facts, at_ms}
--   writes: JSON list of {command, index of its key in KEYS, argument ...}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 'FENCED'
end
local cursor = redis.call('HGET', KEYS[2], 'cursor') or '0-0'
if cursor == ARGV[3] then
  return 'DONE'
end
if cursor ~= ARGV[2] then
  return 'GAP'
end
for _, command in ipairs(cjson.decode(ARGV[4])) do
  local key, is_sent, kind, facts, at_ms = unpack(command)
  redis.call('XADD', KEYS[5], '*', 'k', key, 't', kind, 'd', facts)
  if is_sent == 1 and redis.call('HSETNX', KEYS[4], key, 'new') == 1 then
    redis.call('XADD', KEYS[3], '*', 'k', key, 't', kind, 'd', facts, 'm', at_ms)
  end
end
append_entries(KEYS[6], ARGV[5])
for _, write in ipairs(cjson.decode(ARGV[6])) do
  local arguments = {}
  for i = 3, #write do
    arguments[#arguments + 1] = write[i]
  end
  redis.call(write[1], KEYS[write[2]], unpack(arguments))
end
redis.call('HSET', KEYS[2], 'cursor', ARGV[3])
return 'DONE'
