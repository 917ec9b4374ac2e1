# SPDX-License-Identifier: GPL-3.0-or-later
# Rscript tests/bench/peer.R DIR N: the workloads of ours.lua in R, printed in the same way. A workload
# has two lines where R has a usual way and a kernel behind it ("/kernel").
suppressPackageStartupMessages(library(survival))
args <- commandArgs(TRUE)
dir <- args[1]
n <- as.integer(args[2])

written <- function(name) file.exists(file.path(dir, name))
load <- function(name, n) {
  path <- file.path(dir, paste0(name, ".bin"))
  x <- matrix(readBin(path, "double", file.size(path) / 8), n)
  list(time = x[, 1], status = x[, 2], group = x[, 3], weight = x[, 4], X = unname(x[, -(1:4), drop = FALSE]))
}
cpu <- function() sum(proc.time()[1:2])
large <- n > 5e5 # once is enough
# times: how often a slow loop would have to run to be the whole workload
timed <- function(name, f, times = 1, reps = 3) {
  if (large) reps <- 1
  seconds <- numeric(reps)
  for (i in seq_len(reps)) {
    gc(FALSE)
    from <- cpu()
    check <- f()
    seconds[i] <- cpu() - from
  }
  cat(sprintf("%s\t%.6g\t%.9g\n", name, median(seconds) * times, check))
}
control <- coxph.control()
kernel <- function(d, rows = seq_along(d$time)) {
  names <- as.character(seq_along(rows))
  X <- d$X[rows, , drop = FALSE]
  coxph.fit(X, Surv(d$time[rows], d$status[rows]), NULL, NULL, rep(0, ncol(X)), control, NULL, "efron", names, FALSE)
}
cox <- function(name, d) {
  timed(name, function() coxph(Surv(time, status) ~ X, d)$loglik[2], reps = 1)
  timed(paste0(name, "/kernel"), function() kernel(d)$loglik[2])
}

for (kind in c("days", "continuous")) {
  d <- load(paste0("p5-", kind), n)
  timed(paste("km", kind), function() survfit(Surv(time, status) ~ 1, d)$surv[10])
  timed(paste("logrank", kind), function() survdiff(Surv(time, status) ~ group, d)$chisq)
  cox(paste("cox 5", kind), d)
  if (kind == "days") {
    fit <- coxph(Surv(time, status) ~ X, d)
    linear <- fit$linear.predictors
    timed("concordance", function() sqrt(concordance(Surv(d$time, d$status) ~ linear, reverse = TRUE)$var))
    timed("zph", function() tail(cox.zph(fit, terms = FALSE)$table[, 1], 1))
    path <- file.path(dir, "split.bin")
    if (!file.exists(path)) next
    cp <- matrix(readBin(path, "double", file.size(path) / 8), 3 * n)
    s <- Surv(cp[, 1], cp[, 2], cp[, 3])
    X <- d$X[cp[, 4], ]
    timed("cox (start, stop] 5", function() coxph(s ~ X)$loglik[2], reps = 1)
    names <- as.character(seq_len(3 * n))
    timed("cox (start, stop] 5/kernel", function()
      agreg.fit(X, s, NULL, NULL, rep(0, 5), control, NULL, "efron", names, FALSE)$loglik[2], reps = 1)
  }
}
for (kind in c("days", "continuous")) cox(paste("cox 20", kind), load(paste0("p20-", kind), n))
if (written("p100-days.bin")) cox("cox 100 days", load("p100-days", n))
if (!written("bootstrap.bin")) quit()
d <- load("robust", 1e4)
timed("cox robust 5", function() sqrt(coxph(Surv(time, status) ~ X, d, weights = weight, robust = TRUE)$var[1, 1]), reps = 1)
d <- load("screen", 500)
first <- function(f) { x <- 0; for (j in 1:500) { b <- f(j); if (j == 1) x <- b }; x }
timed("screen 5000", function() first(function(j) { x <- d$X[, j]; coef(coxph(Surv(d$time, d$status) ~ x)) }), 10, 1)
s <- Surv(d$time, d$status)
names <- as.character(1:500)
timed("screen 5000/kernel", function() first(function(j)
  coxph.fit(d$X[, j, drop = FALSE], s, NULL, NULL, 0, control, NULL, "efron", names, FALSE)$coefficients), 10)
d <- load("bootstrap", 160)
timed("cox small", function() { for (i in 1:100) f <- coxph(Surv(time, status) ~ X, d); coef(f)[1] }, 1 / 100)
timed("cox small/kernel", function() { for (i in 1:100) f <- kernel(d); f$coefficients[1] }, 1 / 100)
set.seed(1)
timed("bootstrap hr", function() mean(replicate(200, {
  b <- d
  i <- sample.int(160, 160, TRUE)
  b$time <- d$time[i]; b$status <- d$status[i]; b$X <- d$X[i, ]
  coef(coxph(Surv(time, status) ~ X, b))[1]
})), 5, 1)
timed("bootstrap hr/kernel", function() mean(replicate(1000, kernel(d, sample.int(160, 160, TRUE))$coefficients[1])))
timed("csv", function() nrow(read.csv(file.path(dir, "table.csv"))), reps = 1)
timed("csv dates", function() {
  x <- read.csv(file.path(dir, "dates.csv"))
  nrow(as.data.frame(lapply(x, as.Date)))
}, reps = 1)
timed("csv text", function() nrow(read.csv(file.path(dir, "text.csv"))), reps = 1)
timed("csv factors", function() nrow(read.csv(file.path(dir, "factors.csv"), stringsAsFactors = TRUE)), reps = 1)
if (requireNamespace("data.table", quietly = TRUE)) {
  data.table::setDTthreads(1)
  timed("csv/kernel", function() nrow(data.table::fread(file.path(dir, "table.csv"))))
}
