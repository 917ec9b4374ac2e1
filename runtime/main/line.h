/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * line: a line from the terminal for the interactive session, by readline, which is opened when the
 * session begins and not before, so that no other start pays for it.
 */
#ifndef LUN_LINE_H
#define LUN_LINE_H

#include <lua.h>

/* The module lunation.line:
 *   open(complete)     true with readline, false without (plain lines); complete(line, from, to) ->
 *                      list of words that can stand for bytes from..to of the line
 *   read(prompt)       the next line, or nil at its end
 *   remember(line)     adds it to the history
 *   load(file), save(file, n)   the history, its last n lines
 *   resume()           after an interruption: the session goes on */
int lun_line_open(lua_State *L);

#endif
