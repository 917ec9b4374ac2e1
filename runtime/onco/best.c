/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "onco/best.h"

static int is_response(int r)
{
  return r == LUN_RESP_CR || r == LUN_RESP_PR;
}

/* Visits up to and including the first PD. */
static int until_pd(const int8_t *response, int n)
{
  for (int i = 0; i < n; i++) {
    if (response[i] == LUN_RESP_NONE) return i;
    if (response[i] == LUN_RESP_PD) return i + 1;
  }
  return n;
}

/* The visit at which disease is back after a CR, which then is PD; n when it is not. */
static int back_after_cr(const int8_t *response, int n)
{
  int cr = 0;
  for (int i = 0; i < n; i++) {
    if (cr && (response[i] == LUN_RESP_PR || response[i] == LUN_RESP_SD)) return i;
    cr |= response[i] == LUN_RESP_CR;
  }
  return n;
}

/* Whether the response at i is confirmed by a later one: a CR by a CR, a PR by a PR or CR. */
static int confirmed_at(const int32_t *day, const int8_t *response, int n, int i,
                        const lun_best_rule *rule)
{
  int ne = 0, sd = 0, cr = response[i] == LUN_RESP_CR;
  for (int k = i + 1; k < n; k++) {
    int r = response[k];
    if (r == LUN_RESP_NE) ne++;
    else if (r == LUN_RESP_SD && !cr) sd++;
    else if (r != LUN_RESP_CR && (r != LUN_RESP_PR || cr)) return 0;
    if (ne > rule->max_ne || sd > rule->accept_sd) return 0;
    if (is_response(r) && day[k] - day[i] >= rule->confirm_days) return 1;
  }
  return 0;
}

/* Some visit at the minimum day or later whose response is one of the set (bits). */
static int seen_late(const int32_t *day, const int8_t *response, int n, unsigned set, int min_days)
{
  for (int i = 0; i < n; i++)
    if (day[i] >= min_days && (set >> response[i] & 1)) return 1;
  return 0;
}

/* What remains when there is no (confirmed) response: SD, NON-CR/NON-PD, NED, PD or NE. */
static lun_response otherwise(const int32_t *day, const int8_t *response, int n, int pd,
                              int min_days)
{
  static const struct {
    unsigned set;
    lun_response then;
  } rows[] = {
    { 1u << LUN_RESP_CR | 1u << LUN_RESP_PR | 1u << LUN_RESP_SD, LUN_RESP_SD },
    { 1u << LUN_RESP_NN, LUN_RESP_NN },
    { 1u << LUN_RESP_NED, LUN_RESP_NED },
  };
  for (int i = 0; i < 3; i++)
    if (seen_late(day, response, n, rows[i].set, min_days)) return rows[i].then;
  return pd ? LUN_RESP_PD : LUN_RESP_NE;
}

lun_best lun_best_of(const int32_t *day, const int8_t *response, int n, const lun_best_rule *rule)
{
  lun_best b = { LUN_RESP_NE, LUN_RESP_NE, LUN_BEST_NONE, LUN_BEST_NONE, until_pd(response, n) };
  n = b.last;
  int pd = n > 0 && response[n - 1] == LUN_RESP_PD, kept = back_after_cr(response, n);
  int best = LUN_RESP_SD, confirmed = LUN_RESP_SD;
  for (int i = 0; i < n; i++) {
    if (!is_response(response[i])) continue;
    if (b.first < 0) b.first = i;
    if (response[i] < best) best = response[i];
    if (i >= kept || !confirmed_at(day, response, kept, i, rule)) continue;
    if (b.first_confirmed < 0) b.first_confirmed = i;
    if (response[i] < confirmed) confirmed = response[i];
  }
  b.best =
      is_response(best) ? (lun_response)best : otherwise(day, response, n, pd, rule->min_sd_days);
  b.confirmed = is_response(confirmed)
                    ? (lun_response)confirmed
                    : otherwise(day, response, kept, pd || kept < n, rule->min_sd_days);
  return b;
}

lun_iresponse lun_best_irecist(const int32_t *day, const int8_t *response, int n, int min_sd_days)
{
  static const int8_t order[] = { LUN_IRESP_CR,  LUN_IRESP_PR,  LUN_IRESP_SD, LUN_IRESP_NN,
                                  LUN_IRESP_NED, LUN_IRESP_CPD, LUN_IRESP_UPD };
  for (size_t k = 0; k < sizeof order; k++) {
    int from = order[k] == LUN_IRESP_SD || order[k] == LUN_IRESP_NN || order[k] == LUN_IRESP_NED
                   ? min_sd_days
                   : INT32_MIN;
    for (int i = 0; i < n; i++)
      if (response[i] == order[k] && day[i] >= from) return order[k];
  }
  return LUN_IRESP_NE;
}
