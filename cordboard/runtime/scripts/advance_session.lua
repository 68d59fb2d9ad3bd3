-- Moves a caller to the next place in the call flow and appends the facts of the step, if the
-- caller is still where the step began.
-- KEYS: session, journal.
-- ARGV: expected token or '', token, state, twiml, entries, time to live in s.
-- Returns what happened, then token, state, twiml and the answered token as they are stored now.
local stored = redis.call('HMGET', KEYS[1], 'token', 'state', 'twiml', 'answered')
local token = stored[1] or ''
if token == ARGV[1] then
  redis.call('HSET', KEYS[1], 'answered', ARGV[1], 'token', ARGV[2], 'state', ARGV[3],
             'twiml', ARGV[4])
  redis.call('EXPIRE', KEYS[1], ARGV[6])
  append_entries(KEYS[2], ARGV[5])
  return {'done', ARGV[2], ARGV[3], ARGV[4], ARGV[1]}
end
if token == '' then
  return {'stale', ARGV[2], ARGV[3], ARGV[4], ARGV[1]}
end
if stored[4] == ARGV[1] then
  return {'repeated', token, stored[2], stored[3], stored[4]}
end
return {'stale', token, stored[2], stored[3], stored[4]}
