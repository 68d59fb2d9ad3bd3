-- Appends a leader's own facts, if it still is the leader.
-- KEYS: token, journal. ARGV: token, entries.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return false
end
return append_entries(KEYS[2], ARGV[2])
