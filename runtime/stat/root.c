/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/root.h"

#include <float.h>
#include <math.h>

/* b is the best point, a the one before, c lies on the other side of the zero. */
typedef struct bracket {
  double a, b, c, fa, fb, fc;
} bracket;

/* Secant or inverse quadratic step from b when it falls well inside the bracket, else bisection. */
static double step_from(const bracket *s, double last, double tolerance)
{
  double cb = s->c - s->b, p, q;
  if (!(fabs(last) >= tolerance && fabs(s->fa) > fabs(s->fb))) return cb / 2;
  double t = s->fb / s->fa;
  if (s->a == s->c) {
    p = cb * t;
    q = 1 - t;
  } else {
    double u = s->fa / s->fc, v = s->fb / s->fc;
    p = t * (cb * u * (u - v) - (s->b - s->a) * (v - 1));
    q = (u - 1) * (v - 1) * (t - 1);
  }
  if (p > 0) q = -q;
  else p = -p;
  int inside = p < 0.75 * cb * q - fabs(tolerance * q) / 2 && p < fabs(last * q / 2);
  return inside ? p / q : cb / 2;
}

double lun_root(lun_root_fn f, const void *ctx, double lo, double hi, double tolerance)
{
  bracket s = { lo, hi, lo, f(lo, ctx), f(hi, ctx), 0 };
  s.fc = s.fa;
  if (s.fa == 0) return lo;
  if ((s.fa > 0) == (s.fb > 0)) return fabs(s.fa) < fabs(s.fb) ? lo : hi;
  for (int i = 0; i < 1000; i++) {
    double last = s.b - s.a;
    if (fabs(s.fc) < fabs(s.fb)) s = (bracket){ s.b, s.c, s.b, s.fb, s.fc, s.fb };
    double enough = 2 * DBL_EPSILON * fabs(s.b) + tolerance / 2 + DBL_MIN;
    if (fabs(s.c - s.b) / 2 <= enough || s.fb == 0) break;
    double step = step_from(&s, last, enough);
    if (fabs(step) < enough) step = copysign(enough, step);
    s.a = s.b, s.fa = s.fb;
    s.b += step;
    s.fb = f(s.b, ctx);
    if ((s.fb > 0) == (s.fc > 0)) s.c = s.a, s.fc = s.fa;
  }
  return s.b;
}
