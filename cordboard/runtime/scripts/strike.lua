-- Notes that an entry could not be folded; at the last strike it is moved out of the journal.
-- KEYS: token, state, journal, poison. ARGV: token, entry id, strikes allowed, reason.
-- Returns the strikes so far, or FENCED.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 'FENCED'
end
local field = 'strikes:' .. ARGV[2]
local strikes = redis.call('HINCRBY', KEYS[2], field, 1)
if strikes < tonumber(ARGV[3]) then
  return strikes
end
local found = redis.call('XRANGE', KEYS[3], ARGV[2], ARGV[2])
if found[1] then
  redis.call('XADD', KEYS[4], '*', 'id', ARGV[2], 'why', ARGV[4], unpack(found[1][2]))
  redis.call('XDEL', KEYS[3], ARGV[2])
end
redis.call('HDEL', KEYS[2], field)
return strikes
