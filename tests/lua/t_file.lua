-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local file = core.file

local top = os.tmpname()
os.remove(top)
file.mkdir(top)
local function at(name) return top .. "/" .. name end

file.write(at("a"), "one\0two")
t.is(file.read(at("a")), "one\0two", "bytes there and back")
file.write(at("a"), "short")
t.is(file.read(at("a")), "short", "a file is replaced as a whole")
t.is(file.kind(at("a")), "file", "kind of a file")
t.is(file.kind(top), "directory", "kind of a folder")
t.is(file.kind(at("none")), nil, "kind of nothing")

local e = t.fails(function() file.read(at("none")) end, "none: No such file", "a missing file")
t.is(e.code, "io.open", "its code")
t.is(t.fails(function() file.read(top) end, "directory", "a folder is no file").code, "io.read",
  "its code")
t.is(t.fails(function() file.write(at("no/such"), "x") end, "no/such",
  "no folder to write in").code, "io.open", "its code")
t.is(t.fails(function() file.mkdir(top) end, "exists", "a folder that exists").code, "io.folder",
  "its code")
if file.kind("/dev/full") then
  t.is(t.fails(function() file.write("/dev/full", "x") end, "No space",
    "a full disk is noticed").code, "io.write", "its code")
end

file.mkdir(at("old")) file.write(at("old/x"), "old")
file.mkdir(at("new")) file.write(at("new/x"), "new")
file.exchange(at("old"), at("new"))
t.is(file.read(at("old/x")), "new", "folders are exchanged")
t.is(file.read(at("new/x")), "old", "both ways")
file.sync(top)
file.rename(at("a"), at("b"))
t.is(table.concat(file.list(top), " "), "b new old", "names in order")

file.mkdir(at("outside")) file.write(at("outside/keep"), "x")
os.execute("ln -s ../outside " .. at("new/link"))
t.is(file.kind(at("new/link")), "link", "a link is a link")
file.remove_tree(at("new"))
t.is(file.kind(at("new")), nil, "a folder is removed with all it holds")
t.is(file.read(at("outside/keep")), "x", "links are not followed")
file.remove_tree(at("new"))
for _, bad in ipairs { at(".."), at("."), top .. "/", "" } do
  t.is(t.fails(function() file.remove_tree(bad) end, "not the name", "never removed: "
    .. bad:sub(#top + 1)).code,
    "usage.argument", "its code")
end

local lock = file.lock(at("lock"))
t.is(t.fails(function() file.lock(at("lock")) end, "another run", "a lock that is held").code,
  "io.locked", "its code")
lock:release()
do local again <close> = file.lock(at("lock")) end
do local again <close> = file.lock(at("lock")) end
t.ok(true, "a lock is given back when its variable closes")

t.is(core.digest.text("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  "digest of a text")
file.write(at("abc"), "abc")
t.is(core.digest.file(at("abc")), core.digest.text("abc"), "digest of a file")

t.is(core.num.shortest(0.1), "0.1", "shortest")
t.is(core.num.shortest(3), "3", "an integer")
t.is(core.num.fixed(2.345, 2), "2.35", "fixed: 2.345 is a little more")
t.is(core.num.digits(123456.789, 4), "1.235e+05", "digits")
t.is(core.num.parse("1e3"), 1000.0, "parse")
t.is(core.num.parse("1,5", ","), 1.5, "decimal comma")
t.is(core.num.parse(" 1"), nil, "no blanks")
t.fails(function() core.num.fixed(1, 18) end, "17 digits", "too many digits")

local a, b = core.rng.new(1, "stream", 17), core.rng.new(1, "stream", 17)
t.is(a:uniform(), b:uniform(), "the same replicate")
t.ok(a:uniform() ~= core.rng.new(1, "stream", 18):seek(1):uniform(), "another replicate")
local p = core.rng.new(1, "p"):permutation(100)
local sum = 0
for _, v in ipairs(p) do sum = sum + v end
t.is(sum, 5050, "a permutation")

file.remove_tree(top)
collectgarbage() collectgarbage()
t.is(core.blocks(), 0, "no memory is left")
t.done()
