-- Gives the lease back, so that the next leader need not wait for its end.
-- KEYS: lease. ARGV: token.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
return redis.call('DEL', KEYS[1])
