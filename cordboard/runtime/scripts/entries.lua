-- Shared by every script that appends to the journal. `packed` is a JSON list of entries,
-- each a flat list of fields and values. Returns the ids given.
local function append_entries(journal, packed)
  local ids = {}
  for _, fields in ipairs(cjson.decode(packed)) do
    ids[#ids + 1] = redis.call('XADD', journal, '*', unpack(fields))
  end
  return ids
end
