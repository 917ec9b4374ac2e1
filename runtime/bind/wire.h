/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * wire: Lua values as bytes, between the program and a plug-in's Lua state. A value is a tag byte
 * and its contents, little-endian; a table is its list part (nil allowed, length t.n where that is
 * an integer) and then its other pairs. Texts, numbers, booleans and tables of these only.
 */
#ifndef LUN_WIRE_H
#define LUN_WIRE_H

#include <lua.h>

enum { LUN_WIRE_DEPTH = 32 };

/* Replaces nothing; pushes the bytes of the value at index 1 as a string. Raises a Lua string on a
 * value that cannot travel and on more than LUN_WIRE_DEPTH nested tables. */
int lun_wire_pack(lua_State *L);

/* Pushes the value of the bytes at index 1. Raises a Lua string on bytes that are not one value. */
int lun_wire_unpack(lua_State *L);

#endif
