# SPDX-License-Identifier: GPL-3.0-or-later
# Help and explain know commands, kinds of analyses and codes, and say so of what they do not know.
. tests/shell/tap.sh
exits 0 "help of a command" "$lunation" help run
says "lunation run RECIPE" "its usage"
exits 0 "help of an analysis" "$lunation" help landmark
says "landmark .*required. an endpoint of this recipe" "its keys"
exits 0 "help of a code" "$lunation" help data.date
says "What to do" "what to do"
exits 0 "an analysis is explained too" "$lunation" explain cuminc
says "competing events" "what it does"
exits 2 "an unknown topic" "$lunation" help landmrak
says 'did you mean "landmark"' "what was meant"
exits 2 "an unknown code" "$lunation" explain nosuch
says "stands in brackets" "where codes are found"
