/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/newton.h"

#include <math.h>
#include <string.h>

#include "base/pool.h"
#include "stat/linalg.h"

enum { MAX_HALVINGS = 60 };
static const double EXACT = 1e-20, NEARLY_EXACT = 1e-10;
/* The information changes by about twice the ratio of two decrements over the last step: with these
 * it would be the same to 1e-10 after a step of 1e-8 standard errors. */
static const double SMALL = 1e-16, QUADRATIC = 1e-10;
/* A step of d standard errors, well within where steps square, leaves about d^2. */
static const double LAST_STEP = 1e-11, SQUARING = 1e-4;
/* At a maximum a step is 1e-8 standard errors or less: one of this many errors of the start is on its
 * way to infinity, where the information has vanished. */
static const double RUNAWAY = 1e-3;

static const char RISING[] =
    "the likelihood keeps rising as a coefficient runs to infinity (monotone likelihood)";

typedef struct search {
  const lun_newton_problem *problem;
  lun_newton *out;
  double *factor, *scale, *step, *last_step, *trial;
  double *unit; /* root of the information at the start */
  double decrement, last_decrement, change;
  int point_only;
} search;

static int is_free(const lun_newton *out, size_t j)
{
  return out->status[j] == LUN_NEWTON_FINITE;
}

/* Parameters that take no part lose their row and column. */
static void hold(const lun_newton *out, double *a, double *gradient, size_t p)
{
  for (size_t j = 0; j < p; j++) {
    if (is_free(out, j)) continue;
    for (size_t k = 0; k < p; k++) a[j * p + k] = a[k * p + j] = 0;
    gradient[j] = 0;
  }
}

/* A parameter so far out that its information is 0 goes half its last step back when the gradient
 * points there, or on as before when it still leads away. */
static void step_blindly(search *s)
{
  size_t p = s->problem->p;
  for (size_t j = 0; j < p; j++) {
    if (s->factor[j * p + j] > 0 || !is_free(s->out, j)) continue;
    s->step[j] = s->out->gradient[j] * s->last_step[j] < 0 ? -s->last_step[j] / 2 : s->last_step[j];
  }
}

/* Derivatives at out->x and the Newton step from there. */
static void find_step(search *s, int first)
{
  lun_newton *out = s->out;
  size_t p = s->problem->p;
  s->problem->derivatives(s->problem->ctx, out->gradient, out->information, s->scale);
  memcpy(s->factor, out->information, p * p * sizeof *s->factor);
  memcpy(s->last_step, s->step, p * sizeof *s->step);
  memcpy(s->step, out->gradient, p * sizeof *s->step);
  hold(out, s->factor, s->step, p);
  lun_ldl_factor(s->factor, p, first ? s->scale : NULL, first ? LUN_LDL_TOLERANCE : 0);
  for (size_t j = 0; first && j < p; j++) {
    s->unit[j] = sqrt(fmax(0, out->information[j * p + j]));
    if (s->factor[j * p + j] <= 0 && is_free(out, j)) out->status[j] = LUN_NEWTON_ALIASED;
    out->rank += is_free(out, j);
  }
  lun_ldl_solve(s->factor, p, s->step);
  if (!first) step_blindly(s);
  s->last_decrement = s->decrement;
  s->decrement = 0;
  for (size_t j = 0; j < p; j++)
    if (is_free(out, j)) s->decrement += out->gradient[j] * s->step[j];
}

/* Parameters whose steps do not shrink although the likelihood no longer changes. */
static int find_infinite(search *s)
{
  int found = 0;
  for (size_t j = 0; j < s->problem->p; j++) {
    double step = s->step[j], last = s->last_step[j];
    if (!is_free(s->out, j) || step * last <= 0) continue;
    if (fabs(step) < 0.5 * fabs(last) || fabs(step) < 1e-4 * fabs(s->out->x[j])) continue;
    s->out->status[j] = LUN_NEWTON_INFINITE;
    found = 1;
  }
  return found;
}

/* Parameters that are still under way although there is nothing left to gain. */
static int find_runaway(search *s)
{
  int found = 0;
  for (size_t j = 0; j < s->problem->p; j++) {
    if (!is_free(s->out, j) || fabs(s->step[j]) * s->unit[j] < RUNAWAY) continue;
    s->out->status[j] = LUN_NEWTON_INFINITE;
    found = 1;
  }
  return found;
}

/* What a change of the log-likelihood is compared with; some log-likelihoods have the limit 0. */
static double size_of(const lun_newton *out, double value)
{
  double size = fmax(fabs(value), 0.1 * fabs(out->loglik_start));
  return size > 0 ? size : 1;
}

/* Moves along the step, halved until the likelihood is finite and no lower. */
static int move(search *s)
{
  lun_newton *out = s->out;
  size_t p = s->problem->p;
  double value = 0, slack = 1e-13 * (1 + fabs(out->loglik));
  for (int half = 0; half < MAX_HALVINGS; half++) {
    for (size_t j = 0; j < p; j++) s->trial[j] = out->x[j] + s->step[j];
    if (s->problem->value(s->problem->ctx, s->trial, &value) && value >= out->loglik - slack) {
      s->change = fabs(value - out->loglik) / size_of(out, value);
      out->loglik = value;
      memcpy(out->x, s->trial, p * sizeof *s->trial);
      return 1;
    }
    for (size_t j = 0; j < p; j++) s->step[j] /= 2;
  }
  s->problem->value(s->problem->ctx, out->x, &value);
  return 0;
}

/* After find_step: is x the maximum? */
static int at_maximum(search *s, double tolerance)
{
  if (s->decrement <= EXACT) return 1;
  if (s->decrement <= SMALL && s->decrement <= QUADRATIC * s->last_decrement) return 1;
  if (s->point_only && s->decrement <= LAST_STEP && s->decrement <= SQUARING * s->last_decrement)
    return 1;
  if (s->change > tolerance) return 0;
  return s->decrement <= NEARLY_EXACT && s->decrement > 0.25 * s->last_decrement;
}

/* One more step costs nothing. */
static void arrive(search *s)
{
  lun_newton *out = s->out;
  out->converged = 1;
  if (find_runaway(s)) out->why = RISING;
  else for (size_t j = 0; j < s->problem->p; j++) out->x[j] += s->step[j];
}

static void iterate(search *s, int max_iterations, double tolerance)
{
  lun_newton *out = s->out;
  s->change = INFINITY;
  find_step(s, 1);
  out->decrement_start = s->decrement;
  for (;;) {
    if (at_maximum(s, tolerance)) {
      arrive(s);
      return;
    }
    if (s->change <= tolerance && find_infinite(s)) {
      out->converged = 1;
      out->why = RISING;
      return;
    }
    if (out->iterations == max_iterations) {
      out->why = "the iterations ran out before the likelihood stopped changing";
      return;
    }
    if (!move(s)) {
      out->converged = s->decrement <= NEARLY_EXACT;
      if (!out->converged)
        out->why = "no step raises the likelihood any further, but its gradient is not zero";
      return;
    }
    out->iterations++;
    find_step(s, 0);
  }
}

lun_status lun_newton_maximise(lun_env *env, lun_newton *out, const lun_newton_problem *problem,
                               const lun_newton_options *options)
{
  size_t p = problem->p;
  lun_status st = LUN_ENOMEM;
  search s = { .problem = problem, .out = out, .point_only = options->point_only };
  lun_pool work;
  lun_pool_init(&work, env);
  out->rank = 0;
  out->iterations = out->converged = 0;
  out->why = "";
  for (size_t j = 0; j < p; j++)
    out->status[j] = options->held && options->held[j] ? LUN_NEWTON_HELD : LUN_NEWTON_FINITE;
  s.factor = LUN_NEW(&work, double, p * p);
  s.scale = LUN_NEW(&work, double, 5 * p);
  if (!s.factor || !s.scale) goto done;
  s.step = s.scale + p;
  s.last_step = s.step + p;
  s.trial = s.last_step + p;
  s.unit = s.trial + p;
  st = LUN_OK;
  if (!problem->value(problem->ctx, out->x, &out->loglik)) {
    if ((st = lun_env_check(env)) != LUN_OK) goto done;
    st = lun_fail(env, LUN_EDATA,
                  "[numeric.start] the likelihood cannot be evaluated at its start: check the "
                  "scale of offset and weights");
    goto done;
  }
  out->loglik_start = out->loglik;
  iterate(&s, options->max_iterations ? options->max_iterations : 50,
          options->tolerance > 0 ? options->tolerance : 1e-9);
  st = lun_env_check(env);
done:
  lun_pool_fini(&work);
  return st;
}
