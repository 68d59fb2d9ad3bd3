-- Gives an effect back that certainly did not happen, to be tried again later.
-- KEYS: token, effects. ARGV: token, command key.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 'FENCED'
end
redis.call('HSET', KEYS[2], ARGV[2], 'new')
return 'DONE'
