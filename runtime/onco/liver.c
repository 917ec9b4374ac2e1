/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "onco/liver.h"

#include <math.h>

/* 1, 2 or 3 points: below low, up to and including high, above it. */
static int points(double x, double low, double high)
{
  return x < low ? 1 : x <= high ? 2 : 3;
}

int lun_liver_child_pugh(const lun_child_pugh_input *in)
{
  if (isnan(in->bilirubin_mg_dl) || isnan(in->albumin_g_dl) || isnan(in->inr)) return -1;
  if (in->ascites < 0 || in->encephalopathy < 0) return -1;
  int albumin = in->albumin_g_dl > 3.5 ? 1 : in->albumin_g_dl >= 2.8 ? 2 : 3;
  int encephalopathy = in->encephalopathy == 0 ? 1 : in->encephalopathy <= 2 ? 2 : 3;
  return points(in->bilirubin_mg_dl, 2, 3) + albumin + points(in->inr, 1.7, 2.3) + in->ascites + 1 +
         encephalopathy;
}

double lun_liver_albi(double bilirubin_umol_l, double albumin_g_l)
{
  if (!(bilirubin_umol_l > 0)) return NAN;
  return 0.66 * log10(bilirubin_umol_l) - 0.085 * albumin_g_l;
}

int lun_liver_albi_grade(double albi)
{
  if (isnan(albi)) return -1;
  return albi <= -2.60 ? 1 : albi <= -1.39 ? 2 : 3;
}

int lun_liver_malbi_grade(double albi)
{
  if (isnan(albi)) return -1;
  return albi <= -2.60 ? 1 : albi <= -2.27 ? 2 : albi <= -1.39 ? 3 : 4;
}

char lun_liver_bclc(const lun_bclc_input *in)
{
  if (in->end_stage == 1 || in->ecog >= 3) return 'D';
  if (in->end_stage < 0 || in->ecog < 0) return '?';
  if (in->invasion == 1 || in->extrahepatic == 1 || in->ecog >= 1) return 'C';
  if (in->invasion < 0 || in->extrahepatic < 0 || in->nodules < 1) return '?';
  if (in->nodules > 3) return 'B';
  if (in->nodules == 1) return isnan(in->largest_mm) ? '?' : in->largest_mm <= 20 ? '0' : 'A';
  return isnan(in->largest_mm) ? '?' : in->largest_mm <= 30 ? 'A' : 'B';
}
