-- SPDX-License-Identifier: GPL-3.0-or-later
-- words: the fixed words of figures, tables and reports, in English and Chinese.
local words = {}

local en = {
  language = "en",
  -- document
  contents = "Contents", table_ = "Table", figure = "Figure", note = "Note", warning = "Warning",
  info = "Note", design = "Design", how = "How this was computed",
  how_elsewhere = "How each result was computed stands below it in the HTML report.", provenance = "Provenance",
  data_behind = "Data behind this figure", download_svg = "Download SVG",
  download_csv = "Download CSV", simulated = "Simulated data: no patients",
  excluded = "Excluded", rows_shown = "The first %d of %d rows; all are in the CSV.",
  text_alternative = "The same as a list",
  not_drawn = "Not drawn, since small counts are suppressed: %s",
  -- survival
  at_risk = "At risk", censored = "Censored", events = "Events", number_at_risk = "Number at risk",
  group = "Group", all = "All", n = "N", median = "Median", ci95 = "95% CI", survival = "Survival",
  time = "Time", kaplan_meier = "Kaplan-Meier curves", failure = "Probability of an event",
  cumhaz = "Cumulative hazard", weighted = "weighted",
  faded = "Curves are faded where fewer than %d patients remain at risk.",
  bands = "Bands: %s confidence limits (%s).",
  ticks = "Ticks mark censored patients. Counts: before each time.", landmark = "Landmark",
  from_landmark = "The medians count from the landmark.",
  axis_from = "The vertical axis begins at %s.",
  cumulative_incidence = "Cumulative incidence", by_cause = "Cause",
  -- tables
  regression = "Regression", adverse = "Adverse events",
  pairwise = "Pairwise comparisons", comparison = "Comparison", adjusted_p = "adjusted *p*",
  ph_p = "*p* (PH)", ph_table = "Test of proportional hazards", ne_note = "NE, not estimable.",
  per_unit = "Numbers: per unit of the variable.", per = ", per %s", per_years = "year",
  per_months = "month", per_weeks = "week", per_days = "day",
  estimate = "Estimate", missing = "missing",
  size = "%s: N = %s", size_events = "%s: N = %s, %s events",
  worst_grade = "Each of the %s patients counts once in a row, at the worst grade.",
  -- regression
  forest = "Estimates with 95% confidence limits", variable = "Variable", level = "Level",
    reference = "Reference", hr = "HR", p = "p",
  not_estimable = "Not estimable",
  interaction = "p for interaction", log_scale = "%s (log scale)",
  favours = "Favours %s", events_n = "Events / N",
  -- response, safety
  change = "Best change from baseline (%)", change_at = "Change from baseline (%)",
  not_shown = "Not shown, without a measurement after baseline: %s.", response = "Response",
  best_response = "Best response", not_assessed = "Not assessed: %d",
  left_out = "%s: %d left out", waterfall = "Best change of each patient",
  capped = "Bars are cut off at +%d%%: %s.", any_grade = "Any grade", grade = "Grade",
  event = "Event", published = "Published",
  quantity = "Quantity", patient = "Patient",
  -- flow
  excluded_n = "Excluded (n = %s)", flow = "Flow of patients", step = "Step",
  -- balance
  smd = "Absolute standardised mean difference", smd_short = "Absolute SMD",
  variance_ratio = "Variance ratio",
  ratio_lines = "Lines at variance ratios of 0.5 and 2; binary covariates have none.",
  unadjusted = "Unadjusted", adjusted = "Adjusted", propensity = "Propensity score",
  density = "Density",
  -- others
  months = "months", years = "years", days = "days", weeks = "weeks",
  sensitivity = "Sensitivity", false_positive = "1 − specificity", predicted = "Predicted probability",
  observed = "Observed probability", groups_observed = "Observed in groups of patients (95% CI)",
  rmst_difference = "Difference in restricted mean survival: %s − %s",
  horizon = "Horizon", calibration = "Calibration", smoothed = "Smoothed",
  roc = "Receiver operating characteristic", residuals = "Scaled Schoenfeld residuals",
  ph_test = "Grambsch–Therneau test", overlap = "Overlap of the propensity score",
  loglog = "Log-log survival", difference = "Difference", lower = "Lower limit",
  upper = "Upper limit", ongoing = "Ongoing", cutoff = "data cut-off",
  swimmer = "Course of each patient", start = "From", stop = "To",
  spider = "Change of each patient over time",
  cut_values = "%d values above +%d%% are drawn there.", sankey = "Transitions", origin = "From",
  target = "To",
}

local zh = {
  language = "zh",
  contents = "目录", table_ = "表", figure = "图", note = "注", warning = "警告", info = "说明",
  design = "设计", how = "计算方法",
  how_elsewhere = "各结果的计算方法见 HTML 报告。", provenance = "来源", data_behind = "图中数据",
  download_svg = "下载 SVG", download_csv = "下载 CSV", simulated = "模拟数据：不含真实患者",
  excluded = "排除",
  rows_shown = "仅显示前 %d 行，共 %d 行；全部数据见 CSV。", text_alternative = "文字列表",
  not_drawn = "因小计数需隐藏，未绘制：%s",
  at_risk = "风险人数", censored = "删失", events = "事件", number_at_risk = "风险人数", group = "组别",
  all = "全部", n = "例数", median = "中位数", ci95 = "95% CI", survival = "生存率", time = "时间",
  kaplan_meier = "Kaplan-Meier 曲线", failure = "事件概率", cumhaz = "累积风险", weighted = "加权",
  faded = "风险人数少于 %d 例处曲线变淡。", bands = "阴影：%s 置信区间（%s）。", ticks = "短竖线表示删失。人数为各时间点之前的计数。",
  landmark = "界标时间", from_landmark = "中位数自界标时间起算。",
  axis_from = "纵轴自 %s 开始。", cumulative_incidence = "累积发生率", by_cause = "原因",
  regression = "回归分析", adverse = "不良事件", pairwise = "两两比较", comparison = "比较",
  adjusted_p = "校正后 *p*",
  ph_p = "*p*（PH）", ph_table = "比例风险检验", ne_note = "NE：无法估计。", per_unit = "数值变量：每增加一个单位。",
  per = "（每 %s）", per_years = "年", per_months = "月", per_weeks = "周", per_days = "天",
  estimate = "估计值", missing = "缺失", size = "%s：n = %s", size_events = "%s：n = %s，事件 %s",
  worst_grade = "%s 例患者在每行中按最高级别计一次。",
  forest = "估计值及 95% 置信区间", variable = "变量", level = "水平", reference = "参照", hr = "HR", p = "p",
  not_estimable = "无法估计", interaction = "交互作用 p",
  log_scale = "%s（对数刻度）", favours = "%s更优",
  events_n = "事件 / 例数",
  change = "相对基线的最佳变化（%）", change_at = "相对基线的变化（%）", not_shown = "无基线后测量，未显示：%s。",
  response = "疗效", best_response = "最佳疗效", not_assessed = "未评估：%d",
  left_out = "%s：排除 %d", waterfall = "每例患者的最佳变化", capped = "柱在 +%d%% 处截断：%s。",
  any_grade = "任何级别", grade = "级别", event = "事件", published = "已发表",
  quantity = "指标", patient = "患者",
  excluded_n = "排除（n = %s）", flow = "患者流程", step = "步骤",
  smd = "标准化均数差（绝对值）", smd_short = "标准化均数差", variance_ratio = "方差比",
  ratio_lines = "虚线为方差比 0.5 与 2；二分类变量无方差比。", unadjusted = "调整前", adjusted = "调整后",
  propensity = "倾向性评分", density = "密度", months = "月", years = "年", days = "天", weeks = "周",
  sensitivity = "灵敏度", false_positive = "1 − 特异度", predicted = "预测概率", observed = "观察概率",
  groups_observed = "各组患者的观察值（95% CI）",
  rmst_difference = "限制性平均生存时间差：%s − %s", horizon = "时间上限", calibration = "校准", smoothed = "平滑曲线",
  roc = "受试者工作特征", residuals = "标准化 Schoenfeld 残差", ph_test = "Grambsch–Therneau 检验",
  overlap = "倾向性评分重叠", loglog = "双对数生存曲线", difference = "差值", lower = "下限", upper = "上限",
  ongoing = "进行中", cutoff = "数据截止", swimmer = "每例患者的病程", start = "开始", stop = "结束",
  spider = "每例患者随时间的变化", cut_values = "%d 个高于 +%d%% 的值画在该处。", sankey = "转移", origin = "来自",
  target = "去往",
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

--- A fixed sentence in a language, as far as it is known there; what figures are told.
function words.known(language, text)
  if language ~= "zh" then return text end
  return require("lunation.report.chinese").text(text)
end

return words
