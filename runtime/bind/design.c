/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lunation.formula: model terms; lunation.design: their model matrix over a table.
 */
#include <string.h>

#include "bind/bind.h"
#include "data/design.h"

int lun_open_design(lua_State *L);

static const lun_class FORMULA, DESIGN; /* below, after what they list */

static void formula_free(void *self)
{
  lun_formula_free(*(lun_formula **)self);
}

static void design_free(void *self)
{
  lun_design_fini(self);
}

static const lun_formula *arg_formula(lua_State *L, int arg)
{
  const lun_formula *f = *(lun_formula **)lun_self(L, arg, &FORMULA);
  if (!f) lun_raise(L, "usage.closed", "argument %d: the formula was closed", arg);
  return f;
}

const lun_design *lun_arg_design(lua_State *L, int arg)
{
  const lun_design *d = lun_self(L, arg, &DESIGN);
  if (!d->formula) lun_raise(L, "usage.closed", "argument %d: the design was closed", arg);
  return d;
}

/* Raises a failure with its place in the terms' source, user value 1 of the formula at index at. */
static void check(lua_State *L, lun_status st, int at, const size_t *offset)
{
  if (st == LUN_OK) return;
  lua_getiuservalue(L, at, 1);
  const char *source = lua_tostring(L, -1);
  lun_place place = { .excerpt = source, .column = 1 };
  for (size_t i = 0; i < *offset && source[i]; i++)
    place.column += ((unsigned char)source[i] & 0xc0) != 0x80;
  lun_check_at(L, st, &place);
}

static void push_texts(lua_State *L, const char *const *texts, size_t n)
{
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    lua_pushstring(L, texts[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

/* --- formula --------------------------------------------------------------------------------- */

static int design_parse(lua_State *L)
{
  size_t n, offset;
  const char *text = luaL_checklstring(L, 1, &n);
  lun_formula **box = lun_box(L, &FORMULA);
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, -2, 1);
  check(L, lun_formula_parse(lun_env_of(L), box, text, n, &offset), lua_gettop(L), &offset);
  return 1;
}

static int formula_response(lua_State *L)
{
  lua_pushstring(L, arg_formula(L, 1)->response);
  return 1;
}

static void push_columns(lua_State *L, const lun_variable *v)
{
  lua_Integer k = 0;
  lua_newtable(L);
  for (size_t i = 0; i < v->n_expr; i++) {
    size_t n;
    const char *const *names = lun_expr_names(v->expr[i], &n);
    for (size_t j = 0; j < n; j++) {
      lua_pushstring(L, names[j]);
      lua_rawseti(L, -2, ++k);
    }
  }
}

static int formula_variables(lua_State *L)
{
  static const char *const kinds[] = { "plain", "factor", "ns",      "rcs",
                                       "tt",    "strata", "cluster", "offset" };
  const lun_formula *f = arg_formula(L, 1);
  lua_createtable(L, (int)f->n_vars, 0);
  for (size_t i = 0; i < f->n_vars; i++) {
    lua_createtable(L, 0, 5);
    lua_pushstring(L, f->vars[i].text);
    lua_setfield(L, -2, "text");
    lua_pushstring(L, f->vars[i].inner);
    lua_setfield(L, -2, "inner");
    lua_pushstring(L, f->vars[i].label);
    lua_setfield(L, -2, "label");
    lua_pushstring(L, kinds[f->vars[i].kind]);
    lua_setfield(L, -2, "kind");
    push_columns(L, &f->vars[i]);
    lua_setfield(L, -2, "columns");
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* Terms as lists of indices into the variables. */
static int formula_terms(lua_State *L)
{
  const lun_formula *f = arg_formula(L, 1);
  lua_createtable(L, (int)f->n_terms, 0);
  for (size_t t = 0; t < f->n_terms; t++) {
    lua_newtable(L);
    for (size_t i = 0; i < f->terms[t].n; i++) {
      lua_pushinteger(L, (lua_Integer)f->terms[t].var[i] + 1);
      lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_rawseti(L, -2, (lua_Integer)t + 1);
  }
  return 1;
}

static const lun_reg FORMULA_GETTERS[] = {
  { "response", formula_response, "formula.response\nThe text before ~, or nil." },
  { "variables", formula_variables,
    "formula.variables\nA list of { text, label, inner, kind, columns }: kind is plain, factor, ns, "
    "rcs, tt, strata, cluster or offset; inner is what stands in its brackets; columns are those "
    "it reads." },
  { "terms", formula_terms,
    "formula.terms\nThe terms of the matrix, each a list of numbers of variables: main effects "
    "first." },
  { NULL, NULL, NULL },
};

static const lun_class FORMULA = {
  .name = "lunation.formula",
  .doc = "Parsed model terms.",
  .size = sizeof(lun_formula *),
  .free = formula_free,
  .getters = FORMULA_GETTERS,
  .uservalues = 1, /* the source text */
};

/* --- design ---------------------------------------------------------------------------------- */

/* also = { { name, column }, ... }; the strings and columns stay alive in the options table. */
static void read_also(lua_State *L, int at, lun_design_options *o)
{
  o->n_also = lua_rawlen(L, at);
  const char **names = lun_scratch(L, o->n_also, sizeof *names);
  lun_col **cols = lun_scratch(L, o->n_also, sizeof *cols);
  for (size_t i = 0; i < o->n_also; i++) {
    if (lua_rawgeti(L, at, (lua_Integer)i + 1) != LUA_TTABLE ||
        lua_rawgeti(L, -1, 1) != LUA_TSTRING || !lua_rawgeti(L, -2, 2) ||
        !(cols[i] = lun_test_col(L, -1)))
      lun_raise(L, "usage.option", "option also: element %d: expected { name, column }",
                (int)i + 1);
    names[i] = lua_tostring(L, -2);
    lua_pop(L, 3);
  }
  o->also = names;
  o->also_cols = cols;
}

static lun_design_options read_options(lua_State *L, int arg)
{
  lun_opts opts;
  lun_design_options o = { 0 };
  lun_opts_open(L, arg, &opts);
  o.intercept = lun_opt_boolean(&opts, "intercept", 0);
  o.all_rows = lun_opt_boolean(&opts, "all_rows", 0);
  o.tt = lun_opt_boolean(&opts, "tt", 0);
  int also = lun_opt_value(&opts, "also");
  if (also) luaL_checktype(L, also, LUA_TTABLE);
  lun_opts_done(&opts);
  if (also) read_also(L, also, &o);
  return o;
}

static int design_new(lua_State *L)
{
  size_t offset;
  lua_settop(L, 3);
  if (lua_type(L, 1) == LUA_TSTRING) {
    lua_pushcfunction(L, design_parse);
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    lua_replace(L, 1);
  }
  const lun_formula *f = arg_formula(L, 1);
  const lun_table *t = lun_arg_table(L, 2);
  lun_design_options options = read_options(L, 3);
  lun_design *d = lun_box(L, &DESIGN);
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, -2, 1);
  check(L, lun_design_init(lun_env_of(L), d, f, t, &options, &offset), 1, &offset);
  return 1;
}

static int design_like(lua_State *L)
{
  size_t offset;
  lua_settop(L, 3);
  const lun_design *like = lun_arg_design(L, 1);
  const lun_table *t = lun_arg_table(L, 2);
  lun_design_options options = read_options(L, 3);
  options.intercept = like->intercept;
  lun_design *d = lun_box(L, &DESIGN);
  int at = lua_gettop(L);
  lua_getiuservalue(L, 1, 1);
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, at, 1);
  check(L, lun_design_like(lun_env_of(L), d, like, t, &options, &offset), at + 1, &offset);
  lua_settop(L, at);
  return 1;
}

static int design_x(lua_State *L)
{
  const lun_design *d = lun_arg_design(L, 1);
  lua_Integer j = luaL_checkinteger(L, 2);
  luaL_argcheck(L, j >= 1 && (lua_Unsigned)j <= d->p, 2, "no such column");
  lun_push_view(L, 1, d->x + ((size_t)j - 1) * d->n, d->n);
  return 1;
}

static int design_n(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)lun_arg_design(L, 1)->n);
  return 1;
}

static int design_p(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)lun_arg_design(L, 1)->p);
  return 1;
}

static int design_names(lua_State *L)
{
  const lun_design *d = lun_arg_design(L, 1);
  push_texts(L, d->names, d->p);
  return 1;
}

static int design_terms(lua_State *L)
{
  const lun_design *d = lun_arg_design(L, 1);
  push_texts(L, d->labels, d->n_terms);
  return 1;
}

static int design_formula(lua_State *L)
{
  lun_arg_design(L, 1);
  lua_getiuservalue(L, 1, 1);
  return 1;
}

static int design_term(lua_State *L)
{
  const lun_design *d = lun_arg_design(L, 1);
  lua_createtable(L, (int)d->p, 0);
  for (size_t j = 0; j < d->p; j++) {
    lua_pushinteger(L, (lua_Integer)(d->term[j] + 1)); /* the intercept is 0 */
    lua_rawseti(L, -2, (lua_Integer)j + 1);
  }
  return 1;
}

static int design_rows(lua_State *L)
{
  const lun_design *d = lun_arg_design(L, 1);
  int32_t *v = lun_scratch(L, d->n, sizeof *v);
  for (size_t i = 0; i < d->n; i++) v[i] = (int32_t)d->rows[i] + 1;
  lun_check(L, lun_col_coded(lun_env_of(L), lun_box_col(L), LUN_INTEGER, v, d->n, NULL));
  return 1;
}

static int design_dropped(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)lun_arg_design(L, 1)->dropped);
  return 1;
}

static int design_drops(lua_State *L)
{
  const lun_design *d = lun_arg_design(L, 1);
  lua_Integer k = 0;
  lua_newtable(L);
  for (size_t i = 0; i < d->n_drops; i++) {
    if (d->drops[i].count == 0) continue;
    lua_createtable(L, 0, 2);
    lua_pushstring(L, d->drops[i].name);
    lua_setfield(L, -2, "name");
    lua_pushinteger(L, (lua_Integer)d->drops[i].count);
    lua_setfield(L, -2, "n");
    lua_rawseti(L, -2, ++k);
  }
  return 1;
}

static int push_grouping(lua_State *L, const lun_design *d, const lun_grouping *g)
{
  lun_levels *levels = NULL;
  if (!g->code) return lua_pushnil(L), 1;
  lun_col **box = lun_box_col(L);
  lun_env *env = lun_env_of(L);
  lun_status st = lun_levels_new(env, &levels, g->names, g->n_groups);
  if (st == LUN_OK) st = lun_col_coded(env, box, LUN_FACTOR, g->code, d->n, levels);
  lun_levels_free(levels);
  lun_check(L, st);
  return 1;
}

static int design_strata(lua_State *L)
{
  const lun_design *d = lun_arg_design(L, 1);
  return push_grouping(L, d, &d->strata);
}

static int design_cluster(lua_State *L)
{
  const lun_design *d = lun_arg_design(L, 1);
  return push_grouping(L, d, &d->cluster);
}

static int design_offset(lua_State *L)
{
  const lun_design *d = lun_arg_design(L, 1);
  if (d->offset) lun_push_view(L, 1, d->offset, d->n);
  else lua_pushnil(L);
  return 1;
}

/* The coding of a term that is one categorical variable, else NULL. */
static const lun_coding *arg_categorical(lua_State *L, const lun_design *d, int arg)
{
  lua_Integer t = luaL_checkinteger(L, arg);
  luaL_argcheck(L, t >= 1 && (lua_Unsigned)t <= d->n_terms, arg, "no such term");
  const lun_term *term = &d->formula->terms[t - 1];
  const lun_coding *c = &d->codings[term->var[0]];
  return term->n == 1 && c->categorical ? c : NULL;
}

static int design_levels(lua_State *L)
{
  const lun_coding *c = arg_categorical(L, lun_arg_design(L, 1), 2);
  if (c) push_texts(L, c->levels, c->n_levels);
  else lua_pushnil(L);
  return 1;
}

static int design_factor(lua_State *L)
{
  const lun_design *d = lun_arg_design(L, 1);
  const lun_coding *c = arg_categorical(L, d, 2);
  lun_grouping g = { 0 };
  if (c) g = (lun_grouping){ .code = c->code, .names = c->levels, .n_groups = c->n_levels };
  return push_grouping(L, d, &g);
}

static const lun_reg METHODS[] = {
  { "levels", design_levels,
    "design:levels(t) -> list\nThe levels of term t when it is one categorical variable, else "
    "nil; the first is the reference." },
  { "factor", design_factor,
    "design:factor(t) -> factor\nIts level in each row used, else nil." },
  { "x", design_x, "design:x(j) -> column\nColumn j (from 1) of the model matrix." },
  { "like", design_like,
    "design:like(table[, { also, all_rows }]) -> design\nOther rows coded alike: the same columns, "
    "levels and knots, without cluster(). A level that the design does not know is an error." },
  { NULL, NULL, NULL },
};

static const lun_reg GETTERS[] = {
  { "n", design_n, "design.n\nRows used: those without a missing value." },
  { "p", design_p, "design.p\nColumns of the matrix." },
  { "names", design_names,
    "design.names\nNames of the coefficients: \"age\", \"surgery: yes\", \"ns(age, 3): 2\", "
    "\"age × surgery: yes\"." },
  { "terms", design_terms, "design.terms\nThe terms, \"age\", \"age × surgery\"." },
  { "formula", design_formula, "design.formula\nThe parsed terms." },
  { "term", design_term,
    "design.term\nFor each column the number of its term; 0 is the intercept." },
  { "rows", design_rows, "design.rows\nNumbers of the table's rows used, increasing." },
  { "dropped", design_dropped, "design.dropped\nRows left out because something is missing." },
  { "drops", design_drops,
    "design.drops\nA list of { name, n }: missing values of each variable that has some. A row may "
    "count in several." },
  { "strata", design_strata,
    "design.strata\nThe cells of strata() on the rows used, a factor, or nil." },
  { "cluster", design_cluster,
    "design.cluster\nThe groups of cluster() on the rows used, or nil." },
  { "offset", design_offset,
    "design.offset\nThe sum of the offset() terms on the rows used, or nil." },
  { NULL, NULL, NULL },
};

static const lun_class DESIGN = {
  .name = "lunation.design",
  .doc = "The model matrix of terms over a table.",
  .size = sizeof(lun_design),
  .free = design_free,
  .methods = METHODS,
  .getters = GETTERS,
  .uservalues = 1, /* the formula */
};

static const lun_reg FUNCTIONS[] = {
  { "parse", design_parse,
    "design.parse(text) -> formula\nParses [response ~] terms in R's notation: a + b, a:b, a*b, "
    "log2(x), I(x/10), factor(x), ns(x, 3), rcs(x, {35, 50, 65}), strata(x, y), cluster(id), "
    "offset(x). An error carries excerpt and column." },
  { "new", design_new,
    "design.new(terms, table[, { intercept, also, all_rows, tt }]) -> design\nThe model matrix of the terms (a "
    "text "
    "or a formula). also: { { name, column }, ... } that must not be missing either. Factors enter "
    "by "
    "treatment contrasts with the first level that occurs as reference. all_rows: every row of the "
    "table keeps its place, missing where something is missing, and levels without rows keep their "
    "column, for models that leave rows out themselves. tt: tt(x) enters as x; otherwise it is an "
    "error." },
  { NULL, NULL, NULL },
};

int lun_open_design(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  lun_class_open(L, &DESIGN);
  lua_setfield(L, -2, "class");
  return 1;
}
