-- SPDX-License-Identifier: GPL-3.0-or-later
-- methods: the paragraph on statistical methods, made from what the results say of themselves
-- (their conventions), as sentences ready to paste. What no rule knows stands as the result says
-- it.
local M = {}

-- --- what a result says of itself, as sentences --------------------------------------------------

-- Counts of this run, which belong under its tables: a pattern for each.
local COUNTS = { " %d+ %a+ with a missing value left out%.",
  " %d+ %a+ without a value of .- left out%.",
  " %d+ with weight 0 left out%.", " %d+ nearly equal times were taken as tied%.", " %(%d+%)$" }

local function list_of(words)
  words = words:gsub(", ([^,]+)$", " and %1")
  return words
end

-- Where the sentence stands, a pattern, the sentence (with %1 ...) or a function of the captures.
-- false: the fragment says nothing in a paragraph.
local RULES = {
  { 10, "^(.-); best response confirmed after (%d+) days; (.*)$",
    "Response was assessed by %1, confirmed after at least %2 days (%3)." },
  { 11, "^Best response of the .- whom both assessed; (.*)%.$",
    "Agreement on the best response is given by %1." },
  { 12, "^Best change of ", false },
  { 20, "^median %(quartiles, (.+)%)$",
    "Numeric variables are described by medians and quartiles (%1)." },
  { 20, "^quartiles by R's type 7$",
    "Numeric variables are described by medians and quartiles (R type 7)." },
  { 20, "^quartiles by (.+)$", "Numeric variables are described by medians and quartiles (%1)." },
  { 20, "^SD with n %- 1$", false },
  { 21, "^mean %(SD%)$", "Where it is said, means and standard deviations are given." },
  { 22, "^n %(%% of the known values%)$",
    "Categorical variables are described by counts and percentages of the patients with a known "
      .. "value." },
  { 22, "^percentages of (.+)$", false },
  { 23, "^([%d.]+%%) limits: Clopper & Pearson 1934 %(exact%)",
    "Proportions have exact (Clopper-Pearson) %1 confidence limits." },
  { 23, "^([%d.]+%%) limits: (.+)$", "Proportions have %1 confidence limits (%2)." },
  { 24, "^p: (.+)$", function(tests)
    return "Groups were compared by the " .. list_of(tests) .. ", as the data called for."
  end },
  { 24, "^(Fisher's exact test.*)$", "Factors were cross-tabulated and compared by %1." },
  { 24, "^(Pearson's chi%-square.*)$", "Factors were cross-tabulated and compared by %1." },
  { 25, "^SMD: standardised mean difference(.*)$",
    "Imbalance between groups is given as the standardised mean difference%1." },
  { 34, "^Kaplan%-Meier estimate; ([%d.]+%%) limits from (the robust variance .-); medians .-%. "
    .. "Sampling weights; their estimation is not in the variance%.",
    "Weighted Kaplan-Meier curves have %1 confidence limits from %2; the estimation of the weights "
      .. "is not in them." },
  { 30, "^Kaplan%-Meier estimate; ([%d.]+%%) limits from (.-); medians (.-)%.(.*)$",
    "Survival was estimated by the Kaplan-Meier method, with %1 confidence limits from %2 and \z
      medians %3.%4" },
  { 31, "^Aalen%-Johansen estimate; (.*)%.$",
    "Cumulative incidences in the presence of competing events are Aalen-Johansen estimates, with \z
      %1." },
  { 32, "^Reverse Kaplan%-Meier estimate (%b()); .*$",
    "Follow-up was estimated by the reverse Kaplan-Meier method %1." },
  { 33, "^Log%-rank test of each pair on its own patients; (.*)%.$",
    "Pairs of groups were compared by the log-rank test, each on its own patients, with %1." },
  { 35, "^Log%-rank test; sampling weights, (.*)%.$",
    "Weighted curves were compared by the log-rank test (%1)." },
  { 33, "^Log%-rank test; (.*)%.$", "Survival curves were compared by the log-rank test (%1)." },
  { 33, "^Log%-rank test(.*)%.$", "Survival curves were compared by the log-rank test%1." },
  { 33, "^Gray's test (%b())(.*)%.$",
    "Cumulative incidences were compared by Gray's test %1%2." },
  { 40, "^Cox proportional%-hazards regression, (.-) ties; Wald limits (%b()) and p%-values%.$",
    "Hazard ratios are from Cox proportional-hazards regression with %1 handling of ties, with "
      .. "Wald confidence limits %2 and p-values." },
  { 41, "^Cox proportional%-hazards regression, .- ties, (.*); Wald limits .*$", function(how)
    return "Cox regression was also fitted with " .. list_of(how) .. "."
  end },
  { 41, "^Fine%-Gray model of (.-), (.*); Wald limits (%b()) and p%-values%.$",
    "Subdistribution hazard ratios of %1 are from the Fine-Gray model (%2), with Wald confidence "
      .. "limits %3 and p-values." },
  { 42, "^Score test of proportional hazards (.*)%.$",
    "Proportional hazards were examined by the score test of Grambsch and Therneau, %1." },
  { 43, "^(maximum likelihood.-); (Wald limits and p%-values); reference level .*$",
    "Odds ratios are from logistic regression (%1), with %2." },
  { 43, "^(Firth's penalised likelihood.-); (.-); reference level .*$",
    "Odds ratios are from logistic regression with %1, with %2." },
  { 43, "^(maximum likelihood.-); (.-); reference level .*$",
    "Odds ratios are from logistic regression (%1), with %2." },
  { 44, "^propensity score by logistic regression; (.*)$",
    "Propensity scores were estimated by logistic regression; patients were weighted for the %1." },
  { 45, "^SMD denominator: (.-), of the unweighted sample; binary: (.*)$",
    "Balance is given as standardised mean differences over the %1 standard deviation of the "
      .. "unweighted sample (binary variables: %2)." },
  { 50, "^(%d+) bootstrap replicates(.-), seed %d+; (.-) limits (%b())%.$",
    "Bootstrap limits %4 are %3 limits from %1 replicates%2." },
}

-- The conventions that are lists of fragments, each a sentence of its own.
local FRAGMENTS = { "^median %(quartiles", "^mean %(SD", "^n %(%% of the known", "^quartiles by",
  "^[%d.]+%% limits: .-; percentages of" }

local function fragments(text)
  for _, pattern in ipairs(FRAGMENTS) do
    if text:find(pattern) then
      local out = {}
      for part in (text .. "; "):gmatch("(.-); ") do out[#out + 1] = part end
      return out
    end
  end
  return { text }
end

local OTHERS = 60

-- The sentence of a fragment and where it stands; nil for one that says nothing here.
local function sentence_of(text)
  for _, rule in ipairs(RULES) do
    if text:find(rule[2]) then
      if not rule[3] then return nil end
      return (text:gsub(rule[2], rule[3])), rule[1]
    end
  end
  text = text:gsub("^%l", string.upper)
  return text:find("%.$") and text or text .. ".", OTHERS
end

--- The sentences of a convention: calls add(text, order) for each.
function M.sentences(convention, add)
  local text, left_out = convention, false
  for i, pattern in ipairs(COUNTS) do
    local cut, n = text:gsub(pattern, "")
    left_out, text = left_out or n > 0 and i <= 2, cut
  end
  for _, fragment in ipairs(fragments(text)) do
    local sentence, order = sentence_of(fragment)
    if sentence then add(sentence, order) end
  end
  if left_out then
    add("Patients with a missing value of a variable were left out of the analyses that need it.",
      59)
  end
end

-- --- endpoints -----------------------------------------------------------------------------------

local function lower_first(text)
  return text:find("^%u%l") and text:sub(1, 1):lower() .. text:sub(2) or text
end

local function join(list)
  if #list < 2 then return list[1] or "" end
  return table.concat(list, ", ", 1, #list - 1) .. " and " .. list[#list]
end

-- What an endpoint counts, from which day: "from first dose to death of any cause; ...".
local function counted(study, name, endpoint)
  local about = endpoint.about or {}
  local doc = about.definition and about.definition.doc
  if not doc then return nil end
  local entry = study.recipe.value.endpoints[name]
  local response = (study.recipe.value.response or {})[entry.response]
  local origin = entry.origin or response and (response.start or "start")
  local patients = study.cohort.patients
  local label = origin and patients:has(origin) and patients:label(origin)
  if label and label ~= origin then
    doc = doc:gsub("the origin", (lower_first(label):gsub("%%", "%%%%")))
  end
  doc = doc:gsub(", or is a competing event .*$", ""):gsub(" are (%a+)",
    { censored = " were censored" })
  doc = doc:gsub("%.$", "")
  return lower_first(doc)
end

-- Endpoints that count the same in one sentence.
local function endpoint_sentences(study, endpoints)
  local by, order = {}, {}
  for _, e in ipairs(endpoints) do
    local what = counted(study, e[1], e[2])
    if what then
      if not by[what] then
        by[what] = {}
        order[#order + 1] = what
      end
      table.insert(by[what], #by[what] == 0 and e[2].title or lower_first(e[2].title))
    end
  end
  local out = {}
  for i, what in ipairs(order) do
    out[i] = ("%s %s counted %s."):format(join(by[what]), #by[what] > 1 and "were" or "was", what)
  end
  return out
end

-- --- the paragraph -------------------------------------------------------------------------------

local function conclusion(study)
  local v, parts = study.recipe.value, {}
  local titles = {}
  for i, variant in ipairs(study.variants or {}) do
    titles[i] = lower_first(variant.variant.title)
  end
  if #titles > 0 then parts[1] = ("Sensitivity analyses: %s."):format(join(titles)) end
  for _, row in ipairs(study.rows or {}) do
    if row.p or row.statistic == "p" then
      parts[#parts + 1] =
        "p-values are two-sided and not adjusted for multiple testing unless stated."
      break
    end
  end
  local conventions = require "lunation.base.conventions"
  parts[#parts + 1] = conventions.sentence(conventions.of(v.conventions))
  parts[#parts + 1] = ("All analyses were run with Lunation %s (recipe %s, version %s)."):format(
    require("lunation")._VERSION, v.id, v.version)
  return parts
end

--- The paragraph. endpoints: { { name, endpoint } ... }; conventions: texts, in the order of the
--- analyses.
function M.paragraph(study, endpoints, conventions)
  local parts, found, seen = endpoint_sentences(study, endpoints), {}, {}
  for _, convention in ipairs(conventions) do
    M.sentences(convention, function(text, order)
      if not seen[text] then
        seen[text] = true
        found[#found + 1] = { text = text, order = order, at = #found }
      end
    end)
  end
  table.sort(found, function(a, b)
    if a.order ~= b.order then return a.order < b.order end
    return a.at < b.at
  end)
  for _, s in ipairs(found) do parts[#parts + 1] = s.text end
  for _, text in ipairs(conclusion(study)) do parts[#parts + 1] = text end
  return table.concat(parts, " ")
end

return M
