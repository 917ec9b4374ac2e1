# SPDX-License-Identifier: GPL-3.0-or-later
# Rscript tests/bench/study160.R PATIENTS.csv DIR: what recipes/study160.yaml does, with survival and base graphics.
suppressPackageStartupMessages(library(survival))
args <- commandArgs(TRUE)
dir.create(args[2], FALSE)
d <- read.csv(args[1], na.strings = "")
for (v in c("arm", "sex", "ecog", "stage", "prior")) d[[v]] <- factor(d[[v]])
sink(file.path(args[2], "report.txt"))

for (v in c("age", "marker", "size")) {
  print(tapply(d[[v]], d$arm, summary))
  print(wilcox.test(d[[v]] ~ d$arm, exact = FALSE)$p.value)
}
for (v in c("sex", "ecog", "stage", "prior")) {
  counts <- table(d[[v]], d$arm)
  print(counts)
  print(suppressWarnings(chisq.test(counts))$p.value)
}

draw <- function(name, fit, groups) {
  svg(file.path(args[2], name), 7, 5.5)
  par(mar = c(8, 5, 1, 1))
  plot(fit, col = 1:2, mark.time = TRUE, conf.int = TRUE, xlab = "Days", ylab = "Survival")
  legend("topright", groups, col = 1:2, lwd = 2)
  at <- pretty(c(0, max(d$time)))
  s <- summary(fit, times = at, extend = TRUE)
  for (k in 1:2) mtext(s$n.risk[as.integer(s$strata) == k], 1, line = 3 + k, at = at, cex = 0.8)
  dev.off()
}
arms <- survfit(Surv(time, event) ~ arm, d, conf.type = "log-log")
print(arms)
print(summary(arms, times = c(180, 365, 730), extend = TRUE))
print(survdiff(Surv(time, event) ~ arm, d))
print(summary(coxph(Surv(time, event) ~ arm, d)))
draw("arms.svg", arms, levels(d$arm))

for (v in c("arm", "age", "sex", "ecog", "stage", "marker", "size", "prior"))
  print(summary(coxph(reformulate(v, "Surv(time, event)"), d)))
m <- coxph(Surv(time, event) ~ arm + age + sex + ecog + stage + marker, d)
print(summary(m))
print(cox.zph(m))
print(concordance(m))
svg(file.path(args[2], "forest.svg"), 7, 5)
ci <- summary(m)$conf.int
k <- nrow(ci)
plot(ci[, 1], k:1, log = "x", xlim = range(ci[, 3:4]), pch = 15, yaxt = "n", ylab = "", xlab = "Hazard ratio")
segments(ci[, 3], k:1, ci[, 4], k:1)
axis(2, k:1, rownames(ci), las = 1, cex.axis = 0.6)
abline(v = 1, lty = 2)
dev.off()

late <- d[d$time >= 90, ]
late$response <- factor(!is.na(late$resp_day) & late$resp_day <= 90)
late$time <- late$time - 90
response <- survfit(Surv(time, event) ~ response, late)
print(response)
print(survdiff(Surv(time, event) ~ response, late))
print(summary(coxph(Surv(time, event) ~ response, late)))
draw("response.svg", response, c("no", "yes"))
sink()
