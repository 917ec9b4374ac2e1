/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * yaml: a YAML text (or JSON, which is YAML) as an immutable tree in which every node knows its
 * line and column. A small, strict part of the language, so that a text means one thing: no
 * anchors, aliases, merge keys, tags, second documents, duplicate or complex keys; every scalar is
 * text, and what is a number or a boolean is for the reader's schema to say.
 */
#ifndef LUN_YAML_H
#define LUN_YAML_H

#include "base/env.h"
#include "base/pool.h"

enum {
  LUN_YAML_FILE = 256 * 1024, /* bytes */
  LUN_YAML_SCALAR = 64 * 1024,
  LUN_YAML_KEY = 128,
  LUN_YAML_DEPTH = 32,
  LUN_YAML_EVENTS = 20000
};

/* Version of libyaml. */
const char *lun_yaml_version(void);

typedef enum lun_node_kind { LUN_NODE_SCALAR, LUN_NODE_LIST, LUN_NODE_MAP } lun_node_kind;

/* A text that nodes come from. */
typedef struct lun_source {
  const char *name, *text; /* text: size bytes, for excerpts */
  size_t size;
} lun_source;

typedef struct lun_node {
  const lun_source *source;
  lun_node_kind kind;
  int plain;             /* scalar: without quotes, and not a block */
  unsigned line, column; /* 1-based; columns count characters */
  const char *text;      /* scalar: size bytes and a terminator, none of them zero */
  size_t size;
  size_t n;              /* entries of a list or map */
  struct lun_node **key; /* map: n scalars, in the order of the file */
  struct lun_node **item;
  struct lun_node *next; /* while the tree is built */
} lun_node;

typedef struct lun_yaml {
  lun_pool pool;
  lun_source *source;
  lun_node *root;
} lun_yaml;

/* What is wrong and where. The message itself is env->msg, with its code in brackets. */
typedef struct lun_yaml_fault {
  unsigned line, column; /* 0: nowhere in particular */
  char excerpt[168];     /* the line, so that column counts its characters; or empty */
  const char *hint;      /* or NULL */
} lun_yaml_fault;

/* Parses text[0..n). Errors, with *fault filled: EDATA [recipe.yaml...], ELIMIT [limit.yaml-...],
 * ENOMEM. The tree is empty after a failure; lun_yaml_fini accepts it, and a zeroed one. */
lun_status lun_yaml_parse(lun_env *env, lun_yaml *out, const char *name, const char *text, size_t n,
                          lun_yaml_fault *fault);

/* The same for a file. Also EIO. */
lun_status lun_yaml_read(lun_env *env, lun_yaml *out, const char *path, lun_yaml_fault *fault);

/* A tree like root's with value at a path: keys joined by dots, items of lists by their number
 * from 1; missing keys are added. Only the maps along the path are new, so root and value must
 * outlive the result. Errors: EINVAL [usage.set] when the path leads through a scalar; ENOMEM. */
lun_status lun_yaml_with(lun_env *env, lun_yaml *out, const lun_node *root, const char *path,
                         const lun_node *value);

void lun_yaml_fini(lun_yaml *yaml);

/* Index of a key of a map, or -1. */
ptrdiff_t lun_node_find(const lun_node *node, const char *key, size_t n);

/* The text of a line for a message: control characters become blanks, long lines are cut. */
void lun_source_excerpt(const lun_source *source, unsigned line, char *buf, size_t room);

#endif
