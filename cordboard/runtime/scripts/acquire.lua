-- Takes the site's lease and gives out a new fence, if nobody leads.
-- KEYS: lease, epoch, token. ARGV: nonce, time to live in ms, token held before (or '').
-- The epoch is at least the seconds since 2026-01-01, so that a lost tail of the store, which
-- brings back an older counter, cannot bring back an older epoch.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[3] then
  return false
end
local seconds = tonumber(redis.call('TIME')[1]) - 1767225600
local epoch = math.max(tonumber(redis.call('GET', KEYS[2]) or '0') + 1, seconds)
redis.call('SET', KEYS[2], string.format('%.0f', epoch))
local token = string.format('%.0f', epoch) .. ':' .. ARGV[1]
redis.call('SET', KEYS[1], token, 'PX', ARGV[2])
redis.call('SET', KEYS[3], token)
return token
