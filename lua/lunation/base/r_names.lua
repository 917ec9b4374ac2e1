-- SPDX-License-Identifier: GPL-3.0-or-later
-- r_names: what to write here for names that R's users know.
return {
  coxph = 'endpoint:cox("x + strata(s)")', survfit = 'endpoint:km { by = "g" }',
  survdiff = 'endpoint:logrank { by = "g" }', pairwise_survdiff = 'endpoint:pairwise { by = "g" }',
  Surv = 'cohort:survival { time = "t", event = "d", is = 1 }',
  crr = 'endpoint:finegray("x", { cause = "..." })', rmst2 = "endpoint:rmst { tau = 24 }",
  tmerge = 'endpoint:split("column")', basehaz = "model:curve {}", confint = "model.ci",
  coefficients = "model.coef (logarithms) or model.hr", anova = "larger:compare(smaller)",
  subset = 'cohort:where("age > 60", "label")', filter = 'cohort:where("age > 60", "label")',
  mutate = 'cohort:derive("name", "expression")', transform = 'cohort:derive("name", "expression")',
  glm = 'cohort:logistic("y ~ x")', lm = 'cohort:linear("y ~ x")',
  CreateTableOne = 'cohort:table1 { columns = { ... }, by = "g" }',
  tbl_summary = 'cohort:table1 { columns = { ... }, by = "g" }',
  weightit = 'cohort:weights("g ~ x")', ggsurvplot = "lun.figure.km(km)",
  forestplot = "lun.figure.forest { ... }", ggforest = "lun.figure.forest { ... }",
  library = 'require "lunation", which has everything', read_csv = "lun.read(path, { key = ... })",
  c = "{ 1, 2, 3 }", mean = "column:mean()", median = "column:median()", sd = "column:sd()",
  length = "#x", nrow = "#cohort", colnames = "cohort:names()", paste = "a .. b",
  ifelse = "if(condition, a, b) in an expression", summary = "print(x)", str = "print(x)",
  lapply = "for _, x in ipairs(list) do ... end", sapply = "for _, x in ipairs(list) do ... end",
}
