-- Moves a caller to the next place in the call flow and appends the facts of the step, if the
-- caller is still where the step began. What was told so far is kept in the same step.
-- KEYS: session, journal, flow records, customer.
-- ARGV: expected token or '', token, state, twiml, entries, time to live in s, address after the
-- talk or '', subject or '' (then nothing is told), story, record, JSON list of what is remembered
-- of the customer, and for how many s.
-- Returns what happened, then token, state, twiml and the answered token as they are stored now.
local stored = redis.call('HMGET', KEYS[1], 'token', 'state', 'twiml', 'answered')
local token = stored[1] or ''
if token == ARGV[1] then
  redis.call('HSET', KEYS[1], 'answered', ARGV[1], 'token', ARGV[2], 'state', ARGV[3],
             'twiml', ARGV[4], 'after_talk', ARGV[7])
  append_entries(KEYS[2], ARGV[5])
  if ARGV[8] ~= '' then
    redis.call('HSET', KEYS[1], 'subject', ARGV[8], 'story', ARGV[9])
    redis.call('XADD', KEYS[3], '*', 'd', ARGV[10])
    redis.call('HSET', KEYS[4], unpack(cjson.decode(ARGV[11])))
    redis.call('EXPIRE', KEYS[4], ARGV[12])
  end
  redis.call('EXPIRE', KEYS[1], ARGV[6])
  return {'done', ARGV[2], ARGV[3], ARGV[4], ARGV[1], ARGV[7]}
end
if token == '' then
  return {'stale', ARGV[2], ARGV[3], ARGV[4], ARGV[1], ARGV[7]}
end
local after_talk = redis.call('HGET', KEYS[1], 'after_talk') or ''
if stored[4] == ARGV[1] then
  return {'repeated', token, stored[2], stored[3], stored[4], after_talk}
end
return {'stale', token, stored[2], stored[3], stored[4], after_talk}
