-- SPDX-License-Identifier: GPL-3.0-or-later
-- factor: any column as a factor. Texts become levels in bytewise order, numbers in increasing
-- order.
return require("lunation.core").factor.factor
