-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.core
do
---What a bootstrap draws.
---@class lun.boot_plan
local boot_plan = {}

end

do
---The bytes of a file.
---@class lun.bytes
local bytes = {}

end

do
---An immutable table of named columns. #t is the number of rows; t.name is the column of that name unless a method has it (then t:column(name)).
---@class lun.columns
---@field nrow any The number of rows, as #t.
---@field ncol any The number of columns.
local columns = {}

---t:column(name) -> column
---The column of that name; an unknown name is an error.
---@param name any
---@return any
function columns:column(name) end

---t:has(name) -> boolean
---Whether there is a column of that name.
---@param name any
---@return any
function columns:has(name) end

---t:names() -> list
---The names of the columns, in order.
---@return any
function columns:names() end

---t:select(names) -> table
---These columns, in this order.
---@param names any?
---@return any
function columns:select(names) end

---t:gather(rows[, n]) -> table
---The rows with these numbers (a list, its first n elements, or an integer column; from 1), in that order; repeats are allowed.
---@param rows any?
---@param n any?
---@return any
function columns:gather(rows, n) end

---t:where(mask) -> table, counts
---The rows for which the logical column is true, and a table of counts: kept, false, missing.
---@param mask any?
---@return any
function columns:where(mask) end

---t:with(name, column) -> table
---The table with a column added at the end or replaced.
---@param name any
---@param column any?
---@return any
function columns:with(name, column) end

---t:index(name) -> index
---From the values of an identifier column to their rows. A missing or repeated identifier is an error.
---@param name any
---@return any
function columns:index(name) end

end

do
---A predicted curve of a Cox model.
---@class lun.cox_curve
---@field time any Event times.
---@field n_risk any Rows at risk in the stratum.
---@field n_event any Events in the stratum.
---@field cumhaz any Predicted cumulative hazard.
---@field se any Its standard error.
---@field survival any exp(-cumhaz).
---@field known any Variance of cumhaz were the coefficients known: a sum of independent steps.
---@field slope any Derivative of cumhaz by each coefficient, time after time.
local cox_curve = {}

end

do
---An immutable column of numbers, integers, dates, factor levels or texts. #col is its length; col[i] one value: nil when missing, ISO text for a date.
---@class lun.column
---@field type any number, integer, date, factor or text.
---@field levels any The level names of a factor in their order, else nil.
local column = {}

---col:gather(rows[, n]) -> column
---The values of the rows with these numbers (a list, its first n elements, or an integer column; from 1), in that order; repeats are allowed.
---@param rows any?
---@param n any?
---@return any
function column:gather(rows, n) end

---col:totable() -> list
---The values as a Lua list with a field n; missing values are nil, dates ISO texts.
---@return any
function column:totable() end

end

do
---The model matrix of terms over a table.
---@class lun.design
---@field n any Rows used: those without a missing value.
---@field p any Columns of the matrix.
---@field names any Names of the coefficients: "age", "surgery: yes", "ns(age, 3): 2", "age × surgery: yes".
---@field terms any The terms, "age", "age × surgery".
---@field formula any The parsed terms.
---@field term any For each column the number of its term; 0 is the intercept.
---@field rows any Numbers of the table's rows used, increasing.
---@field dropped any Rows left out because something is missing.
---@field drops any A list of { name, n }: missing values of each variable that has some. A row may count in several.
---@field strata any The cells of strata() on the rows used, a factor, or nil.
---@field cluster any The groups of cluster() on the rows used, or nil.
---@field offset any The sum of the offset() terms on the rows used, or nil.
local design = {}

---design:levels(t) -> list
---The levels of term t when it is one categorical variable, else nil; the first is the reference.
---@param t any
---@return any
function design:levels(t) end

---design:factor(t) -> factor
---Its level in each row used, else nil.
---@param t any
---@return any
function design:factor(t) end

---design:x(j) -> column
---Column j (from 1) of the model matrix.
---@param j any?
---@return any
function design:x(j) end

---design:like(table[, { also, all_rows }]) -> design
---Other rows coded alike: the same columns, levels and knots, without cluster(). A level that the design does not know is an error.
---@param table any?
---@param also any?
---@param all_rows any?
---@return any
function design:like(table, also, all_rows) end

end

do
---A parsed expression.
---@class lun.expr
local expr = {}

---expr:names() -> list
---The columns it reads, in the order of first use.
---@return any
function expr:names() end

---expr:type(table) -> text
---Type of the result (number, integer, date, factor, text) over the columns of the table; an expression that does not fit them is an error.
---@param table any?
---@return any
function expr:type(table) end

---expr:eval(table) -> column
---One value for each row. A missing operand gives a missing value; conditions give a factor with the levels "false", "true"; a number that is lost (log(0), 1 / 0) is an error that names the row.
---@param table any?
---@return any
function expr:eval(table) end

end

do
---A Lua state of its own for one plug-in, in this process.
---@class lun.guest
local guest = {}

---guest:call(request, ms) -> reply
---Answers a request (bytes) within ms milliseconds of processor time. The reply is R and bytes, or E and the limit that was reached.
---@param request any?
---@param ms any?
---@return any
function guest:call(request, ms) end

---guest:close()
---Frees the state; further calls are errors.
---@return any
function guest:close() end

end

do
---A logistic or multinomial regression.
---@class lun.logit
---@field coef any Equation by equation, intercept first; missing when aliased.
---@field se any Standard errors from the information; missing unless finite.
---@field vcov any Covariances, row by row.
---@field fitted any Probabilities of the classes, row by row.
---@field lower any Profile-likelihood limits (infinite where the likelihood does not fall); nil unless profiled.
---@field upper any 
---@field lr any Likelihood-ratio statistic of each coefficient against 0; nil unless profiled.
---@field status any finite, aliased or infinite, for each coefficient.
---@field loglik any Log-likelihood (penalised with Firth).
---@field loglik_null any With the intercepts alone.
---@field n any Rows.
---@field p any Columns besides the intercept.
---@field equations any Classes less one.
---@field rank any Coefficients that are estimated.
---@field rank_null any 
---@field iterations any 
---@field converged any 
---@field why any A sentence when the fit is doubtful, else empty.
local logit = {}

end

do
---A value of a YAML or JSON text that knows its place. #node counts the entries of a list or map; node[i] is the i-th item, of a map the i-th value.
---@class lun.node
---@field kind any scalar, list or map.
---@field text any The text of a scalar; nil for lists and maps.
---@field plain any true for a scalar without quotes: only such a text may mean a number or a boolean.
---@field line any 1-based.
---@field column any 1-based, in characters.
---@field file any The name of the text.
local node = {}

---node:get(key) -> node or nil
---The value of a key of a map; nil when there is none, or when the node is not a map.
---@param key any?
---@return any
function node:get(key) end

---node:keys() -> list of texts
---The keys of a map in the order of the file; empty for lists and scalars.
---@return any
function node:keys() end

---node:key_place(key) -> { line, column, excerpt } or nil
---Where a key of a map is written; nil when there is none.
---@param key any?
---@return any
function node:key_place(key) end

---node:with(path, value) -> node
---A tree like this one with another node at a path: keys joined by dots, items of lists by their number; missing keys are added. Errors: usage.set.
---@param path any
---@param value any?
---@return any
function node:with(path, value) end

---node:excerpt([line]) -> text
---The line of the file on which the node begins, or another one, for a message.
---@param line any?
---@return any
function node:excerpt(line) end

end

do
---Responses of a cohort by RECIST 1.1, mRECIST, iRECIST and imRECIST.
---@class lun.recist
---@field n any Number of patients.
---@field n_visits any Number of visits after baseline.
local recist = {}

---responses:visits(["recist"|"mrecist"]) -> table of columns
---One row for each visit after baseline, by patient and date: patient (its number), date, last_date (of the last scan), day (since the start), sum, nadir (mm; smallest complete sum before), percent and percent_nadir (complete sums only), complete, target, nontarget, new, overall (missing after the first PD), plain (the same, given anyway), pd_date, irecist, imrecist.
---@param recist any?
---@return any
function recist:visits(recist) end

---responses:patients(["recist"|"mrecist"]) -> table of columns
---One row for each patient: best, confirmed, ibest, imbest, first and first_confirmed (dates of response), start, has_baseline, baseline_date, baseline_sum (mm), depth (smallest change in percent), progression, iprogression, last_adequate, visits; and pfs_fda, pfs_ema, ttp_fda, ttp_ema, each a table of columns date, event, reason, cnsr.
---@param recist any?
---@return any
function recist:patients(recist) end

---responses:reason(visit[, criteria]) -> text
---Why the visit has its response, with the numbers.
---@param visit any?
---@param criteria any?
---@return any
function recist:reason(visit, criteria) end

---responses:ireason(visit) -> text
---Why the visit has its iRECIST response.
---@param visit any?
---@return any
function recist:ireason(visit) end

---responses:refused() -> list
---The patients that could not be assessed: patient, code, row, lesion, message. Without the option exclude the first of them is an error.
---@return any
function recist:refused() end

end

do
---A worker process that runs one plug-in.
---@class lun.process
---@field denied any System calls are denied to the worker (seccomp); known after the first call. The limits on memory, time, files and processes hold in any case.
local process = {}

---process:call(request, ms) -> reply
---As guest:call, in the worker. A worker that takes longer than ms of processor time, or twice that by the clock, is ended; so is one that is gone.
---@param request any?
---@param ms any?
---@return any
function process:call(request, ms) end

---process:close()
---Ends the worker; further calls are errors.
---@return any
function process:close() end

end

do
---Random numbers named by seed, stream and replicate (Philox4x64-10).
---@class lun.rng
local rng = {}

---rng:uniform() -> number
---Between 0 and 1, never either.
---@return any
function rng:uniform() end

---rng:normal() -> number
---Standard normal.
---@return any
function rng:normal() end

---rng:exponential() -> number
---Mean 1.
---@return any
function rng:exponential() end

---rng:below(n) -> integer
---0 to n - 1, each equally likely.
---@param n any?
---@return any
function rng:below(n) end

---rng:permutation(n) -> list
---The whole numbers 1 to n in random order.
---@param n any?
---@return any
function rng:permutation(n) end

---rng:seek(draw) -> rng
---Continues with that draw, counted from 0.
---@param draw any?
---@return any
function rng:seek(draw) end

end

do
---A linear regression.
---@class lun.linear
---@field coef any Intercept first; missing when determined by the columns before it.
---@field se any 
---@field vcov any Covariances, row by row.
---@field residual any 
---@field rss any Residual sum of squares (weighted).
---@field sigma any Residual standard deviation.
---@field r_squared any Against the mean; against 0 without an intercept.
---@field adjusted any Adjusted R squared.
---@field f any F statistic of all terms; nil when the fit is exact.
---@field p_f any 
---@field n any 
---@field rank any 
---@field df any Residual degrees of freedom.
local linear = {}

end

do
---A survival response: times, entries, status and weights, checked and sorted once.
---@class lun.surv
---@field n any Number of rows.
---@field events any Rows with an event of any cause.
---@field causes any Largest status: 1 when there is one kind of event.
---@field last any Largest time.
---@field delayed any Whether rows have a start: (start, stop].
---@field merged any Unique times that were merged with a neighbour because they lie closer than the tolerance (R's timefix, its relative part).
---@field times any The distinct times in increasing order, after merging near ties.
local surv = {}

end

do
---Bootstrap replicates.
---@class lun.boot
---@field t0 any The statistics of the sample itself.
---@field replicates any 
local boot = {}

---boot:t(j) -> column
---The replicates of statistic j; missing where it is undefined.
---@param j any?
---@return any
function boot:t(j) end

---boot:jack(j) -> column
---Statistic j without each unit; empty unless asked for.
---@param j any?
---@return any
function boot:jack(j) end

end

do
---Concordance of a marker with a survival time.
---@class lun.concord
---@field estimate any (concordant + tied_marker / 2) / (concordant + discordant + tied_marker).
---@field variance any Infinitesimal jackknife variance of the estimate.
---@field se any Its root.
---@field concordant any Weighted pairs in which the larger marker died first.
---@field discordant any Weighted pairs in which the smaller marker died first.
---@field tied_marker any Weighted comparable pairs with equal markers.
---@field tied_time any Weighted pairs of deaths at one time.
---@field tied_both any The same with equal markers.
---@field n any Rows that took part.
---@field influence any Change of the estimate by each row (or cluster), first order.
local concord = {}

end

do
---A fitted Cox model.
---@class lun.cox
---@field coef any Log hazard ratios, one for each column; missing where a column is redundant.
---@field se any Standard errors (robust ones where asked for); missing where not given.
---@field z any coef / se.
---@field p any Two-sided Wald p-values; missing for infinite coefficients.
---@field log10_p any Their common logarithms, exact where p itself would be 0.
---@field naive_se any Model-based standard errors.
---@field vcov any Variance matrix as a list of rows; 0 where not given.
---@field naive_vcov any Model-based variance matrix.
---@field status any finite, aliased (redundant column) or infinite (monotone likelihood), for each column.
---@field lr any Likelihood ratio test against no effect: statistic, df, p, log10_p.
---@field wald any Wald test, with the robust variance where asked for; nil with an infinite coefficient.
---@field score any Score test at 0: the log-rank test when the model is one group variable.
---@field robust_score any Score test with the robust variance at 0; nil unless robust.
---@field loglik any Log partial likelihood at the estimate.
---@field loglik_null any The same with all coefficients 0.
---@field n any Rows used, counted with their frequency.
---@field events any Events among them.
---@field rows_used any Rows used.
---@field missing any Rows left out because a value is missing.
---@field zero_weight any Rows left out because their weight is 0.
---@field event_times any Distinct event times, counted within strata.
---@field rank any Columns that are not redundant.
---@field iterations any Newton steps.
---@field clusters any Clusters of the robust variance; 0 without.
---@field converged any Whether the search ended at a maximum (or named the infinite coefficients).
---@field why any A sentence when the fit is doubtful, else empty.
---@field robust any Whether the variance is the sandwich.
---@field ties any efron, breslow or exact.
---@field means any The reference point of predictions: column means, 0 for indicators (as in R).
---@field used any Numbers of the rows used, from 1.
local cox = {}

---fit:residuals(type) -> column, or a list of columns (one for each coefficient)
---type: martingale (default), deviance, score, dfbeta, dfbetas: one value for each row used (fit.used);
---schoenfeld, scaled_schoenfeld: one for each event, as fit:event_rows() orders them. score without,
---dfbeta with the row's weight. Therneau & Grambsch (2000).
---@param type any?
---@return any
function cox:residuals(type) end

---fit:wald_of(columns) -> { statistic, df, p, log10_p }
---Wald test that these coefficients (a list of column numbers) are all 0: of a factor with several levels, say.
---@param columns any?
---@return any
function cox:wald_of(columns) end

---fit:wald_beyond(columns, along) -> { statistic, df, p, log10_p }
---Wald test that these coefficients are a multiple of along: with along the coefficients of x itself in the basis of a spline of x, the test of nonlinearity.
---@param columns any?
---@param along any?
---@return any
function cox:wald_beyond(columns, along) end

---fit:lr_of(columns) -> { statistic, df, p, log10_p }
---Likelihood ratio test that these coefficients are all 0, on the rows of the fit.
---@param columns any?
---@return any
function cox:lr_of(columns) end

---fit:linear_of(columns, { n, reference, stratum, columns }) -> lp, se
---Of n other rows (a design, or a list of columns): sum of coef (x - reference) and its standard error.
---reference: p numbers, or p for each group of stratum one after another; default 0. columns: the numbers of the columns that count.
---@param columns any?
---@param n any?
---@param reference any?
---@param stratum any?
---@param columns any?
---@return any
function cox:linear_of(columns, n, reference, stratum, columns) end

---fit:means_by(columns, strata) -> column
---Weighted means of the columns over the rows used, those of the first level of strata first.
---@param columns any?
---@param strata any?
---@return any
function cox:means_by(columns, strata) end

---fit:expected(columns, { n, start, stop, stratum, offset }) -> expected, se
---Expected number of events of n other rows over (start, stop], the cumulative hazard.
---@param columns any?
---@param n any?
---@param start any?
---@param stop any?
---@param stratum any?
---@param offset any?
---@return any
function cox:expected(columns, n, start, stop, stratum, offset) end

---fit:event_rows() -> times, rows
---Time and row number of each event, by stratum and time.
---@return any
function cox:event_rows() end

---fit:linear() -> column
---Linear predictor of the rows used: sum of coef (x - fit.means), plus the offset.
---@return any
function cox:linear() end

---fit:zph_tests(transform, terms) -> list of tests, with .global and .x
---Score test of proportional hazards. transform: km (default), identity, rank, log. terms: for each
---column the number of its term; default each by itself. false: a term without a finite coefficient.
---@param transform any?
---@param terms any?
---@return any
function cox:zph_tests(transform, terms) end

---fit:baseline(centred) -> list of { stratum, time, cumhaz }
---Baseline cumulative hazard at x = 0 (or at fit.means).
---@param centred any?
---@return any
function cox:baseline(centred) end

---fit:firth(level) -> { coef, se, lower, upper, p (columns), loglik, loglik_null, converged, why }
---The same model with Firth's penalty: finite coefficients under monotone likelihood, limits (log scale)
---and p-values from the profile of the penalised likelihood. Firth (1993), Heinze & Schemper (2001).
---@param level any?
---@return any
function cox:firth(level) end

---fit:path { x =, from =, to =, offset = 0, stratum = 1 } -> curve
---Predicted survival of a subject with covariates x (a list), or along a path: x row after row, row i
---holding from from[i] (exclusive) to to[i]. Fields time, n_risk, n_event, cumhaz, se, survival.
---@return any
function cox:path() end

end

do
---A fitted model of proportional subdistribution hazards (Fine & Gray 1999).
---@class lun.finegray
---@field coef any Log subdistribution hazard ratios, one for each column; missing where a column is redundant.
---@field se any Standard errors; missing where not given.
---@field z any coef / se.
---@field p any Two-sided Wald p-values.
---@field log10_p any Their common logarithms.
---@field vcov any Variance matrix as a list of rows; 0 where not given.
---@field status any finite, aliased (redundant column) or infinite (monotone likelihood), for each column.
---@field influence any Row by row, what the row adds to each coefficient to first order: its squares, summed over clusters, are the variance.
---@field lr any Pseudo-likelihood ratio test against no effect: statistic, df, p, log10_p.
---@field wald any Wald test; nil with an infinite coefficient.
---@field loglik any Log pseudo-likelihood at the estimate.
---@field loglik_null any The same with all coefficients 0.
---@field n any Rows.
---@field events any Rows with an event of the cause.
---@field competing any Rows with an event of another cause.
---@field event_times any Distinct event times, counted within strata.
---@field rank any Columns that are not redundant.
---@field iterations any Newton steps.
---@field converged any Whether the search ended at a maximum (or named the infinite coefficients).
---@field why any A sentence when the fit is doubtful, else empty.
---@field means any Column means: where the baseline hazard is taken.
local finegray = {}

---fit:predict(surv, columns, options, subjects, { times =, n =, offset =, stratum = }) -> cumhaz, se
---Cumulative subdistribution hazard of n subjects (columns like those of the fit) at the times, and its standard error, subject after subject. surv, columns, options: those of the fit. The standard error has the rows' influence on the baseline, the coefficients and, unless robust, the censoring distribution; missing with an infinite coefficient.
---@param surv any?
---@param columns any?
---@param options table?
---@param subjects any?
---@param times any?
---@param n any?
---@param offset any?
---@param stratum any?
---@return any
function finegray:predict(surv, columns, options, subjects, times, n, offset, stratum) end

---fit:baseline([stratum]) -> time, cumhaz
---Cumulative subdistribution hazard of a row with the mean covariates and offset 0, at the event times.
---@param stratum any?
---@return any
function finegray:baseline(stratum) end

---fit:censoring([group]) -> time, probability
---The estimated probability of not being censored (and, with delayed entry, of having entered) before each distinct time.
---@param group any?
---@return any
function finegray:censoring(group) end

end

do
---Kaplan-Meier curves by group (Kaplan & Meier 1958) with Greenwood's variance.
---@class lun.km
---@field labels any Names of the groups; {""} when there is one curve.
---@field missing any Rows left out because their group is missing.
---@field conf_type any Transformation of the limits.
---@field conf_level any Confidence level of the limits.
---@field reversed any no, deaths-first or plain.
local km = {}

---km:_curve(g) -> table of columns
---Curve of group number g.
---@param g any?
---@return any
function km:_curve(g) end

---km:_at(g, t, before) -> table
---The curve at t; counts up to t, or before t.
---@param g any?
---@param t any?
---@param before any?
---@return any
function km:_at(g, t, before) end

---km:_quantile(g, p, rule) -> estimate, lower, upper
---@param g any?
---@param p any?
---@param rule any?
---@return any
function km:_quantile(g, p, rule) end

---km:_mean(g, tau) -> area, se
---Area under the curve up to tau; Greenwood's standard error.
---@param g any?
---@param tau any?
---@return any
function km:_mean(g, tau) end

end

do
---Bytes being put together.
---@class lun.buffer
local buffer = {}

end

