-- SPDX-License-Identifier: GPL-3.0-or-later
-- cli: argv -> exit code. FIRST SLICE: runs a script.
return function(argv)
  local chunk, err = loadfile(argv[1] or "", "t")
  if not chunk then io.stderr:write(err, "\n") return 2 end
  arg = { [0] = argv[1], table.unpack(argv, 2) }
  local ok, e = xpcall(chunk, function(m) return type(m) == "table" and tostring(m) or debug.traceback(tostring(m), 2) end)
  if not ok then io.stderr:write("error: ", tostring(e), "\n") return 2 end
  return type(e) == "number" and e or 0
end
