-- Writes the first entries of a journal, unless it has some.
-- KEYS: journal. ARGV: entries.
if redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
append_entries(KEYS[1], ARGV[1])
return 1
