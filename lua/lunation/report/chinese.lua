-- SPDX-License-Identifier: GPL-3.0-or-later
-- chinese: the sentences of a report in Chinese. Words that are asked for by a key while a table or
-- a figure is made are in lunation.report.words; what results and reports say in English sentences
-- is laid over with Chinese here, once the document is made. Names that the recipe gives stay as
-- they are.
-- WORDS stand for a whole label or cell. PHRASES are replaced wherever they stand, in this order:
-- {} is any text, {n} a number, both kept in their order.
local M = {}

M.WORDS = {
  ["Summary"] = "摘要", ["Patients"] = "患者", ["Methods"] = "统计方法",
  ["Sensitivity analyses"] = "敏感性分析", ["Published beside computed"] = "已发表结果与计算结果对照",
  ["Patients analysed"] = "纳入分析的患者", ["Patients read"] = "读入的患者",
  ["Published figures as expected"] = "与预期相符的已发表数值", ["Key results"] = "主要结果",
  ["Flow of patients"] = "患者流程", ["Endpoints"] = "终点", ["Endpoint"] = "终点", ["n"] = "例数",
  ["N"] = "例数", ["Events"] = "事件", ["Censored"] = "删失", ["Time in"] = "时间单位",
  ["Left out"] = "排除", ["none"] = "无", ["all"] = "全部", ["All"] = "全部", ["Classes"] = "分类",
  ["Class"] = "分类", ["Levels"] = "水平", ["Baseline characteristics"] = "基线特征",
  ["missing"] = "缺失", ["Missing"] = "缺失", ["Univariable"] = "单因素", ["Multivariable"] = "多因素",
  ["Chi-square"] = "卡方值", ["df"] = "自由度", ["Balance"] = "均衡性", ["Weights"] = "权重",
  ["SMD before"] = "加权前 SMD", ["Variance ratio before"] = "加权前方差比", ["KS before"] = "加权前 KS",
  ["after"] = "加权后", ["Group"] = "组别", ["Effective n"] = "有效例数", ["Unweighted"] = "未加权",
  ["Weighted"] = "加权", ["unweighted"] = "未加权", ["weighted, robust"] = "加权（稳健方差）",
  ["weighted, estimation of the weights included"] = "加权（含权重估计）", ["global"] = "总体检验",
  ["Patient"] = "患者", ["Response"] = "疗效", ["Code"] = "代码", ["Row"] = "行", ["Lesion"] = "病灶",
  ["Why"] = "原因", ["Variant"] = "变体", ["Entry of the recipe"] = "方案条目", ["Main"] = "主分析",
  ["Estimate"] = "估计值", ["Figure"] = "数值", ["Published"] = "已发表", ["Computed"] = "计算值",
  ["Status"] = "状态", ["Source and remarks"] = "来源与备注", ["reproduced"] = "一致",
  ["within rounding"] = "舍入误差内一致", ["differs"] = "不同", ["not computed"] = "未计算",
  ["ambiguous"] = "不明确", ["same"] = "相同", ["(nothing)"] = "（无）", ["Recipe"] = "方案",
  ["Recipe SHA-256"] = "方案 SHA-256", ["Program"] = "程序", ["Seed"] = "随机种子",
  ["Results SHA-256 (10 digits)"] = "结果 SHA-256（10 位）", ["Source"] = "来源",
  ["What each variant does otherwise"] = "各变体的不同之处",
  ["Results that a variant changes, beside the main ones"] = "变体改变的结果与主分析对照",
  ["What the source printed, and what this run computed at the same digits"] =
    "原文数值与本次计算（相同位数）",
  ["No variant changes an estimate."] = "没有变体改变任何估计值。",
  ["Tests of the terms"] = "各项的检验", ["Term"] = "项", ["Test"] = "检验", ["Model"] = "模型",
  ["Wald chi-square"] = "Wald 卡方值", ["LR chi-square"] = "似然比卡方值", ["The data sets"] = "数据集",
  ["Counts and percentages"] = "例数与百分比", ["Mean (SD)"] = "均数（标准差）",
  ["Median (IQR)"] = "中位数（四分位数）", ["Range"] = "范围", ["months"] = "月", ["days"] = "天",
  ["weeks"] = "周", ["years"] = "年", ["Best response"] = "最佳疗效", ["objective response"] = "客观缓解",
  ["disease control"] = "疾病控制", ["restricted mean"] = "限制性平均", ["Effect"] = "效应",
  ["Statistic"] = "统计量", ["Analysis"] = "分析", ["Item"] = "条目", ["What is asked"] = "要求",
  ["In this report"] = "本报告中的位置", ["The author writes"] = "须由作者撰写",
  ["naive (known from the start)"] = "朴素（视为起点已知）", ["time-dependent"] = "时间依赖",
  ["reproduced (expected to be approximate)"] = "一致（预期为近似）",
  ["reproduced (only the direction is published)"] = "一致（仅发表方向）",
  ["reproduced (the source contradicts itself)"] = "一致（原文自相矛盾）",
  ["within rounding (expected to be approximate)"] = "舍入误差内一致（预期为近似）",
  ["differs (expected to be approximate)"] = "不同（预期为近似）",
  ["differs (only the direction is published)"] = "不同（仅发表方向）",
  ["differs (the source contradicts itself)"] = "不同（原文自相矛盾）",
  ["No event on the last day"] = "末日无事件",
  ["Course of each patient"] = "各患者的病程",
  ["Best change of each patient"] = "各患者的最佳变化",
  ["Calibration"] = "校准",
  ["Cross-table"] = "列联表",
  ["Summary of numbers"] = "数值汇总",
  ["Restricted mean survival"] = "限制性平均生存时间",
  ["Adjusted survival"] = "校正生存",
  ["Restricted mean survival time"] = "限制性平均生存时间",
  ["Step"] = "步骤", ["Undecided"] = "无法判断", ["Kept (95% CI)"] = "保留（95% CI）",
  ["this item"] = "本条目", ["Method"] = "方法", ["They agree on every patient."] = "二者对每例患者一致。",
  ["Patients refused by the response criteria"] = "未被疗效标准接受的患者",
  ["They enter no rate, class or endpoint that these responses lead to."] =
    "他们不进入由这些疗效得出的任何率、分类或终点。",
}

local WAYS = "按 Brookmeyer–Crowley 法反转置信带得到（1982；恰为一半的平段取其中点，同 R）"

M.PHRASES = {
  { ": {n} of {n} shrank, {n} by 30% or more; {n} without a measurement",
    "：{2} 例中 {1} 例缩小，其中 {3} 例缩小 30% 以上；{4} 例无测量" },
  { "{n} of {n} patients were analysed.", "{2} 例患者中分析了 {1} 例。" },
  { "{n} patients were analysed.", "分析了 {1} 例患者。" },
  { ": the median is not reached.", "：未达到中位数。" }, { ": median ", "：中位数 " },
  { "This comparison counts immortal time, which favours the later group.",
    "该比较含有永恒时间，对较晚确定的组有利。" },
  { "Compared from the start of the clock on, but known only later: until then these patients cannot "
    .. "have the event (immortal time), which makes the later group look better than it is. A landmark "
    .. "analysis or the time-dependent form does not.",
    "以下分组从时间起点开始比较，但要到之后才能确定：在此之前这些患者不可能发生事件（永恒时间），使较晚确定的组"
    .. "显得更好。界标分析或时间依赖分析没有这一问题。" },
  { "{} is compared from {} on ({}), but becomes known only at {}: until then its patients cannot "
    .. "have the event (immortal time)",
    "{1} 自 {2} 起比较（{3}），但到 {4} 才能确定：在此之前其患者不可能发生事件（永恒时间）" },
  { ", known only from its date on (", "，自其日期起才能确定 (" },
  { ": the group ", "：组 " },
  { " has no event; its hazard ratio is not finite", " 无事件，其风险比不是有限值" },
  { ": cannot be decided (missing value)", "：无法判断（缺失值）" },
  { ": not met", "：不符合" },
  { "Patients read", "读入的患者" }, { "Patients analysed", "纳入分析的患者" },
  { "The same as a list", "文字列表" }, { " of patients left out", "" },
  { "{} by {}, Kaplan-Meier estimates.", "{1}（按 {2} 分组），Kaplan-Meier 估计。" },
  { ", Kaplan-Meier estimates.", "，Kaplan-Meier 估计。" },
  { ", hazard ratios of the model.", "，模型的风险比。" },
  { "Odds ratios of the model.", "模型的优势比。" },
  { ", cumulative incidence.", "，累积发生率。" },
  { "Propensity score of the groups of {}.", "{1} 各组的倾向性评分。" },
  { "Differences between the groups of {} before and after weighting.",
    "{1} 各组加权前后的差异。" },
  { "Differences between the groups before and after weighting.",
    "加权前后的组间差异。" },
  { "All (n = ", "全部 (n = " },
  { ", median (IQR)", "，中位数（四分位数）" },
  { ", mean (SD)", "，均数（标准差）" },
  { "median (quartiles, R type {n})", "中位数（四分位数，R 第 {1} 型）" },
  { "n (% of the known values)", "例数（占已知值的百分比）" },
  { "n (% of the column)", "例数（占该列的百分比）" },
  { "SMD: standardised mean difference", "SMD：标准化均数差" },
  { "Mann-Whitney test", "Mann-Whitney 检验" }, { "chi-square test", "卡方检验" },
  { "Fisher's exact test", "Fisher 精确检验" },
  { "Kruskal-Wallis test", "Kruskal-Wallis 检验" },
  { "Welch's t test", "Welch t 检验" },
  { "Reverse Kaplan-Meier estimate", "反向 Kaplan-Meier 估计" },
  { "Kaplan-Meier estimate; ", "Kaplan-Meier 估计；" },
  { "{n}% limits from Greenwood's variance on the {} scale",
    "{1}% 置信限按 Greenwood 方差（{2} 尺度）" },
  { "{n}% limits from the robust variance (infinitesimal jackknife) on the {} scale",
    "{1}% 置信限按稳健方差（无穷小刀切法，{2} 尺度）" },
  { "medians by inverting the band (Brookmeyer and Crowley {n}; a flat stretch at one half gives its "
    .. "middle, as in R)", "中位数的置信限" .. WAYS },
  { "medians symmetric, with the standard error of SPSS (density from the {n}% and {n}% points)",
    "中位数取对称置信限，标准误同 SPSS（密度由 {1}% 与 {2}% 分位点得到）" },
  { "Sampling weights; their estimation is not in the variance.",
    "抽样权重；方差不含权重的估计。" },
  { "Log-rank test of each pair on its own patients; p-values adjusted for {n} comparisons by {}.",
    "各对组以其自身患者作对数秩检验；p 值按 {2} 法对 {1} 次比较校正。" },
  { "Log-rank test; sampling weights, robust score variance, Efron's ties; the estimation of the weights "
    .. "is not in it.", "对数秩检验；抽样权重，稳健得分方差，Efron 法处理同时事件；不含权重的估计。" },
  { "Log-rank test: chi-square {n} on {n} degree of freedom",
    "对数秩检验：卡方值 {1}，自由度 {2}" },
  { "Log-rank test: chi-square {n} on {n} degrees of freedom",
    "对数秩检验：卡方值 {1}，自由度 {2}" },
  { "Log-rank test", "对数秩检验" },
  { "Cox proportional-hazards regression, {}'s ties",
    "Cox 比例风险回归，{1} 法处理同时事件" },
  { "sampling weights, robust (sandwich) variance", "抽样权重，稳健（夹心）方差" },
  { "sampling weights, variance that includes the estimation of the weights",
    "抽样权重，方差含权重的估计" },
  { "Wald limits ({n}%) and p-values.", "Wald 置信限（{1}%）与 p 值。" },
  { "Wald limits and p-values", "Wald 置信限与 p 值" },
  { "maximum likelihood", "最大似然法" }, { "reference level ", "参照水平 " },
  { "{n} patients with a missing value left out.", "{1} 例因缺失值未纳入。" },
  { "{n} patients without a value of {} left out.", "{1} 例缺少 {2} 未纳入。" },
  { "Score test of proportional hazards against a change with Kaplan-Meier transformed time.",
    "比例风险的得分检验（时间经 Kaplan-Meier 变换）。" },
  { "{n}% limits: Clopper & Pearson {n} (exact)",
    "{1}% 置信限：Clopper–Pearson（{2}，精确法）" },
  { "percentages of patients with a known value", "百分比以已知值的患者为分母" },
  { "percentages of patients with a class", "百分比以已分类的患者为分母" },
  { "percentages of all patients", "百分比以全部患者为分母" },
  { "SMD denominator: pooled, of the unweighted sample; binary: ",
    "SMD 分母：未加权样本的合并标准差；二分类变量：" },
  { "propensity score by logistic regression; ", "倾向性评分由 logistic 回归估计；" },
  { "average treatment effect", "平均处理效应" }, { ", stabilised", "，稳定化权重" },
  { "without a weight because a value is missing: ", "因缺失值无权重：" },
  { "left out because a value is missing: ", "因缺失值未纳入：" },
  { " is missing: ", " 缺失：" },
  { "Landmark at {} days: {n} patients were still observed",
    "界标 {1} 天：仍有 {2} 例在观察中" },
  { "Landmark at {} months: {n} patients were still observed",
    "界标 {1} 月：仍有 {2} 例在观察中" },
  { "event up to the landmark: ", "界标前发生事件：" },
  { "censored up to the landmark: ", "界标前删失：" },
  { "Median follow-up (reverse Kaplan-Meier): ", "中位随访（反向 Kaplan-Meier）：" },
  { "best response confirmed after {n} days", "最佳疗效在 {1} 天后确认" },
  { "SD from day ", "SD 自第 " },
  { "; FDA censoring", " 天起；FDA 删失规则" },
  { "quartiles by R's type {n}; SD with n - {n}",
    "四分位数按 R 第 {1} 型；标准差以 n − {2} 为分母" },
  { "The {n} patients on whom they differ", "二者不一致的 {1} 例患者" },
  { "{n} patients, agreement {n}%, kappa ", "{1} 例患者，一致率 {2}%，kappa " },
  { ", weighted ", "，加权 " },
  { "The data sets stand in ", "数据集见 " }, { " rows)", " 行)" },
  { "{n} rows, {n} columns", "{1} 行，{2} 列" },
  { ", version ", "，版本 " },
  { "Data: ", "数据：" },
  { "Data sets: ", "数据集：" }, { ", events", "，事件" }, { "{n} of {n}", "{1} / {2}" },
  { "In bold: a conclusion changes, that is an interval crosses no effect in one and not in the other, "
    .. "or p = 0.05 is crossed. same: as the main result. An empty cell: the variant does not run that analysis.",
    "粗体：结论改变，即一个区间跨过无效应值而另一个没有，或跨过 p = 0.05。空格：该变体不运行此分析。" },
  { "; the interval now crosses {n}", "；区间现跨过 {1}" },
  { "; p is no longer below {n}", "；p 不再低于 {1}" },
  { "Median at", "中位数" },
  { "Median, ", "中位数，" },
  { "Scaled Schoenfeld residuals: a slope is a hazard ratio that changes with time.",
    "标准化 Schoenfeld 残差：有斜率即风险比随时间变化。" },
  -- headings of analyses without a title of their own
  { "Curves of an exposure that begins during follow-up: ", "随访期间开始的暴露的曲线：" },
  { "An exposure that begins during follow-up: ", "随访期间开始的暴露：" },
  { "Two assessments of the same patients: ", "同一患者的两种评估：" },
  { "Tests of survival between groups: ", "组间生存检验：" },
  { "Best change of each patient: ", "各患者的最佳变化：" },
  { "Propensity-score weighting: ", "倾向性评分加权：" },
  { "Time-dependent ROC curves: ", "时间依赖 ROC 曲线：" },
  { "Restricted mean survival: ", "限制性平均生存时间：" },
  { "Baseline characteristics: ", "基线特征：" },
  { "Counts and percentages: ", "例数与百分比：" },
  { "Course of each patient: ", "各患者的病程：" },
  { "Concordance of models: ", "模型的一致性：" },
  { "Cumulative incidence: ", "累积发生率：" },
  { "Fine-Gray regression: ", "Fine-Gray 回归：" },
  { "Pairwise comparisons: ", "两两比较：" },
  { "Logistic regression: ", "logistic 回归：" },
  { "Summary of numbers: ", "数值汇总：" },
  { "Adjusted survival: ", "校正生存：" },
  { "Landmark analysis: ", "界标分析：" },
  { "Flow of patients: ", "患者流程：" },
  { "Cox regression: ", "Cox 回归：" },
  { "Brier score: ", "Brier 评分：" },
  { "Cross-table: ", "列联表：" },
  { "Bootstrap: ", "自助法：" },
  { "Min, ", "最小值，" }, { "Max, ", "最大值，" }, { "Excluded, ", "排除，" },
  { "Length, {} ({})", "病程长度，{1}（{2}）" },
  { ") for {}, p ", ")，{1}，p " }, { "回归分析, ", "回归分析，" },
  { "landmark at {n} months", "界标 {1} 月" }, { "landmark at {n} days", "界标 {1} 天" },
  { "landmark at {n} weeks", "界标 {1} 周" }, { "landmark at {n} years", "界标 {1} 年" },
  { " {n} patients are in more than one group and count in each: the groups of a pair are then not "
    .. "independent.", "{1} 例属于一个以上的组并在每组中计数：此时成对的组并不独立。" },
  { " (censoring is the event, as R does with 1 - status)", "（以删失为事件，同 R 的 1 − status）" },
  { "Effective sample size after weighting: ", "加权后有效例数：" },
  { "Survival at {n} months", "{1} 月生存率" },
  { "Survival at {n} days", "{1} 天生存率" },
  { "Univariable", "单因素" }, { "Multivariable", "多因素" },
  { ", Brier score ", "，Brier 评分 " },
  { " begins during follow-up: a patient must live long enough to get there. Counting it from the start "
    .. "credits that waiting time to the exposure (immortal time) and makes it look better than it is. The "
    .. "landmark and time-dependent forms do not.",
    " 在随访期间才开始：患者必须活到那时。若从起点计入，这段等待时间（永恒时间）会被归于暴露，使其显得更好。界标与时间依赖分析没有这一问题。" },
  { "How each result was computed", "各结果的计算方法" },
  { "Counts from 1 to {n} are shown as ", "1 至 {1} 的计数显示为 " },
  { "Shares of the patients before each step; {n}% limits: Clopper and Pearson, exact.",
    "占各步骤之前患者的比例；{1}% 置信限：Clopper–Pearson，精确法。" },
  { "{n} lanes in months; {n} patients without a start or an end have none.",
    "{1} 条病程（月）；{2} 例缺少开始或结束，未画出。" },
  { "{n} patients, {n} with any shrinkage; ", "{1} 例患者，{2} 例有缩小；" },
  { "{n} patients, {n} ongoing.", "{1} 例患者，{2} 例进行中。" },
  { "Best response of the {n} patients whom both assessed; kappa with the standard error of Fleiss, Cohen "
    .. "and Everitt (1969); weighted kappa with linear weights over CR, PR, SD and PD.",
    "二者均评估的 {1} 例患者的最佳疗效；kappa 的标准误按 Fleiss、Cohen 与 Everitt（1969）；加权 kappa 对 CR、PR、SD、PD 用线性权重。" },
  { "Aalen-Johansen estimate; {n}% limits on the {} scale from the infinitesimal jackknife (as survival).",
    "Aalen-Johansen 估计；{1}% 置信限（{2} 尺度，无穷小刀切法，同 survival）。" },
  { "Gray's test", "Gray 检验" },
  { "Best change of {n} patients; {n} without a measurement are listed, not dropped.",
    "{1} 例患者的最佳变化；{2} 例无测量者列出而非剔除。" },
  { "weighted, robust：", "加权（稳健方差）：" },
  { "weighted, estimation of the weights included：", "加权（含权重估计）：" },
  -- the paragraph on methods
  { " were counted from ", " 自 " }, { " was counted from ", " 自 " },
  { " to death of any cause; patients alive were censored at their last contact.",
    " 计至任何原因的死亡；存活者于末次联系时删失。" },
  { " to the first of progression and death; others were censored at their last assessment.",
    " 计至进展或死亡（以先发生者为准）；其他患者于末次评估时删失。" },
  { " to the first of recurrence and death; others were censored at their last assessment.",
    " 计至复发或死亡（以先发生者为准）；其他患者于末次评估时删失。" },
  { " to progression; death without progression ends the observation and does not count.",
    " 计至进展；未进展的死亡终止观察，不计为事件。" },
  { " to death; patients alive were censored at their last contact. Patients without progression are left out and counted.",
    " 计至死亡；存活者于末次联系时删失。未进展者不纳入并计数。" },
  { " to the first (confirmed) response; responders only.",
    " 计至首次（确认的）缓解；仅限缓解者。" },
  { "surgery (or complete response)", "手术（或完全缓解）" },
  { "the first (confirmed) response", "首次（确认的）缓解" },
  { " to the first of progression and death; responders only.",
    " 计至进展或死亡；仅限缓解者。" },
  { "Numeric variables are described by medians and quartiles (R type {n}).",
    "数值变量以中位数和四分位数（R 第 {1} 型）描述。" },
  { "Categorical variables are described by counts and percentages of the patients with a known value.",
    "分类变量以例数及占已知值患者的百分比描述。" },
  { "Proportions have exact (Clopper-Pearson) {n}% confidence limits.",
    "率的 {1}% 置信限用精确法（Clopper–Pearson）。" },
  { "Groups were compared by the {}, as the data called for.",
    "组间比较按数据情况采用 {1}。" },
  { "Imbalance between groups is given as the standardised mean difference.",
    "组间不均衡以标准化均数差表示。" },
  { "Factors were cross-tabulated and compared by {}.",
    "分类变量作列联表并以 {1} 比较。" },
  { "Survival was estimated by the Kaplan-Meier method, with {n}% confidence limits from Greenwood's "
    .. "variance on the {} scale and ", "生存率用 Kaplan-Meier 法估计，{1}% 置信限按 Greenwood 方差（{2} 尺度），" },
  { "Survival was estimated by the Kaplan-Meier method, with ",
    "生存率用 Kaplan-Meier 法估计，" },
  { "Follow-up was estimated by the reverse Kaplan-Meier method {}.",
    "随访时间用反向 Kaplan-Meier 法估计。" },
  { "Hazard ratios are from Cox proportional-hazards regression with {}'s handling of ties, with Wald "
    .. "confidence limits ({n}%) and p-values.", "风险比来自 Cox 比例风险回归（{1} 法处理同时事件），给出 Wald 置信限（{2}%）与 p 值。" },
  { "Cox regression was also fitted with {}.", "另以 {1} 拟合 Cox 回归。" },
  { "Proportional hazards were examined by the score test of Grambsch and Therneau, {}.",
    "比例风险假定用 Grambsch–Therneau 得分检验考察。" },
  { "Odds ratios are from logistic regression ({}), with {}.",
    "优势比来自 logistic 回归（{1}），给出 {2}。" },
  { "Propensity scores were estimated by logistic regression; patients were weighted for the {}.",
    "倾向性评分由 logistic 回归估计；患者按 {1} 加权。" },
  { "Patients with a missing value of a variable were left out of the analyses that need it.",
    "变量缺失的患者不进入需要该变量的分析。" },
  { "Sensitivity analyses: {}.", "敏感性分析：{1}。" },
  { "p-values are two-sided and not adjusted for multiple testing unless stated.",
    "除非注明，p 值为双侧且未作多重检验校正。" },
  { "All analyses were run with Lunation {} (recipe {}，版本 {}).",
    "所有分析均由 Lunation {1} 完成（方案 {2}，版本 {3}）。" },
  { "Survival curves were compared by the log-rank test{}.", "生存曲线用对数秩检验比较{1}。" },
  { "Weighted curves were compared by the log-rank test (robust score variance, {}'s ties; the "
    .. "estimation of the weights is not in it).",
    "加权曲线用对数秩检验比较（稳健得分方差，{1} 法处理同时事件；不含权重的估计）。" },
  { "Weighted Kaplan-Meier curves have {n}% confidence limits from the robust variance "
    .. "(infinitesimal jackknife) on the {} scale; the estimation of the weights is not in them.",
    "加权 Kaplan-Meier 曲线的 {1}% 置信限按稳健方差（无穷小刀切法，{2} 尺度）；不含权重的估计。" },
  { "Pairs of groups were compared by the log-rank test, each on its own patients, with p-values "
    .. "adjusted for {n} comparisons by {}.", "各对组以其自身患者作对数秩检验，p 值按 {2} 法校正。" },
  { "sampling weights and robust (sandwich) variance", "抽样权重与稳健（夹心）方差" },
  { "sampling weights and variance that includes the estimation of the weights",
    "抽样权重与含权重估计的方差" },
  { "Balance is given as standardised mean differences over the pooled standard deviation of the "
    .. "unweighted sample (binary variables: {}).",
    "均衡性以标准化均数差表示，分母为未加权样本的合并标准差（二分类变量：{1}）。" },
  { "检验 and ", "检验与" }, { "unweighted：", "未加权：" }, { "log-rank", "对数秩" },
}

-- --- how they are laid over a text -----------------------------------------------------------------

local compiled

-- A phrase as a pattern and a template of its captures.
local function compile(phrase)
  local pattern = phrase[1]:gsub("[%^%$%(%)%%%.%[%]%*%+%-%?]", "%%%0")
  pattern = pattern:gsub("{n}", "([%%d.,]+)"):gsub("{}", "(.-)")
  local to = phrase[2]:gsub("%%", "%%%%"):gsub("{(%d)}", "%%%1")
  return { pattern, to }
end

-- Marks behind Chinese letters (three bytes from E4 on, or their brackets) are Chinese ones.
local function punctuated(s)
  s = s:gsub("([\xE4-\xE9][\x80-\xBF][\x80-\xBF]); ", "%1；"):gsub("(）); ", "%1；")
  s = s:gsub("([\xE4-\xE9][\x80-\xBF][\x80-\xBF]), ", "%1，"):gsub("(）), ", "%1，")
  s = s:gsub("([\xE4-\xE9][\x80-\xBF][\x80-\xBF])%. ?", "%1。"):gsub("(）)%. ?", "%1。")
  return (s:gsub("。 ", "。"))
end

--- A text in Chinese, as far as it is known.
function M.text(s)
  if M.WORDS[s] then return M.WORDS[s] end
  if not compiled then
    compiled = {}
    for i, phrase in ipairs(M.PHRASES) do compiled[i] = compile(phrase) end
  end
  local known = s
  for _, p in ipairs(compiled) do known = known:gsub(p[1], p[2]) end
  return known ~= s and punctuated(known) or s
end

local function each(list, change)
  for i, s in ipairs(list) do list[i] = change(s) end
end

-- What a variant changed, in its cell.
local function changed(s)
  return (s:find("; the interval now", 1, true) or s:find("; p is no", 1, true)) and M.text(s) or s
end

local function translate_table(b)
  for _, column in ipairs(b.columns) do
    if column.label then column.label = M.text(column.label) end
  end
  for _, group in ipairs(b.groups) do group.label = M.text(group.label) end
  for _, row in ipairs(b.rows) do
    for j, column in ipairs(b.columns) do
      local s = row[column.key]
      if type(s) == "string" then
        row[column.key] = j == 1 and M.text(s) or M.WORDS[s] or changed(s)
      end
    end
  end
end

local function walk(blocks)
  for _, b in ipairs(blocks) do
    if b.title then b.title = M.text(b.title) end
    if b.text and b.kind ~= "code" then b.text = M.text(b.text) end
    if b.caption then b.caption = M.text(b.caption) end
    if b.items then each(b.items, M.text) end
    if b.notes then each(b.notes, M.text) end
    for _, pair in ipairs(b.pairs or {}) do
      pair[1] = M.text(pair[1])
      if type(pair[2]) == "string" then pair[2] = M.text(pair[2]) end
    end
    if b.kind == "table" then translate_table(b) end
    if b.blocks then walk(b.blocks) end
  end
end

--- Lays the fixed sentences in Chinese over a finished document.
function M.document(doc)
  if doc.subtitle then doc.subtitle = M.text(doc.subtitle) end
  walk(doc.blocks)
end

return M
