-- Claims an effect before it is carried out. Returns the state it was found in: 'new' means it is
-- the caller's now; anything else is what an earlier claim or settlement left.
-- KEYS: token, effects. ARGV: token, command key, mark of the claim.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 'FENCED'
end
local found = redis.call('HGET', KEYS[2], ARGV[2]) or 'lost'
if found == 'new' then
  redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
end
return found
