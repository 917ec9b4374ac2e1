/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.yaml: YAML and JSON texts as trees of lunation.node. A node is a view of the tree, which
 * its user value 1 keeps alive; a tree made of two others keeps them alive in its own.
 */
#include <string.h>

#include "bind/bind.h"
#include "io/yaml.h"

int lun_open_yaml(lua_State *L);

typedef struct view {
  const lun_node *node;
} view;

static void tree_free(void *self)
{
  lun_yaml_fini(self);
}

static const lun_class TREE = {
  .name = "lunation.yaml",
  .doc = "A parsed text; owns its nodes.",
  .size = sizeof(lun_yaml),
  .free = tree_free,
  .uservalues = 2,
};

static const lun_class NODE;

static const lun_node *self(lua_State *L)
{
  return ((const view *)lun_self(L, 1, &NODE))->node;
}

/* A view of node, whose tree's box is at index owner. */
static int push_node(lua_State *L, int owner, const lun_node *node)
{
  owner = lua_absindex(L, owner);
  view *v = lun_box(L, &NODE);
  v->node = node;
  lua_pushvalue(L, owner);
  lua_setiuservalue(L, -2, 1);
  return 1;
}

static int push_sibling(lua_State *L, const lun_node *node)
{
  lua_getiuservalue(L, 1, 1);
  return push_node(L, -1, node);
}

/* --- node ------------------------------------------------------------------------------------- */

static int node_kind(lua_State *L)
{
  static const char *const names[] = { "scalar", "list", "map" };
  lua_pushstring(L, names[self(L)->kind]);
  return 1;
}

static int node_text(lua_State *L)
{
  const lun_node *node = self(L);
  if (node->kind == LUN_NODE_SCALAR) lua_pushlstring(L, node->text, node->size);
  else lua_pushnil(L);
  return 1;
}

static int node_plain(lua_State *L)
{
  lua_pushboolean(L, self(L)->plain);
  return 1;
}

static int node_line(lua_State *L)
{
  lua_pushinteger(L, self(L)->line);
  return 1;
}

static int node_column(lua_State *L)
{
  lua_pushinteger(L, self(L)->column);
  return 1;
}

static int node_file(lua_State *L)
{
  lua_pushstring(L, self(L)->source->name);
  return 1;
}

static int node_len(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)self(L)->n);
  return 1;
}

static int node_at(lua_State *L)
{
  const lun_node *node = self(L);
  lua_Integer i = lua_tointeger(L, 2);
  if (i < 1 || (lua_Unsigned)i > node->n) return lua_pushnil(L), 1;
  return push_sibling(L, node->item[i - 1]);
}

/* Index of the key at argument 2, or -1. */
static ptrdiff_t find(lua_State *L, const lun_node *node)
{
  size_t n;
  const char *key = luaL_checklstring(L, 2, &n);
  return lun_node_find(node, key, n);
}

static int node_get(lua_State *L)
{
  const lun_node *node = self(L);
  ptrdiff_t i = find(L, node);
  if (i < 0) return lua_pushnil(L), 1;
  return push_sibling(L, node->item[i]);
}

static int node_keys(lua_State *L)
{
  const lun_node *node = self(L);
  lua_createtable(L, (int)node->n, 0);
  for (size_t i = 0; node->kind == LUN_NODE_MAP && i < node->n; i++) {
    lua_pushlstring(L, node->key[i]->text, node->key[i]->size);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

static int node_key_place(lua_State *L)
{
  const lun_node *node = self(L);
  ptrdiff_t i = find(L, node);
  char line[256];
  if (i < 0) return lua_pushnil(L), 1;
  const lun_node *key = node->key[i];
  lun_source_excerpt(key->source, key->line, line, sizeof line);
  lua_createtable(L, 0, 3);
  lua_pushinteger(L, key->line);
  lua_setfield(L, -2, "line");
  lua_pushinteger(L, key->column);
  lua_setfield(L, -2, "column");
  lua_pushstring(L, line);
  lua_setfield(L, -2, "excerpt");
  return 1;
}

static int node_excerpt(lua_State *L)
{
  char line[256];
  const lun_node *node = self(L);
  lua_Integer wanted = luaL_optinteger(L, 2, node->line);
  lun_source_excerpt(node->source, (unsigned)wanted, line, sizeof line);
  lua_pushstring(L, line);
  return 1;
}

static int node_with(lua_State *L)
{
  const lun_node *root = self(L);
  const char *path = luaL_checkstring(L, 2);
  const lun_node *value = ((const view *)lun_self(L, 3, &NODE))->node;
  lun_yaml *tree = lun_box(L, &TREE);
  lua_getiuservalue(L, 1, 1);
  lua_setiuservalue(L, -2, 1);
  lua_getiuservalue(L, 3, 1);
  lua_setiuservalue(L, -2, 2);
  lun_check(L, lun_yaml_with(lun_env_of(L), tree, root, path, value));
  return push_node(L, -1, tree->root);
}

static int node_tostring(lua_State *L)
{
  const lun_node *node = self(L);
  if (node->kind == LUN_NODE_SCALAR) lua_pushlstring(L, node->text, node->size);
  else
    lua_pushfstring(L, "%s of %d at %s:%d:%d", node->kind == LUN_NODE_MAP ? "map" : "list",
                    (int)node->n, node->source->name, (int)node->line, (int)node->column);
  return 1;
}

static int node_eq(lua_State *L)
{
  const view *a = lun_test(L, 1, &NODE), *b = lun_test(L, 2, &NODE);
  lua_pushboolean(L, a && b && a->node == b->node);
  return 1;
}

static const lun_reg NODE_METHODS[] = {
  { "get", node_get,
    "node:get(key) -> node or nil\n"
    "The value of a key of a map; nil when there is none, or when the node is not a map." },
  { "keys", node_keys,
    "node:keys() -> list of texts\n"
    "The keys of a map in the order of the file; empty for lists and scalars." },
  { "key_place", node_key_place,
    "node:key_place(key) -> { line, column, excerpt } or nil\n"
    "Where a key of a map is written; nil when there is none." },
  { "with", node_with,
    "node:with(path, value) -> node\n"
    "A tree like this one with another node at a path: keys joined by dots, items of lists by "
    "their "
    "number; missing keys are added. Errors: usage.set." },
  { "excerpt", node_excerpt,
    "node:excerpt([line]) -> text\n"
    "The line of the file on which the node begins, or another one, for a message." },
  { NULL, NULL, NULL },
};

static const lun_reg NODE_GETTERS[] = {
  { "kind", node_kind, "node.kind\nscalar, list or map." },
  { "text", node_text, "node.text\nThe text of a scalar; nil for lists and maps." },
  { "plain", node_plain,
    "node.plain\ntrue for a scalar without quotes: only such a text may mean a number or a "
    "boolean." },
  { "line", node_line, "node.line\n1-based." },
  { "column", node_column, "node.column\n1-based, in characters." },
  { "file", node_file, "node.file\nThe name of the text." },
  { NULL, NULL, NULL },
};

static const luaL_Reg NODE_META[] = {
  { "__len", node_len },
  { "__tostring", node_tostring },
  { "__eq", node_eq },
  { NULL, NULL },
};

static const lun_class NODE = {
  .name = "lunation.node",
  .doc =
      "A value of a YAML or JSON text that knows its place. #node counts the entries of a list or "
      "map; node[i] is the i-th item, of a map the i-th value.",
  .size = sizeof(view),
  .methods = NODE_METHODS,
  .getters = NODE_GETTERS,
  .meta = NODE_META,
  .at = node_at,
};

/* --- core.yaml -------------------------------------------------------------------------------- */

static void check(lua_State *L, lun_status st, const char *file, const lun_yaml_fault *fault)
{
  lun_place place = { .file = fault->line ? file : NULL,
                      .excerpt = fault->excerpt,
                      .hint = fault->hint,
                      .line = fault->line,
                      .column = fault->column };
  lun_check_at(L, st, &place);
}

static int yaml_read(lua_State *L)
{
  const char *path = luaL_checkstring(L, 1);
  lun_yaml_fault fault;
  lun_yaml *tree = lun_box(L, &TREE);
  check(L, lun_yaml_read(lun_env_of(L), tree, path, &fault), path, &fault);
  return push_node(L, -1, tree->root);
}

static int yaml_parse(lua_State *L)
{
  size_t n;
  const char *text = luaL_checklstring(L, 1, &n), *name = luaL_optstring(L, 2, "text");
  lun_yaml_fault fault;
  lun_yaml *tree = lun_box(L, &TREE);
  check(L, lun_yaml_parse(lun_env_of(L), tree, name, text, n, &fault), name, &fault);
  return push_node(L, -1, tree->root);
}

static const lun_reg FUNCTIONS[] = {
  { "read", yaml_read,
    "yaml.read(path) -> node\n"
    "The root of a YAML or JSON file. Errors carry file, line, column, excerpt and hint: "
    "recipe.yaml "
    "(and recipe.yaml-*), limit.yaml-*, io.open." },
  { "parse", yaml_parse,
    "yaml.parse(text, [name]) -> node\n"
    "The root of a YAML or JSON text; name stands for the file in messages. Errors as yaml.read." },
  { NULL, NULL, NULL },
};

int lun_open_yaml(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  lun_class_open(L, &NODE);
  lua_setfield(L, -2, "class");
  return 1;
}
