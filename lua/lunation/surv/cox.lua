-- SPDX-License-Identifier: GPL-3.0-or-later
-- cox: proportional-hazards regression of an endpoint.
local model = require "lunation.surv.cox_model"
require "lunation.surv.cox_rows"
require "lunation.surv.cox_tests"
require "lunation.surv.cox_predict"
require "lunation.surv.cox_curve"

local M = {}

--- Fits terms to an endpoint: see lunation.surv.cox_model.
M.fit = model.fit

return M
