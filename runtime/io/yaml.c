/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/yaml.h"

#include <string.h>
#include <yaml.h>

#include "io/file.h"
#include "base/str.h"
#include "io/utf8.h"

typedef struct frame {
  lun_node *node, *key;   /* key: of a map, waiting for its value */
  lun_node *first, *last; /* entries: items, or keys and values in turn */
} frame;

typedef struct builder {
  lun_env *env;
  lun_yaml *out;
  lun_yaml_fault *fault;
  yaml_parser_t parser;
  frame stack[LUN_YAML_DEPTH];
  int depth, documents, events;
} builder;

const char *lun_yaml_version(void)
{
  return yaml_get_version_string();
}

/* --- faults ---------------------------------------------------------------------------------- */

/* Where, and what to do; `return at(...), lun_fail(...)` is the idiom below. */
static void at(builder *b, size_t line, size_t column, const char *hint)
{
  b->fault->line = (unsigned)line;
  b->fault->column = (unsigned)column;
  b->fault->hint = hint;
  b->fault->excerpt[0] = '\0';
  if (line == 0) return;
  lun_source_excerpt(b->out->source, b->fault->line, b->fault->excerpt, sizeof b->fault->excerpt);
  if (column > lun_utf8_count(b->fault->excerpt, strlen(b->fault->excerpt)) + 1)
    b->fault->excerpt[0] = '\0'; /* beyond the cut */
}

static void at_mark(builder *b, const yaml_mark_t *mark, const char *hint)
{
  at(b, mark->line + 1, mark->column + 1, hint);
}

static lun_status refuse(builder *b, const yaml_event_t *event, const char *message,
                         const char *hint)
{
  at_mark(b, &event->start_mark, hint);
  return lun_fail(b->env, LUN_EDATA, "%s", message);
}

/* --- the text, before it is parsed ----------------------------------------------------------- */

/* libyaml reports bad bytes without their place. */
static lun_status check_text(builder *b, const char *text, size_t n)
{
  static const char ENCODING[] = "save the file as UTF-8";
  const char *other = lun_utf8_other(text, n);
  size_t line = 1, column = 1;
  if (other) {
    at(b, 1, 1, ENCODING);
    b->fault->excerpt[0] = '\0';
    return lun_fail(b->env, LUN_EDATA, "[recipe.yaml-encoding] the file is %s, not UTF-8", other);
  }
  for (size_t i = 0, length; i < n; i += length) {
    unsigned char c = (unsigned char)text[i];
    length = lun_utf8_length(text + i, n - i);
    if (length == 0) {
      at(b, line, column, ENCODING);
      return lun_fail(b->env, LUN_EDATA, "[recipe.yaml-encoding] not valid UTF-8");
    }
    unsigned code = lun_utf8_code(text + i, length);
    int space = c == '\n' || c == '\t' || (c == '\r' && i + 1 < n && text[i + 1] == '\n');
    if ((c < 0x20 && !space) || code == 0x7F || (code >= 0x80 && code < 0xA0)) {
      at(b, line, column, c == '\r' ? "save the file with LF or CRLF line ends" : "remove it");
      return lun_fail(b->env, LUN_EDATA, "[recipe.yaml-encoding] control character U+00%c%c",
                      "0123456789ABCDEF"[code >> 4], "0123456789ABCDEF"[code & 15]);
    }
    if (i == 0 && code == 0xFEFF) continue; /* byte order mark: no column */
    column++;
    if (c == '\n') {
      line++;
      column = 1;
    }
  }
  return LUN_OK;
}

/* --- what libyaml refuses -------------------------------------------------------------------- */

/* Column of a tab in the blanks that a line begins with, or 0. */
static size_t tab_in_indentation(const builder *b, size_t line)
{
  const char *p = b->out->source->text, *end = p + b->out->source->size;
  for (size_t k = 1; k < line && p; k++) {
    p = memchr(p, '\n', (size_t)(end - p));
    if (p) p++;
  }
  for (const char *start = p; p && p < end && (*p == ' ' || *p == '\t'); p++) {
    if (*p == '\t') return (size_t)(p - start) + 1;
  }
  return 0;
}

static const char *advice(const char *problem)
{
  static const struct {
    const char *part, *hint;
  } known[] = {
    { "mapping values are not allowed", "a text that holds \": \" needs quotes" },
    { "cannot start any token", "a text that begins with this character needs quotes" },
    { "could not find expected ':'", "a key is followed by a colon and a blank (not by a "
                                   "full-width colon)" },
    { "did not find expected key", "keys of one level begin in the same column" },
    { "did not find expected '-' indicator", "items of one list begin in the same column" },
    { "did not find expected ',' or", "a bracket or a comma is missing" },
    { "unknown escape character", "a backslash in double quotes is written \\\\; or use single "
                                  "quotes" },
    { "unexpected end of stream", "the quote that begins here is not closed" },
    { "unexpected document indicator", "the quote that begins here is not closed" },
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (strstr(problem, known[i].part)) return known[i].hint;
  }
  return NULL;
}

static lun_status parser_failed(builder *b)
{
  const yaml_parser_t *p = &b->parser;
  if (p->error == YAML_MEMORY_ERROR) return lun_fail(b->env, LUN_ENOMEM, "out of memory");
  const char *problem = p->problem ? p->problem : "not YAML";
  const yaml_mark_t *mark = &p->problem_mark;
  size_t tab = tab_in_indentation(b, mark->line + 1);
  if (tab && mark->column + 1 >= tab) {
    at(b, mark->line + 1, tab, "indent with blanks");
    return lun_fail(b->env, LUN_EDATA, "[recipe.yaml-tab] a tab in the indentation");
  }
  int unclosed = p->context && strstr(p->context, "quoted scalar") && strstr(problem, "unexpected");
  int key = p->context && strstr(p->context, "simple key"); /* where it begins, not the next line */
  at_mark(b, unclosed || key ? &p->context_mark : mark, advice(problem));
  return lun_fail(b->env, LUN_EDATA, "[recipe.yaml] %s%s%s",
                  p->context && !unclosed ? p->context : "", p->context && !unclosed ? ": " : "",
                  problem);
}

/* --- building -------------------------------------------------------------------------------- */

static lun_node *new_node(builder *b, lun_node_kind kind, const yaml_event_t *event)
{
  lun_node *node = LUN_NEW(&b->out->pool, lun_node, 1);
  if (!node) return NULL;
  node->source = b->out->source;
  node->kind = kind;
  node->line = (unsigned)event->start_mark.line + 1;
  node->column = (unsigned)event->start_mark.column + 1;
  return node;
}

static lun_status check_key(builder *b, const lun_node *key, const yaml_event_t *event)
{
  if (key->kind != LUN_NODE_SCALAR)
    return refuse(b, event, "[recipe.yaml-key] a key must be a plain text", NULL);
  if (key->plain && strcmp(key->text, "<<") == 0)
    return refuse(b, event, "[recipe.yaml-merge] merge keys (<<) are not allowed",
                  "write the keys out");
  if (key->size == 0) return refuse(b, event, "[recipe.yaml-key] an empty key", NULL);
  if (key->size > LUN_YAML_KEY) {
    at_mark(b, &event->start_mark, NULL);
    return lun_fail(b->env, LUN_ELIMIT, "[limit.yaml-key] a key longer than %d bytes",
                    LUN_YAML_KEY);
  }
  return LUN_OK;
}

static lun_status attach(builder *b, lun_node *node, const yaml_event_t *event)
{
  if (b->depth == 0) {
    b->out->root = node;
    return LUN_OK;
  }
  frame *f = &b->stack[b->depth - 1];
  if (f->last) f->last->next = node;
  else f->first = node;
  f->last = node;
  if (f->node->kind == LUN_NODE_MAP && !f->key) {
    f->key = node;
    return check_key(b, node, event);
  }
  f->key = NULL;
  f->node->n++;
  return LUN_OK;
}

static lun_status no_properties(builder *b, const yaml_event_t *event, const yaml_char_t *anchor,
                                const yaml_char_t *tag)
{
  if (anchor)
    return refuse(b, event, "[recipe.yaml-anchor] anchors and aliases are not allowed",
                  "write the value out where it is used");
  if (tag) return refuse(b, event, "[recipe.yaml-tag] tags are not allowed", "remove the tag");
  return LUN_OK;
}

static lun_status add_scalar(builder *b, const yaml_event_t *event)
{
  const char *text = (const char *)event->data.scalar.value;
  size_t n = event->data.scalar.length;
  lun_status st = no_properties(b, event, event->data.scalar.anchor, event->data.scalar.tag);
  if (st != LUN_OK) return st;
  if (n > LUN_YAML_SCALAR) {
    at_mark(b, &event->start_mark, NULL);
    return lun_fail(b->env, LUN_ELIMIT, "[limit.yaml-scalar] a text longer than %d bytes",
                    LUN_YAML_SCALAR);
  }
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)text[i];
    if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F)
      return refuse(b, event, "[recipe.yaml-encoding] a control character in a text", NULL);
  }
  if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && lun_str_curly(text, n))
    return refuse(b, event, "[recipe.yaml] a quote of a word processor would become part of the text",
                  "type straight quotes, \"like these\"; to keep it, put straight ones around it");
  lun_node *node = new_node(b, LUN_NODE_SCALAR, event);
  if (!node || !(node->text = lun_pool_text(&b->out->pool, text, n))) return LUN_ENOMEM;
  node->size = n;
  node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
  return attach(b, node, event);
}

static lun_status open_frame(builder *b, const yaml_event_t *event, lun_node_kind kind)
{
  int map = kind == LUN_NODE_MAP;
  lun_status st = no_properties(
      b, event, map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor,
      map ? event->data.mapping_start.tag : event->data.sequence_start.tag);
  if (st != LUN_OK) return st;
  lun_node *node = new_node(b, kind, event);
  if (!node) return LUN_ENOMEM;
  if ((st = attach(b, node, event)) != LUN_OK) return st;
  if (b->depth == LUN_YAML_DEPTH) {
    at_mark(b, &event->start_mark, NULL);
    return lun_fail(b->env, LUN_EDATA, "[recipe.yaml-depth] nesting deeper than %d levels",
                    LUN_YAML_DEPTH);
  }
  b->stack[b->depth++] = (frame){ .node = node };
  return LUN_OK;
}

static lun_status duplicate(builder *b, const lun_node *key, const lun_node *first)
{
  char shown[64];
  lun_utf8_show(shown, sizeof shown, key->text, key->size);
  at(b, key->line, key->column, "keep one of them");
  return lun_fail(b->env, LUN_EDATA,
                  "[recipe.yaml-duplicate] key \"%s\" is given twice: first on line %d, column %d",
                  shown, (int)first->line, (int)first->column);
}

/* Open addressing over the map's keys; slots: at least twice as many as keys, a power of two. */
static lun_status check_duplicates(builder *b, lun_node *map)
{
  lun_pool work;
  lun_status st = LUN_OK;
  size_t slots = 8;
  while (slots < 2 * map->n) slots *= 2;
  lun_pool_init(&work, b->env);
  lun_node **table = LUN_NEW(&work, lun_node *, slots);
  if (!table) st = LUN_ENOMEM;
  for (size_t i = 0; i < map->n && st == LUN_OK; i++) {
    lun_node *key = map->key[i];
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t k = 0; k < key->size; k++) h = (h ^ (unsigned char)key->text[k]) * 0x100000001b3u;
    size_t s = (size_t)(h ^ h >> 32) & (slots - 1);
    for (; table[s]; s = (s + 1) & (slots - 1)) {
      if (strcmp(table[s]->text, key->text) != 0) continue;
      st = duplicate(b, key, table[s]);
      break;
    }
    table[s] = key;
  }
  lun_pool_fini(&work);
  return st;
}

static lun_status close_frame(builder *b)
{
  frame *f = &b->stack[--b->depth];
  lun_node *node = f->node, *next = f->first;
  node->item = LUN_NEW(&b->out->pool, lun_node *, node->n);
  if (!node->item) return LUN_ENOMEM;
  if (node->kind == LUN_NODE_LIST) {
    for (size_t i = 0; i < node->n; i++, next = next->next) node->item[i] = next;
    return LUN_OK;
  }
  node->key = LUN_NEW(&b->out->pool, lun_node *, node->n);
  if (!node->key) return LUN_ENOMEM;
  for (size_t i = 0; i < node->n; i++, next = next->next->next) {
    node->key[i] = next;
    node->item[i] = next->next;
  }
  return check_duplicates(b, node);
}

static lun_status start_document(builder *b, const yaml_event_t *event)
{
  if (b->documents++)
    return refuse(b, event, "[recipe.yaml-documents] more than one document", "keep the first one");
  if (event->data.document_start.tag_directives.start !=
      event->data.document_start.tag_directives.end)
    return refuse(b, event, "[recipe.yaml-tag] tags are not allowed", "remove the %TAG line");
  return LUN_OK;
}

static lun_status take(builder *b, const yaml_event_t *event)
{
  if (++b->events > LUN_YAML_EVENTS) {
    at_mark(b, &event->start_mark, NULL);
    return lun_fail(b->env, LUN_ELIMIT, "[limit.yaml-events] more than %d values and brackets",
                    LUN_YAML_EVENTS);
  }
  switch (event->type) {
  case YAML_DOCUMENT_START_EVENT: return start_document(b, event);
  case YAML_ALIAS_EVENT: return no_properties(b, event, event->data.alias.anchor, NULL);
  case YAML_SCALAR_EVENT: return add_scalar(b, event);
  case YAML_SEQUENCE_START_EVENT: return open_frame(b, event, LUN_NODE_LIST);
  case YAML_MAPPING_START_EVENT: return open_frame(b, event, LUN_NODE_MAP);
  case YAML_SEQUENCE_END_EVENT:
  case YAML_MAPPING_END_EVENT: return close_frame(b);
  default: return LUN_OK;
  }
}

static lun_status build(builder *b)
{
  lun_status st = LUN_OK;
  int ended = 0;
  while (st == LUN_OK && !ended) {
    yaml_event_t event;
    if (!yaml_parser_parse(&b->parser, &event)) return parser_failed(b);
    ended = event.type == YAML_STREAM_END_EVENT;
    st = take(b, &event);
    yaml_event_delete(&event);
  }
  if (st == LUN_OK && !b->out->root) {
    at(b, 1, 1, NULL);
    st = lun_fail(b->env, LUN_EDATA, "[recipe.yaml-empty] the file is empty");
  }
  return st;
}

static lun_status parse(builder *b, const char *name, const char *text, size_t n)
{
  lun_yaml *out = b->out;
  if (n > LUN_YAML_FILE)
    return lun_fail(b->env, LUN_ELIMIT, "[limit.yaml-size] longer than %d bytes", LUN_YAML_FILE);
  lun_source *source = out->source = LUN_NEW(&out->pool, lun_source, 1);
  if (!source) return LUN_ENOMEM;
  source->name = lun_pool_text(&out->pool, name, strlen(name));
  source->text = lun_pool_text(&out->pool, text, n);
  if (!source->name || !source->text) return LUN_ENOMEM;
  source->size = n;
  lun_status st = check_text(b, text, n);
  if (st != LUN_OK) return st;
  if (!yaml_parser_initialize(&b->parser)) return lun_fail(b->env, LUN_ENOMEM, "out of memory");
  yaml_parser_set_encoding(&b->parser, YAML_UTF8_ENCODING);
  size_t mark = n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; /* byte order mark */
  yaml_parser_set_input_string(&b->parser, (const unsigned char *)text + mark, n - mark);
  st = build(b);
  yaml_parser_delete(&b->parser);
  return st;
}

lun_status lun_yaml_parse(lun_env *env, lun_yaml *out, const char *name, const char *text, size_t n,
                          lun_yaml_fault *fault)
{
  builder b = { .env = env, .out = out, .fault = fault };
  memset(fault, 0, sizeof *fault);
  memset(out, 0, sizeof *out);
  lun_pool_init(&out->pool, env);
  lun_status st = parse(&b, name, text, n);
  if (st != LUN_OK) lun_yaml_fini(out);
  return st;
}

lun_status lun_yaml_read(lun_env *env, lun_yaml *out, const char *path, lun_yaml_fault *fault)
{
  char *text;
  size_t n;
  memset(fault, 0, sizeof *fault);
  memset(out, 0, sizeof *out);
  lun_status st = lun_file_read(env, &text, &n, path, LUN_YAML_FILE);
  if (st != LUN_OK) return st;
  st = lun_yaml_parse(env, out, path, text, n, fault);
  lun_mem_free(env, text);
  return st;
}
