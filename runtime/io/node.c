/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is done with a tree once it is there.
 */
#include <string.h>

#include "io/utf8.h"
#include "io/yaml.h"

void lun_yaml_fini(lun_yaml *yaml)
{
  if (yaml->pool.env) lun_pool_fini(&yaml->pool);
  memset(yaml, 0, sizeof *yaml);
}

void lun_source_excerpt(const lun_source *source, unsigned line, char *buf, size_t room)
{
  const char *p = source->text, *end = p + source->size;
  for (unsigned k = 1; k < line && p < end; k++) {
    const char *stop = memchr(p, '\n', (size_t)(end - p));
    p = stop ? stop + 1 : end;
  }
  const char *stop = memchr(p, '\n', (size_t)(end - p));
  if (stop) end = stop;
  if (end > p && end[-1] == '\r') end--;
  size_t at = 0;
  while (p < end) {
    size_t length = lun_utf8_length(p, (size_t)(end - p)), taken = length ? length : 1;
    if (at + taken + 1 > room) break;
    if (length == 0) buf[at++] = '?';
    else if (length == 1 && ((unsigned char)*p < 0x20 || *p == 0x7F)) buf[at++] = ' ';
    else memcpy(buf + at, p, length), at += length;
    p += taken;
  }
  buf[at] = '\0';
}

ptrdiff_t lun_node_find(const lun_node *node, const char *key, size_t n)
{
  for (size_t i = 0; node->kind == LUN_NODE_MAP && i < node->n; i++) {
    if (node->key[i]->size == n && memcmp(node->key[i]->text, key, n) == 0) return (ptrdiff_t)i;
  }
  return -1;
}

/* --- with ------------------------------------------------------------------------------------ */

/* A key, which stands where its value does. */
static lun_node *new_scalar(lun_pool *pool, const lun_node *like, const char *text, size_t n)
{
  lun_node *node = LUN_NEW(pool, lun_node, 1);
  if (!node || !(node->text = lun_pool_text(pool, text, n))) return NULL;
  node->source = like->source;
  node->line = like->line;
  node->column = like->column;
  node->size = n;
  return node;
}

/* A copy of a list or map (NULL: of an empty map) with room for one more entry. */
static lun_node *copy_node(lun_pool *pool, const lun_node *node, const lun_node *like)
{
  lun_node *copy = LUN_NEW(pool, lun_node, 1);
  if (!copy) return NULL;
  if (node) *copy = *node;
  else *copy = (lun_node){ .source = like->source, .kind = LUN_NODE_MAP, .line = 1, .column = 1 };
  copy->item = LUN_NEW(pool, lun_node *, copy->n + 1);
  copy->key = LUN_NEW(pool, lun_node *, copy->n + 1);
  if (!copy->item || !copy->key) return NULL;
  if (copy->n == 0) return copy;
  memcpy(copy->item, node->item, node->n * sizeof *node->item);
  if (node->kind == LUN_NODE_MAP) memcpy(copy->key, node->key, node->n * sizeof *node->key);
  return copy;
}

/* Index of one component of a path; the node's n when it is a new key; -1 when it cannot be. */
static ptrdiff_t step(const lun_node *node, const char *word, size_t n)
{
  size_t i = 0;
  if (node->kind == LUN_NODE_MAP) {
    ptrdiff_t found = lun_node_find(node, word, n);
    return found < 0 && n > 0 ? (ptrdiff_t)node->n : found;
  }
  for (size_t k = 0; k < n; k++) {
    if (word[k] < '0' || word[k] > '9' || i > node->n) return -1;
    i = i * 10 + (size_t)(word[k] - '0');
  }
  return i >= 1 && i <= node->n ? (ptrdiff_t)i - 1 : -1;
}

/* Replaces *slot (NULL: nothing there yet) by a copy and moves slot to the entry that word names.
 */
static lun_status descend(lun_pool *pool, lun_node ***slot, const char *word, size_t n,
                          const lun_node *like)
{
  const lun_node *old = **slot;
  char shown[64];
  lun_utf8_show(shown, sizeof shown, word, n);
  if (old && old->kind == LUN_NODE_SCALAR)
    return lun_fail(pool->env, LUN_EINVAL, "[usage.set] \"%s\" cannot be set inside a text", shown);
  lun_node *copy = copy_node(pool, old, like);
  if (!copy) return LUN_ENOMEM;
  ptrdiff_t i = step(copy, word, n);
  if (i < 0)
    return lun_fail(pool->env, LUN_EINVAL, "[usage.set] a list of %z has no item \"%s\"", copy->n,
                    shown);
  if ((size_t)i == copy->n) {
    copy->key[copy->n++] = new_scalar(pool, like, word, n);
    if (!copy->key[i]) return LUN_ENOMEM;
  }
  **slot = copy;
  *slot = &copy->item[i];
  return LUN_OK;
}

lun_status lun_yaml_with(lun_env *env, lun_yaml *out, const lun_node *root, const char *path,
                         const lun_node *value)
{
  lun_status st = LUN_OK;
  lun_node **slot = &out->root;
  memset(out, 0, sizeof *out);
  lun_pool_init(&out->pool, env);
  out->root = (lun_node *)root;
  for (const char *word = path; st == LUN_OK; word++) {
    size_t n = strcspn(word, ".");
    st = descend(&out->pool, &slot, word, n, value);
    word += n;
    if (*word == '\0') break;
  }
  if (st == LUN_OK) *slot = (lun_node *)value;
  else lun_yaml_fini(out);
  return st;
}
