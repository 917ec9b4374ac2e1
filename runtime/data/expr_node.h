/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * expr_node: the parsed form of an expression, shared by expr_scan, expr_parse, expr_check and
 * expr_eval.
 */
#ifndef LUN_EXPR_NODE_H
#define LUN_EXPR_NODE_H

#include "base/pool.h"
#include "data/expr.h"
#include "data/vector.h"

/* DEPTH: parentheses and the like; HEIGHT: of the tree, which a long chain of operators makes. */
enum { LUN_EXPR_DEPTH = 100, LUN_EXPR_HEIGHT = 200, LUN_EXPR_BYTES = 65536, LUN_EXPR_ARGS = 8 };

typedef enum lun_kind {
  LUN_K_NUMBER, LUN_K_TEXT, LUN_K_TRUTH, LUN_K_NIL, LUN_K_DATE, /* constants */
  LUN_K_COLUMN,
  LUN_K_UNARY, LUN_K_BINARY, /* numbers: op */
  LUN_K_COMPARE,             /* op */
  LUN_K_NOT, LUN_K_AND, LUN_K_OR,
  LUN_K_IN,      /* first child: the value; the others: constants */
  LUN_K_SPAN,    /* days, months, years: number is the days in one unit */
  LUN_K_MISSING, /* missing(x) */
  LUN_K_IF
} lun_kind;

typedef struct lun_node lun_node;
struct lun_node {
  lun_kind kind;
  lun_op op;
  size_t offset;     /* of the operator, name or literal */
  double number;     /* constants; days in a unit */
  const char *text;  /* text constant; function or operator as written, for messages */
  size_t name;       /* column: index into expr->names */
  size_t id;         /* 0 .. expr->nodes - 1 */
  int height;        /* of the tree below */
  lun_node *child, *next;
};

struct lun_expr {
  lun_pool pool;
  const lun_node *root;
  const char **names;
  size_t n_names, room, nodes;
};

/* --- tokens ---------------------------------------------------------------------------------- */

typedef enum lun_token_kind {
  LUN_T_END, LUN_T_NUMBER, LUN_T_TEXT, LUN_T_NAME, LUN_T_QUOTED_NAME, LUN_T_SYMBOL
} lun_token_kind;

typedef struct lun_token {
  lun_token_kind kind;
  size_t offset, size; /* in the source */
  double number;
  const char *text; /* name, symbol or unescaped text, terminated */
} lun_token;

typedef struct lun_scan {
  lun_env *env;
  lun_pool *pool;
  const char *text;
  size_t n, at;
  size_t *fault; /* offset of a failure */
} lun_scan;

/* The next token; its texts live in the pool. */
lun_status lun_scan_next(lun_scan *s, lun_token *out);

/* What stands here for a function, a name of a constant, a symbol (a whole message) that users of R
 * know; NULL for others. */
const char *lun_expr_function_of_r(const char *name);
const char *lun_expr_name_of_r(const char *name);
const char *lun_expr_symbol_of_r(const char *symbol);

/* --- types ----------------------------------------------------------------------------------- */

typedef enum lun_kind_of_value {
  LUN_V_NUMBER, LUN_V_DATE, LUN_V_LOGICAL, LUN_V_FACTOR, LUN_V_TEXT, LUN_V_NIL
} lun_kind_of_value;

/* What a node gives on one table. A text constant beside a factor becomes a factor with a code. */
typedef struct lun_typed {
  lun_kind_of_value value;
  const lun_col *col; /* column nodes */
  lun_levels *levels; /* factors */
  double code;        /* factor constants */
  int free_text;      /* some text comes from a text column */
} lun_typed;

typedef struct lun_bound {
  lun_env *env;
  const lun_expr *expr;
  const lun_table *table;
  lun_typed *typed; /* by node id */
  size_t *fault;    /* offset of a failure */
} lun_bound;

/* Types every node over the table; bound->typed comes from pool. */
lun_status lun_expr_bind(lun_env *env, lun_pool *pool, lun_bound *bound, const lun_expr *expr,
                         const lun_table *table, size_t *fault);

#endif
