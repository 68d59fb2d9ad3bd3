-- Forgets what the older snapshot covers: journal entries, audited commands, settled effects.
-- KEYS: token, journal, audit, settled, effects, state.
-- ARGV: token, cut (a journal id; entries before it go), first audit id to keep.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 'FENCED'
end
redis.call('XTRIM', KEYS[2], 'MINID', ARGV[2])
redis.call('XTRIM', KEYS[3], 'MINID', ARGV[3])
redis.call('HSET', KEYS[6], 'trimmed', ARGV[2])
local cut_ms, cut_sequence = string.match(ARGV[2], '(%d+)-(%d+)')
cut_ms, cut_sequence = tonumber(cut_ms), tonumber(cut_sequence)
for _, entry in ipairs(redis.call('XRANGE', KEYS[4], '-', '+', 'COUNT', 2000)) do
  local key = entry[2][2]
  local ms, sequence = string.match(key, '(%d+)-(%d+):')
  ms, sequence = tonumber(ms), tonumber(sequence)
  if ms < cut_ms or (ms == cut_ms and sequence < cut_sequence) then
    redis.call('HDEL', KEYS[5], key)
    redis.call('XDEL', KEYS[4], entry[1])
  end
end
return 'DONE'
