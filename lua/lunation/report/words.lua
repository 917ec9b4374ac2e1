-- SPDX-License-Identifier: GPL-3.0-or-later
-- words: the fixed words of figures, tables and reports, in English and Chinese.
local words = {}

local en = {
  language = "en",
  -- document
  contents = "Contents", table_ = "Table", figure = "Figure", note = "Note", warning = "Warning",
  info = "Note", design = "Design", how = "How this was computed", provenance = "Provenance",
  data_behind = "Data behind this figure", download_svg = "Download SVG", download_csv = "Download CSV",
  simulated = "Simulated data: no patients", recipe = "Recipe", options = "Options",
  excluded = "Excluded", warnings = "Warnings", method = "Method", rows_shown = "The first %d of %d rows; all are in the CSV.",
  text_alternative = "The same as a list", scroll = "scrolls sideways",
  -- survival
  at_risk = "At risk", censored = "Censored", events = "Events", number_at_risk = "Number at risk",
  group = "Group", all = "All", n = "N", median = "Median", ci95 = "95% CI", survival = "Survival",
  probability = "Probability", time = "Time", kaplan_meier = "Kaplan-Meier curves", failure = "Probability of an event",
  cumhaz = "Cumulative hazard", weighted = "weighted",
  faded = "Curves are faded where fewer than %d patients remain at risk.",
  bands = "Bands: %s confidence limits (%s).", ticks = "Ticks mark censored patients. Counts: before each time.",
  landmark = "Landmark", from_landmark = "The medians count from the landmark.", cumulative_incidence = "Cumulative incidence", by_cause = "Cause",
  -- regression
  forest = "Estimates with 95% confidence limits", variable = "Variable", level = "Level", reference = "Reference", hr = "HR", p = "p",
  univariable = "Univariable", multivariable = "Multivariable", not_estimable = "Not estimable",
  interaction = "p for interaction", favours = "Favours %s", events_n = "Events / N", overall = "Overall",
  -- response, safety
  change = "Best change from baseline (%)", change_at = "Change from baseline (%)",
  not_shown = "Not shown, without a measurement after baseline: %s.", response = "Response", best_response = "Best response",
  waterfall = "Best change of each patient",
  capped = "Bars are cut off at +%d%%: %s.", any_grade = "Any grade", grade = "Grade",
  event = "Event", estimate = "Estimate", published = "Published", computed = "Computed",
  status = "Status", quantity = "Quantity", rate = "Rate", from = "Method", patient = "Patient",
  -- flow
  excluded_n = "Excluded (n = %d)", no_exclusion = "no exclusions", analysed = "Analysed", flow = "Flow of patients", step = "Step",
  -- balance
  smd = "Absolute standardised mean difference", variance_ratio = "Variance ratio",
  unadjusted = "Unadjusted", adjusted = "Adjusted", propensity = "Propensity score", density = "Density",
  -- others
  months = "months", years = "years", days = "days", weeks = "weeks",
  sensitivity = "Sensitivity", false_positive = "1 − specificity", predicted = "Predicted", observed = "Observed",
  difference = "Difference", lower = "Lower limit", upper = "Upper limit", ongoing = "Ongoing",
}

local zh = {
  language = "zh",
  contents = "目录", table_ = "表", figure = "图", note = "注", warning = "警告", info = "说明",
  design = "设计", how = "计算方法", provenance = "来源", data_behind = "图中数据",
  download_svg = "下载 SVG", download_csv = "下载 CSV", simulated = "模拟数据：不含真实患者", recipe = "方案",
  options = "选项", excluded = "排除", warnings = "警告", method = "方法",
  rows_shown = "仅显示前 %d 行，共 %d 行；全部数据见 CSV。", text_alternative = "文字列表", scroll = "可横向滚动",
  at_risk = "风险人数", censored = "删失", events = "事件", number_at_risk = "风险人数", group = "组别",
  all = "全部", n = "例数", median = "中位数", ci95 = "95% CI", survival = "生存率", probability = "概率", time = "时间",
  kaplan_meier = "Kaplan-Meier 曲线", failure = "事件概率", cumhaz = "累积风险", weighted = "加权", faded = "风险人数少于 %d 例处曲线变淡。",
  bands = "阴影：%s 置信区间（%s）。", ticks = "短竖线表示删失。人数为各时间点之前的计数。", landmark = "界标时间", from_landmark = "中位数自界标时间起算。",
  cumulative_incidence = "累积发生率", by_cause = "原因",
  forest = "估计值及 95% 置信区间", variable = "变量", level = "水平", reference = "参照", hr = "HR", p = "p", univariable = "单因素",
  multivariable = "多因素", not_estimable = "无法估计", interaction = "交互作用 p", favours = "%s更优",
  events_n = "事件 / 例数", overall = "总体",
  change = "相对基线的最佳变化（%）", change_at = "相对基线的变化（%）", not_shown = "无基线后测量，未显示：%s。",
  response = "疗效", best_response = "最佳疗效", waterfall = "每例患者的最佳变化", capped = "柱在 +%d%% 处截断：%s。", any_grade = "任何级别", grade = "级别",
  event = "事件", estimate = "估计值", published = "已发表", computed = "计算值", status = "状态", quantity = "指标",
  rate = "率", from = "方法", patient = "患者",
  excluded_n = "排除（n = %d）", no_exclusion = "无排除", analysed = "纳入分析", flow = "患者流程", step = "步骤",
  smd = "标准化均数差（绝对值）", variance_ratio = "方差比", unadjusted = "调整前", adjusted = "调整后",
  propensity = "倾向性评分", density = "密度", months = "月", years = "年", days = "天", weeks = "周",
  sensitivity = "灵敏度", false_positive = "1 − 特异度", predicted = "预测", observed = "观察",
  difference = "差值", lower = "下限", upper = "上限", ongoing = "进行中",
}

local tables = { en = en, zh = zh }

--- The words of a language ("en", the default, or "zh").
function words.get(language)
  local found = tables[language or "en"]
  if not found then
    require("lunation.errors").raise("usage.language",
      "no fixed words in language '" .. tostring(language) .. "'", { hint = "known: en, zh" })
  end
  return found
end

return words
