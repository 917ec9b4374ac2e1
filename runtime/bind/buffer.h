/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * buffer: a growing text (base/str.h) in a box, so that Lua may raise while it grows.
 */
#ifndef LUN_BUFFER_H
#define LUN_BUFFER_H

#include "base/str.h"
#include "bind/bind.h"

lun_str *lun_buffer_new(lua_State *L);           /* pushes the box */
int lun_buffer_push(lua_State *L, lun_str *s);   /* pushes the text, frees the buffer; returns 1 */

#endif
