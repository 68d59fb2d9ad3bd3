-- Appends facts to the journal, all or none.
-- KEYS: journal. ARGV: entries.
return append_entries(KEYS[1], ARGV[1])
