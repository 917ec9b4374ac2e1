/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * liver: scores of liver function and stage. Missing input (NaN) gives a missing score: NaN or -1.
 */
#ifndef LUN_LIVER_H
#define LUN_LIVER_H

/* Bilirubin is compared as it is given, without rounding. */
typedef struct lun_child_pugh_input {
  double bilirubin_mg_dl, albumin_g_dl, inr;
  int ascites;        /* 0 none, 1 mild, 2 moderate to severe; -1 missing */
  int encephalopathy; /* grade 0 to 4; -1 missing */
} lun_child_pugh_input;

/* 5 to 15 points; class A to 6, B to 9, C above. R. N. Pugh et al., Br J Surg 1973;60:646, with INR
 * 1.7 and 2.3 for the prothrombin time. -1 when anything is missing. */
int lun_liver_child_pugh(const lun_child_pugh_input *in);

/* 0.66 log10(bilirubin in umol/L) - 0.085 (albumin in g/L). P. J. Johnson et al., J Clin Oncol
 * 2015;33:550. NaN when missing or bilirubin is not positive. */
double lun_liver_albi(double bilirubin_umol_l, double albumin_g_l);

/* Grades 1 (to -2.60), 2 (to -1.39), 3; modified: 1, 2 (2a, to -2.27), 3 (2b), 4 (3): T. Hiraoka et
 * al., Liver Cancer 2019;8:121. -1 for NaN. */
int lun_liver_albi_grade(double albi);
int lun_liver_malbi_grade(double albi);

typedef struct lun_bclc_input {
  int nodules; /* 1, 2, ...; -1 missing */
  double largest_mm;
  int invasion, extrahepatic; /* 0 or 1; -1 missing */
  int ecog;                   /* 0 to 4; -1 missing */
  int end_stage;              /* end-stage liver function: 0 or 1; -1 missing */
} lun_bclc_input;

/* Stage as a letter of 0ABCD, or '?' when it cannot be decided. M. Reig et al., J Hepatol
 * 2022;76:681 (BCLC 2022). D and C are decided as soon as one criterion is met. */
char lun_liver_bclc(const lun_bclc_input *in);

#endif
