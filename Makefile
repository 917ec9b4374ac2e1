# SPDX-License-Identifier: GPL-3.0-or-later
# make run     install what is missing, build, run the conversion-surgery study to its report
# make test    install what is missing, build, run all tests
# make lint asan fault test-browser reference bench: what else must hold; .ci/run does it all
# make install [PREFIX=/usr/local] [DESTDIR=]
# make sandbox DIR=...   every hostile plug-in of a folder ends as its MANIFEST.tsv says
# B=DIR builds somewhere else than build/.

B       ?= build
CC      ?= gcc
# -ffp-contract=off: the same bits whatever the compiler would fuse.
CFLAGS  ?= -O2 -g
CFLAGS_ALL = -std=c11 -D_GNU_SOURCE -fPIC -Wall -Wextra -Wshadow -Wstrict-prototypes \
          -Wmissing-prototypes -Wvla -Wpointer-arith -ffp-contract=off -fno-fast-math \
          -fexcess-precision=standard -Iruntime -I$(B)/gen -I/usr/include/lua5.4 $(CFLAGS)
LDFLAGS ?=
STATIC   = -Wl,-Bstatic
DYNAMIC  = -Wl,-Bdynamic
LIBS     = $(STATIC) -lyaml -lgsl -lgslcblas -lmd $(DYNAMIC) -lm -lpthread -ldl
# The whole of liblua is exported, so that C modules (cjson, lpeg) can be loaded.
LUALIB   = $(STATIC) -Wl,--whole-archive -llua5.4 -Wl,--no-whole-archive $(DYNAMIC) -Wl,-E

DEPS      = gcc make libc6-dev liblua5.4-dev libgsl-dev libyaml-dev libmd-dev libreadline-dev
BROWSER_DEPS = chromium $(if $(shell command -v npm),,nodejs npm) fonts-liberation poppler-utils
TEST_DEPS = libcmocka-dev lua5.4 lua-unit locales binutils
ASAN      = B=$(B)/asan LDFLAGS="-fsanitize=address,undefined" \
            CFLAGS="-O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all -fsanitize=address,undefined"

CORE_SRC := $(wildcard runtime/base/*.c runtime/data/*.c runtime/io/*.c runtime/stat/*.c \
              runtime/surv/*.c runtime/surv/*/*.c runtime/onco/*.c)
BIND_SRC := $(wildcard runtime/bind/*.c)
MAIN_SRC := $(wildcard runtime/main/*.c)
CORE_OBJ := $(CORE_SRC:runtime/%.c=$(B)/obj/%.o)
BIND_OBJ := $(BIND_SRC:runtime/%.c=$(B)/obj/%.o)
MAIN_OBJ := $(MAIN_SRC:runtime/%.c=$(B)/obj/%.o)
# NAME_part.c belongs to the type of NAME.c.
BINDINGS := $(filter-out bind bind_% recist_args cox_%,$(basename $(notdir $(BIND_SRC))))
LUA_SRC  := $(shell find lua -name '*.lua' | LC_ALL=C sort)
LUA_MODULE = $(subst /,.,$(patsubst %/init,%,$(1:lua/%.lua=%)))
EMBEDDED_DOCS := $(wildcard docs/messages.md docs/api/*.md)
EMBEDDED := $(foreach f,$(LUA_SRC),$(call LUA_MODULE,$(f))=$(f)) $(foreach f,$(EMBEDDED_DOCS),$(f)=$(f))

CORE_TEST_SRC := $(wildcard tests/core/t_*.c)
CORE_TESTS    := $(CORE_TEST_SRC:tests/core/%.c=$(B)/test/%)

.DELETE_ON_ERROR:
.PHONY: all module run test test-browser deps test-deps core-tests sandbox golden lint asan fault reference \
        bench bench-large docs install install-module clean

all: $(B)/lunation

run: deps
	@$(MAKE) --no-print-directory all
	@$(B)/lunation run recipes/conversion-surgery-sintilimab-lenvatinib.yaml --out $(B)/conversion-surgery

$(B)/lunation: $(MAIN_OBJ) $(BIND_OBJ) $(CORE_OBJ) $(B)/obj/embedded.o
	@echo "  LINK $@"
	@$(CC) $(LDFLAGS) -o $@ $^ $(LUALIB) $(LIBS)

# The module for stock lua5.4, which does not link liblua: require "lunation" with
#   LUA_PATH='lua/?.lua;lua/?/init.lua;;' LUA_CPATH='build/module/?.so;;' lua5.4 SCRIPT.lua
module: $(B)/module/lunation/core.so

$(B)/module/lunation/core.so: $(BIND_OBJ) $(CORE_OBJ)
	@mkdir -p $(@D)
	@echo "  LINK $@"
	@$(CC) -shared $(LDFLAGS) -o $@ $^ -lyaml -lgsl -lgslcblas -lmd -lm -lpthread

# Loops over plain arrays that pay for vector code; no one looks at errno after sqrt.
$(B)/obj/data/vector.o $(B)/obj/surv/km.o: CFLAGS_ALL += -O3 -fno-math-errno

$(B)/obj/%.o: runtime/%.c | $(B)/gen/bind/list.h
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(B)/obj/embedded.o: $(B)/gen/embedded.c
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS_ALL) -c -o $@ $<

$(B)/gen/embedded.c: $(B)/embedder $(LUA_SRC) $(EMBEDDED_DOCS)
	@mkdir -p $(@D)
	@$(B)/embedder $@ $(EMBEDDED)

$(B)/embedder: $(wildcard runtime/main/tools/*.[ch])
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS_ALL) -o $@ $(filter %.c,$^) $(STATIC) -llua5.4 $(DYNAMIC) -lm -ldl

# One line for each file of bind/; rewritten only when the list changes.
$(B)/gen/bind/list.h: $(BIND_SRC)
	@mkdir -p $(@D)
	@{ for b in $(BINDINGS); do echo "int lun_open_$$b(lua_State *L);"; done; \
	   echo 'static const luaL_Reg LUN_BINDINGS[] = {'; \
	   for b in $(BINDINGS); do echo "  { \"$$b\", lun_open_$$b },"; done; \
	   echo '  { NULL, NULL } };'; } >$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(B)/test/%: tests/core/%.c $(CORE_OBJ)
	@mkdir -p $(@D)
	@echo "  TEST $<"
	@$(CC) $(CFLAGS_ALL) -Itests/core -MMD -MP $(LDFLAGS) -o $@ $< $(CORE_OBJ) -lcmocka $(LIBS)

core-tests: $(CORE_TESTS) $(B)/fault/lunation

test: test-deps
	@$(MAKE) --no-print-directory all core-tests
	@B=$(B) tests/run

# What is on record of the figures and of the five studies, written anew: only after looking at why.
golden: all
	@LUNATION_GOLDEN=write B=$(B) tests/run t_figure_golden t_golden_studies

# Every number of the independent cases, of ../shared or of FILES="a.json b.json".
reference: all
	@$(B)/lunation tests/reference/run.lua $(FILES)

DIR ?= tests/nasty
sandbox: all
	@$(B)/lunation tests/sandbox.lua $(DIR)

# Reports in headless Chromium; says so and passes where it cannot be installed.
test-browser: all
	@.ci/install $(BROWSER_DEPS) || true
	@B=$(B) tests/browser/run

# Rules for the source, and what has grown long.
lint: test-deps all
	@B=$(B) tests/lint/run

# All tests under the address, leak and undefined-behaviour sanitizers.
asan:
	@SLOW=10 $(MAKE) $(ASAN) test

# The program with allocations that can fail; a whole run with all of them failing in turn.
WRAP = $(foreach f,malloc calloc realloc aligned_alloc strdup,-Wl,--wrap=$f)
$(B)/fault/lunation: tests/fault/alloc.c $(B)/lunation
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS_ALL) $(WRAP) $(LDFLAGS) -o $@ $< $(MAIN_OBJ) $(BIND_OBJ) $(CORE_OBJ) \
	  $(B)/obj/embedded.o $(LUALIB) $(LIBS)

POINTS ?= 400
fault:
	@$(MAKE) $(ASAN) $(B)/asan/fault/lunation
	@B=$(B)/asan POINTS=$(POINTS) tests/fault/run

# Ours beside R's where Rscript and survival are installed; bench-large: a million rows, p = 100,
# growth, threads, memory.
bench: all
	@B=$(B) $(B)/lunation tests/bench/run.lua

bench-large: all
	@B=$(B) $(B)/lunation tests/bench/large.lua

PREFIX ?= /usr/local
install: all
	install -D -m 755 $(B)/lunation $(DESTDIR)$(PREFIX)/bin/lunation
	install -d $(DESTDIR)$(PREFIX)/share/lunation/stubs
	install -m 644 docs/stubs/*.lua $(DESTDIR)$(PREFIX)/share/lunation/stubs

# What luarocks calls: LUADIR and LIBDIR are its folders.
install-module: module
	mkdir -p $(LUADIR) && cp -r lua/lunation $(LUADIR)/
	install -D -m 755 $(B)/module/lunation/core.so $(LIBDIR)/lunation/core.so

deps:
	@.ci/install $(DEPS)

test-deps:
	@.ci/install $(DEPS) $(TEST_DEPS)

# The reference pages, from the tables that the program itself uses.
docs: all
	@$(B)/lunation docs/generate.lua

clean:
	rm -rf $(B)

-include $(MAIN_OBJ:.o=.d) $(BIND_OBJ:.o=.d) $(CORE_OBJ:.o=.d) $(CORE_TESTS:=.d)
