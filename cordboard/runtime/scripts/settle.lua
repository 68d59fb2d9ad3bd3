-- Writes what became of an effect, with the facts that follow from it, and takes it out of the box.
-- KEYS: token, effects, outbox, settled, journal, legs.
-- ARGV: token, command key, outbox id, result, entries, leg id or '', its row or ''.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 'FENCED'
end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[4])
redis.call('XDEL', KEYS[3], ARGV[3])
redis.call('XADD', KEYS[4], '*', 'k', ARGV[2])
append_entries(KEYS[5], ARGV[5])
if ARGV[6] ~= '' then
  redis.call('HSET', KEYS[6], ARGV[6], ARGV[7])
end
return 'DONE'
