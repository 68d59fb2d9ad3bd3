-- Keeps the lease. The fence decides, not the lease: a leader whose lease ran out, but whom nobody
-- replaced, goes on.
-- KEYS: lease, token. ARGV: token, time to live in ms.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
