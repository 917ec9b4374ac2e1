/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/concord.h"

#include <math.h>
#include <string.h>

#include "base/order.h"

const char *const LUN_CONCORD_WEIGHTS[] = { "n", "S", "S/G", "n/G2", "I", NULL };

/* --- sums of weights by rank of the marker (Fenwick 1994) ------------------------------------- */

typedef struct tree {
  double *node; /* size + 1 */
  size_t size;
} tree;

static void tree_add(tree *t, size_t rank, double w)
{
  for (size_t i = rank + 1; i <= t->size; i += i & (~i + 1)) t->node[i] += w;
}

/* Weight of ranks below `rank`. */
static double tree_below(const tree *t, size_t rank)
{
  double sum = 0;
  for (size_t i = rank; i > 0; i -= i & (~i + 1)) sum += t->node[i];
  return sum;
}

typedef struct split {
  double below, same, above;
} split;

static split tree_split(const tree *t, size_t rank, double total)
{
  split s = { .below = tree_below(t, rank) };
  s.same = tree_below(t, rank + 1) - s.below;
  s.above = total - s.below - s.same;
  return s;
}

/* --- one stratum ------------------------------------------------------------------------------ */

/* The rows that take part, in the order of time; deaths before censorings at equal times. */
typedef struct walk {
  const lun_concord_input *in;
  const lun_concord_options *options;
  size_t *by_stop, *by_start; /* of all rows */
  size_t *rank;      /* of the marker, by row */
  double *influence; /* 3 for each row: derivatives of concordant, discordant and tied counts */
  double *factor;    /* weight of the pairs of a death, by row */
  double *same;      /* weight of later rows with a death's marker, by row */
  tree tree;
  lun_concord *out;
} walk;

static double weight(const walk *w, size_t row)
{
  return w->in->weights ? w->in->weights[row] : 1;
}

static int counts(const walk *w, size_t row)
{
  return w->in->event[row] && (w->options->until <= 0 || w->in->stop[row] <= w->options->until);
}

static void add_influence(walk *w, size_t row, const split *s, double factor)
{
  double *to = w->influence + 3 * row;
  to[0] += factor * s->below;
  to[1] += factor * s->above;
  to[2] += factor * s->same;
}

/* Pair weight of each death, forward in time: S and G are those just before. */
static void weigh_deaths(walk *w, const size_t *rows, const size_t *entry, size_t n)
{
  double surv = 1, censor = 1, at_risk = 0, all = 0;
  size_t entered = 0;
  for (size_t i = 0; i < n; i++) all += weight(w, rows[i]);
  if (!entry) at_risk = all;
  for (size_t i = 0, end; i < n; i = end) {
    double t = w->in->stop[rows[i]], dead = 0, gone = 0;
    for (; entry && entered < n && w->in->start[entry[entered]] < t; entered++)
      at_risk += weight(w, entry[entered]);
    for (end = i; end < n && w->in->stop[rows[end]] == t; end++)
      *(w->in->event[rows[end]] ? &dead : &gone) += weight(w, rows[end]);
    double factor = 1;
    switch (w->options->weight) {
    case LUN_CONCORD_N: break;
    case LUN_CONCORD_S: factor = all * surv / at_risk; break;
    case LUN_CONCORD_S_OVER_G: factor = all * surv / (censor * at_risk); break;
    case LUN_CONCORD_N_OVER_G2: factor = 1 / (censor * censor); break;
    case LUN_CONCORD_I: factor = 1 / at_risk; break;
    }
    for (size_t k = i; k < end; k++) w->factor[rows[k]] = factor;
    surv *= 1 - dead / at_risk;
    if (at_risk > dead) censor *= 1 - gone / (at_risk - dead);
    at_risk -= dead + gone;
  }
}

/* Deaths rows[from..to) tied in time enter the tree; their pairs say nothing about order, and are
 * counted by equal marker or not. same: weight of the rank in the tree before them, by row. */
static double add_deaths(walk *w, const size_t *rows, size_t from, size_t to)
{
  double added = 0;
  for (size_t i = from; i < to; i++) {
    size_t row = rows[i], rank = w->rank[row];
    if (!w->in->event[row]) continue;
    if (counts(w, row) && added > 0) {
      double both = tree_below(&w->tree, rank + 1) - tree_below(&w->tree, rank) - w->same[row];
      w->out->tied_both += weight(w, row) * w->factor[row] * both;
      w->out->tied_time += weight(w, row) * w->factor[row] * (added - both);
    }
    tree_add(&w->tree, rank, weight(w, row));
    added += weight(w, row);
  }
  return added;
}

/* Backward in time: each death against the rows still at risk after it. */
static void count_deaths(walk *w, const size_t *rows, const size_t *entry, size_t n)
{
  double total = 0;
  size_t entered = n;
  memset(w->tree.node, 0, (w->tree.size + 1) * sizeof *w->tree.node);
  for (size_t end = n, first; end > 0; end = first) {
    double t = w->in->stop[rows[end - 1]];

    for (first = end; first > 0 && w->in->stop[rows[first - 1]] == t; first--) {
      if (w->in->event[rows[first - 1]]) continue;
      tree_add(&w->tree, w->rank[rows[first - 1]], weight(w, rows[first - 1]));
      total += weight(w, rows[first - 1]);
    }

    for (; entry && entered > 0 && w->in->start[entry[entered - 1]] >= t; entered--) {
      tree_add(&w->tree, w->rank[entry[entered - 1]], -weight(w, entry[entered - 1]));
      total -= weight(w, entry[entered - 1]);
    }
    for (size_t i = first; i < end; i++) {
      size_t row = rows[i];
      if (!counts(w, row)) continue;
      split s = tree_split(&w->tree, w->rank[row], total);
      double pair = weight(w, row) * w->factor[row];
      w->out->concordant += pair * s.below;
      w->out->discordant += pair * s.above;
      w->out->tied_marker += pair * s.same;
      w->same[row] = s.same;
      add_influence(w, row, &s, w->factor[row]);
    }
    total += add_deaths(w, rows, first, end);
  }
}

/* What the deaths before it mean for a row: it is the survivor of those pairs, so that a death with
 * a larger marker is concordant. sign -1 at entry, 1 at exit. */
static void add_survivor(walk *w, size_t row, double total, double sign)
{
  split s = tree_split(&w->tree, w->rank[row], total);
  split turned = { s.above, s.same, s.below };
  add_influence(w, row, &turned, sign);
}

/* Forward in time: each row against the deaths that it survived while at risk. */
static void count_survivors(walk *w, const size_t *rows, const size_t *entry, size_t n)
{
  double total = 0;
  size_t entered = 0;
  memset(w->tree.node, 0, (w->tree.size + 1) * sizeof *w->tree.node);
  for (size_t i = 0, end; i < n; i = end) {
    double t = w->in->stop[rows[i]];
    for (; entry && entered < n && w->in->start[entry[entered]] < t; entered++)
      add_survivor(w, entry[entered], total, -1);
    for (end = i; end < n && w->in->stop[rows[end]] == t; end++)
      if (w->in->event[rows[end]]) add_survivor(w, rows[end], total, 1);
    for (size_t k = i; k < end; k++) {
      if (!counts(w, rows[k])) continue;
      tree_add(&w->tree, w->rank[rows[k]], weight(w, rows[k]) * w->factor[rows[k]]);
      total += weight(w, rows[k]) * w->factor[rows[k]];
    }
    for (size_t k = i; k < end; k++)
      if (!w->in->event[rows[k]]) add_survivor(w, rows[k], total, 1);
  }
}

/* --- all strata ------------------------------------------------------------------------------- */

static int takes_part(const lun_concord_input *in, size_t i)
{
  return !isnan(in->marker[i]) && (!in->strata || in->strata[i] >= 0) &&
         (!in->weights || in->weights[i] > 0) && (!in->cluster || in->cluster[i] >= 0);
}

/* Rows that take part, by stratum and then in the given order; first[s] .. first[s + 1]. */
static void group_rows(const lun_concord_input *in, const size_t *order, size_t *first,
                       size_t strata, size_t *rows)
{
  memset(first, 0, (strata + 2) * sizeof *first);
  for (size_t i = 0; i < in->n; i++)
    if (takes_part(in, i)) first[(in->strata ? in->strata[i] : 0) + 2]++;
  for (size_t s = 0; s < strata; s++) first[s + 2] += first[s + 1];
  for (size_t i = 0; i < in->n; i++)
    if (takes_part(in, order[i]))
      rows[first[(in->strata ? in->strata[order[i]] : 0) + 1]++] = order[i];
}

static lun_status rank_markers(walk *w, lun_pool *work)
{
  const double *x = w->in->marker;
  size_t *order = LUN_NEW(work, size_t, w->in->n), rank = 0;
  if (!order) return LUN_ENOMEM;
  lun_status st = lun_order_doubles(work->env, order, x, w->in->n);
  for (size_t i = 0; st == LUN_OK && i < w->in->n; i++) {
    if (i > 0 && x[order[i]] != x[order[i - 1]]) rank++;
    w->rank[order[i]] = rank;
  }
  w->tree.size = rank + 1;
  return st;
}

/* The estimate and its derivatives by the weights of the rows. */
static void estimate(walk *w)
{
  lun_concord *c = w->out;
  double pairs = c->concordant + c->discordant + c->tied_marker;
  double difference = (c->concordant - c->discordant) / pairs;
  c->estimate = (difference + 1) / 2;
  for (size_t i = 0; i < w->in->n; i++) {
    const double *d = w->influence + 3 * i;
    if (!takes_part(w->in, i)) continue;
    double change = (d[0] - d[1] - difference * (d[0] + d[1] + d[2])) / pairs / 2;
    c->influence[w->in->cluster ? (size_t)w->in->cluster[i] : i] += weight(w, i) * change;
    c->rows++;
  }
  for (size_t i = 0; i < c->clusters; i++) c->variance += c->influence[i] * c->influence[i];
  c->se = sqrt(c->variance);
}

static lun_status reserve(walk *w, lun_pool *work, size_t strata, size_t **first, size_t **rows)
{
  size_t n = w->in->n;
  w->by_stop = LUN_NEW(work, size_t, n);
  w->by_start = LUN_NEW(work, size_t, w->in->start ? n : 0);
  w->rank = LUN_NEW(work, size_t, n);
  w->influence = LUN_NEW(work, double, 3 * n);
  w->factor = LUN_NEW(work, double, 2 * n);
  w->same = w->factor + n;
  w->tree.node = LUN_NEW(work, double, n + 2);
  *first = LUN_NEW(work, size_t, 2 * (strata + 2));
  *rows = LUN_NEW(work, size_t, 2 * n);
  w->out->influence = LUN_NEW(&w->out->pool, double, w->out->clusters);
  return w->by_stop && w->by_start && w->rank && w->influence && w->factor && w->tree.node &&
                 *first && *rows && w->out->influence
             ? LUN_OK
             : LUN_ENOMEM;
}

lun_status lun_concord_init(lun_env *env, lun_concord *out, const lun_concord_input *in,
                            const lun_concord_options *options)
{
  lun_pool work;
  lun_status st;
  size_t strata = 1, *first, *rows;
  walk w = { .in = in, .options = options, .out = out };
  memset(out, 0, sizeof *out);
  lun_pool_init(&out->pool, env);
  lun_pool_init(&work, env);
  out->clusters = in->cluster ? in->clusters : in->n;
  for (size_t i = 0; in->strata && i < in->n; i++)
    if (in->strata[i] >= (int32_t)strata) strata = (size_t)in->strata[i] + 1;
  if ((st = reserve(&w, &work, strata, &first, &rows)) != LUN_OK) goto done;
  if ((st = rank_markers(&w, &work)) != LUN_OK) goto done;
  if ((st = lun_order_doubles(env, w.by_stop, in->stop, in->n)) != LUN_OK) goto done;
  if (in->start && (st = lun_order_doubles(env, w.by_start, in->start, in->n)) != LUN_OK) goto done;
  group_rows(in, w.by_stop, first, strata, rows);
  if (in->start) group_rows(in, w.by_start, first + strata + 2, strata, rows + in->n);
  for (size_t s = 0; s < strata; s++) {
    size_t *mine = rows + first[s], *entry = in->start ? rows + in->n + first[s] : NULL,
           n = first[s + 1] - first[s];
    weigh_deaths(&w, mine, entry, n);
    count_deaths(&w, mine, entry, n);
    count_survivors(&w, mine, entry, n);
  }
  if (!(out->concordant + out->discordant + out->tied_marker > 0))
    st = lun_fail(
        env, LUN_EDATA,
        "[data.no-pairs] no two rows can be compared: no event is followed by another row");
  else estimate(&w);
done:
  lun_pool_fini(&work);
  if (st != LUN_OK) lun_concord_fini(out);
  return st;
}

void lun_concord_fini(lun_concord *c)
{
  if (c->pool.env) lun_pool_fini(&c->pool);
  memset(c, 0, sizeof *c);
}

double lun_concord_gonen_heller(const double *linear, size_t n)
{
  double sum = 0, rows = 0;
  for (size_t i = 0; i < n; i++) {
    double part = 0;
    if (isnan(linear[i])) continue;
    for (size_t j = 0; j < i; j++) {
      if (isnan(linear[j]) || linear[j] == linear[i]) continue;
      part += 1 / (1 + exp(-fabs(linear[i] - linear[j])));
    }
    sum += part;
    rows++;
  }
  return rows > 1 ? 2 * sum / (rows * (rows - 1)) : NAN;
}
