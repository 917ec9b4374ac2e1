#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A few of the allocations that `make fault` lets fail.
POINTS=20 exec tests/fault/run
