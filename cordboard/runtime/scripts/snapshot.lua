-- Keeps a snapshot, and the one before it.
-- KEYS: token, snapshots. ARGV: token, snapshot.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 'FENCED'
end
local newest = redis.call('HGET', KEYS[2], 'newest')
if newest then
  redis.call('HSET', KEYS[2], 'older', newest)
end
redis.call('HSET', KEYS[2], 'newest', ARGV[2])
return 'DONE'
