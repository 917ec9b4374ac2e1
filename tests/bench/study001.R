# SPDX-License-Identifier: GPL-3.0-or-later
# Rscript tests/bench/study001.R FOLDER DIR: what the recipe of study 001 does with the files of
# examples/conversion-surgery, with survival and base graphics.
suppressPackageStartupMessages(library(survival))
args <- commandArgs(TRUE)
dir.create(args[2], FALSE)
d <- read.csv(file.path(args[1], "patients.csv"), na.strings = "")
lesions <- read.csv(file.path(args[1], "assessments.csv"), na.strings = "")
for (v in c("start", "conversion_date", "surgery_date", "recurrence", "last_imaging", "death_date", "last_contact"))
  d[[v]] <- as.Date(d[[v]])
sink(file.path(args[2], "report.txt"))
cat("read", nrow(d), "\n")
d <- d[d$treated == "yes", ]
months <- function(from, to) as.numeric(to - from) / 30.4375

for (v in c("sum_mm", "viable_mm")) {
  wide <- reshape(lesions[c("id", "visit", v)], idvar = "id", timevar = "visit", direction = "wide")
  at <- match(d$id, wide$id)
  first <- wide[[paste0(v, ".baseline")]][at]
  d[[paste0("change_", v)]] <- 100 * (wide[[paste0(v, ".best")]][at] - first) / first
}
d$major <- factor(ifelse(d$viable <= 30, "MPR", "no MPR"))
d$early <- ifelse(d$conversion_months <= 5.05, "yes", "no")

os <- function(x) data.frame(x, time = months(x$start, pmin(x$death_date, x$last_contact, na.rm = TRUE)),
  event = !is.na(x$death_date))
d <- os(d)
r0 <- d[d$margin %in% "R0", ]
r0$after <- months(r0$surgery_date, pmin(r0$death_date, r0$last_contact, na.rm = TRUE))
r0$rfs <- months(r0$surgery_date, pmin(r0$recurrence, r0$death_date, r0$last_imaging, na.rm = TRUE))
r0$relapse <- !is.na(r0$recurrence) | !is.na(r0$death_date)
operated <- d[d$surgery == "yes", ]

# --- tables ---------------------------------------------------------------------------------------

for (v in c("age", "diameter", "pvtt")) {
  print(tapply(d[[v]], d$surgery, summary))
  print(wilcox.test(d[[v]] ~ d$surgery, exact = FALSE)$p.value)
}
for (v in c("sex", "hbv", "cirrhosis", "child_pugh", "bclc", "mvi", "ehm", "afp_over_400")) {
  print(table(d[[v]], d$surgery))
  print(fisher.test(table(d[[v]], d$surgery))$p.value)
}
shares <- function(x) {
  counts <- table(x)
  for (level in names(counts)) {
    ci <- binom.test(counts[[level]], sum(counts))$conf.int
    cat(sprintf("%s: %d of %d, %.1f%% (%.1f-%.1f)\n", level, counts[[level]], sum(counts),
      100 * counts[[level]] / sum(counts), 100 * ci[1], 100 * ci[2]))
  }
}
for (v in c("mvi", "bclc", "afp_over_400", "ehm", "sex", "hbv", "cirrhosis", "child_pugh", "mrecist", "recist",
  "mrecist_shrank", "recist_shrank", "converted", "ae_any", "ae_severe", "hypertension", "rash", "hand_foot",
  "pyrexia", "nausea", "ae_special", "ae_grade")) shares(d[[v]])
for (v in c("mrecist", "recist")) shares(d[[v]] %in% c("CR", "PR"))
shares(d$surgery[d$converted == "yes"])
shares(d$failure[d$converted == "no"])
shares(d$salvage[d$converted == "no"])
shares(d$failure[d$converted == "no" & d$mrecist == "CR"])
for (v in c("early", "major_hepatectomy", "pvtt_removed", "hvtt_removed", "lymphadenectomy", "complication", "margin",
  "pathology_class", "major")) shares(operated[[v]])
print(summary(operated$conversion_months[operated$conversion_months <= 5.05]))
print(summary(d$cycles[d$converted == "yes"]))
print(summary(d$conversion_months[d$converted == "yes"]))
for (course in c("regular", "delayed")) print(summary(d$conversion_months[d$course %in% course]))
for (v in c("mrecist", "recist")) {
  print(table(d[[v]], d$converted))
  print(fisher.test(table(d[[v]], d$converted))$p.value)
  counts <- table(operated[[v]], operated$pathology_class)
  print(counts)
  print(fisher.test(counts)$p.value)
  for (level in rownames(counts)) shares(operated$pathology_class[operated[[v]] == level])
}

# --- figures and models ---------------------------------------------------------------------------

picture <- function(name, draw, width = 7, height = 5.5) {
  svg(file.path(args[2], paste0(name, ".svg")), width, height)
  draw()
  dev.off()
}
curves <- function(name, fit, groups = NULL) picture(name, function() {
  par(mar = c(9, 5, 1, 1))
  k <- max(1, length(fit$strata))
  plot(fit, col = seq_len(k), mark.time = TRUE, conf.int = TRUE, xlab = "Months", ylab = "Probability")
  if (k > 1) legend("topright", groups, col = seq_len(k), lwd = 2)
  at <- pretty(c(0, max(fit$time)))
  s <- summary(fit, times = at, extend = TRUE)
  stratum <- if (k > 1) as.integer(s$strata) else rep(1, length(s$time))
  for (g in seq_len(k)) mtext(s$n.risk[stratum == g], 1, line = 3 + g, at = at[seq_len(sum(stratum == g))], cex = 0.8)
})
km <- function(name, formula, data, times, compare = TRUE, pairs = FALSE) {
  fit <- survfit(formula, data)
  print(fit)
  print(summary(fit, times = times, extend = TRUE))
  groups <- sub("^[^=]*=", "", names(fit$strata))
  if (length(groups) > 1 && compare) {
    print(survdiff(formula, data))
    print(summary(coxph(formula, data)))
  }
  if (pairs) {
    by <- data[[all.vars(formula)[3]]]
    p <- combn(sort(unique(by[!is.na(by)])), 2, function(two)
      survdiff(formula, data[by %in% two, ])$chisq)
    print(p.adjust(pchisq(p, 1, lower.tail = FALSE), "holm"))
  }
  curves(name, fit, groups)
}
picture("flow", function() {
  plot.new()
  for (i in 0:2) rect(0.2, 0.7 - 0.3 * i, 0.8, 0.9 - 0.3 * i)
  text(0.5, c(0.8, 0.5, 0.2), c("read", "started", "analysed"))
})
for (v in c("viable_mm", "sum_mm")) picture(paste0("waterfall-", v), function() {
  change <- sort(d[[paste0("change_", v)]], decreasing = TRUE)
  barplot(change, border = NA, ylim = c(-100, 100), ylab = "Best change, %")
  abline(h = c(-30, 20), lty = 2)
}, 9)
picture("course", function() {
  x <- d[order(d$group, d$time), ]
  plot(NULL, xlim = c(0, max(x$time)), ylim = c(0, nrow(x)), xlab = "Months", ylab = "", yaxt = "n")
  rows <- seq_len(nrow(x))
  segments(0, rows, x$time, rows, col = as.integer(factor(x$group)))
  for (v in c("conversion_date", "surgery_date", "recurrence", "death_date"))
    points(months(x$start, x[[v]]), rows, pch = match(v, names(x)) %% 20, cex = 0.5)
}, 7, 12)

km("os", Surv(time, event) ~ 1, d, c(12, 36, 60))
print(survfit(Surv(time, !event) ~ 1, d))
km("os-by-surgery", Surv(time, event) ~ surgery, d, c(12, 36, 60))
km("os-by-conversion", Surv(time, event) ~ converted, d, c(12, 36, 60))
km("os-three-groups", Surv(time, event) ~ group, d, c(12, 36, 60), pairs = TRUE)
km("follow-up", Surv(after, is.na(death_date)) ~ 1, r0, 12)
km("rfs", Surv(rfs, relapse) ~ 1, r0, c(12, 36, 48))
km("os-by-pathology", Surv(time, event) ~ pathology_class, operated, 36, FALSE, TRUE)
km("rfs-by-pathology", Surv(rfs, relapse) ~ pathology_class, r0, 36, TRUE, TRUE)
km("os-major", Surv(time, event) ~ major, operated[operated$viable <= 30 | operated$pathology == 2, ], 36)
km("rfs-major", Surv(rfs, relapse) ~ major, r0[r0$viable <= 30 | r0$pathology == 2, ], 36)
for (x in list(operated, r0)) {
  groups <- list(MPR = x$viable <= 30, pCR = x$pathology_class == "pCR", pPR = x$pathology_class == "pPR",
    pNR = x$pathology_class == "pNR")
  p <- combn(4, 2, function(two) {
    a <- x[which(groups[[two[1]]]), ]
    b <- x[which(groups[[two[2]]]), ]
    both <- rbind(cbind(a, g = 1), cbind(b, g = 2))
    survdiff(Surv(time, event) ~ g, both)$chisq
  })
  print(p.adjust(pchisq(p, 1, lower.tail = FALSE), "holm"))
}

# Surgery as what it is: naive, from landmarks on, and as an exposure that begins.
landmark <- function(x, at) {
  x <- x[x$time >= at, ]
  x$known <- factor(!is.na(x$surgery_date) & months(x$start, x$surgery_date) <= at)
  x$time <- x$time - at
  x
}
for (at in c(3, 5, 6, 12)) print(summary(coxph(Surv(time, event) ~ known, landmark(d, at))))
km("landmark", Surv(time, event) ~ known, landmark(d, 6), 36)
d$wait <- months(d$start, d$surgery_date)
split <- tmerge(d[c("id", "time", "event")], d, id = id, death = event(time, event), operated = tdc(wait))
print(summary(coxph(Surv(tstart, tstop, death) ~ operated, split)))

# Weighting.
g <- glm(surgery == "yes" ~ age + diameter + pvtt + ehm + afp_over_400 + cirrhosis, binomial, d)
z <- d$surgery == "yes"
score <- fitted(g)
w <- ifelse(z, 1 / score, 1 / (1 - score))
x <- model.matrix(g)[, -1]
smd <- function(w) apply(x, 2, function(v) (weighted.mean(v[z], w[z]) - weighted.mean(v[!z], w[!z])) /
  sqrt((var(v[z]) + var(v[!z])) / 2))
balance <- cbind(smd(rep(1, nrow(d))), smd(w))
print(balance)
print(summary(coxph(Surv(time, event) ~ surgery, d, weights = w, robust = TRUE)))
curves("weighted", survfit(Surv(time, event) ~ surgery, d, weights = w), c("no", "yes"))
picture("overlap", function() {
  plot(density(score[z], from = 0, to = 1), main = "")
  lines(density(score[!z], from = 0, to = 1), col = 2)
})
picture("love", function() {
  dotchart(abs(balance[, 1]), xlim = c(0, max(abs(balance))))
  points(abs(balance[, 2]), seq_len(nrow(balance)), pch = 19)
})

# Regression.
for (v in c("afp_decline", "surgery", "rshrink", "mshrink", "diameter", "pvtt", "recist_order", "mrecist_order"))
  print(summary(coxph(reformulate(v, "Surv(time, event)"), d)))
m <- coxph(Surv(time, event) ~ afp_decline + surgery, d)
print(summary(m))
ci <- summary(m)$conf.int
picture("forest", function() {
  k <- nrow(ci)
  plot(ci[, 1], k:1, log = "x", xlim = range(ci[, 3:4]), pch = 15, yaxt = "n", ylab = "", xlab = "Hazard ratio")
  segments(ci[, 3], k:1, ci[, 4], k:1)
  axis(2, k:1, rownames(ci), las = 1, cex.axis = 0.6)
  abline(v = 1, lty = 2)
}, 7, 4)
print(summary(coxph(Surv(time, event) ~ pathology, operated)))
print(summary(coxph(Surv(rfs, relapse) ~ pathology, r0)))
sink()
