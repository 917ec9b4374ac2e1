/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "io/yaml.h"

static const lun_node *get(const lun_node *node, const char *key)
{
  ptrdiff_t i = lun_node_find(node, key, strlen(key));
  assert_true(i >= 0);
  return node->item[i];
}

static const char TEXT[] = "\xEF\xBB\xBF"
                           "a: 1 # one\r\n"
                           "\"b c\": [x, 'y', {\xC3\xA9: z}]\r\n"
                           "d: |\r\n"
                           "  two\r\n"
                           "  lines\r\n";

static void tree(void **unused)
{
  (void)unused;
  lun_env env;
  lun_yaml yaml;
  lun_yaml_fault fault;
  lun_env_init(&env, NULL, NULL);
  assert_int_equal(lun_yaml_parse(&env, &yaml, "t.yaml", TEXT, strlen(TEXT), &fault), LUN_OK);
  const lun_node *root = yaml.root, *list = get(root, "b c");
  assert_int_equal(root->kind, LUN_NODE_MAP);
  assert_int_equal(root->n, 3);
  assert_string_equal(get(root, "a")->text, "1");
  assert_int_equal(get(root, "a")->column, 4); /* the byte order mark is no column */
  assert_int_equal(get(root, "a")->plain, 1);
  assert_int_equal(list->n, 3);
  assert_int_equal(list->item[1]->plain, 0);
  const lun_node *z = get(list->item[2], "\xC3\xA9");
  assert_int_equal(z->line, 2);
  assert_int_equal(z->column, 21); /* characters, not bytes */
  assert_string_equal(get(root, "d")->text, "two\nlines\n");
  lun_yaml_fini(&yaml);
  assert_int_equal(env.blocks, 0);
}

static void json(void **unused)
{
  (void)unused;
  static const char text[] = "{\"a\": [1, true, null, \"\\u00e9\\n\"],\n\t\"b\": {}}";
  lun_env env;
  lun_yaml yaml;
  lun_yaml_fault fault;
  lun_env_init(&env, NULL, NULL);
  assert_int_equal(lun_yaml_parse(&env, &yaml, "t.json", text, strlen(text), &fault), LUN_OK);
  assert_string_equal(get(yaml.root, "a")->item[3]->text, "\xC3\xA9\n");
  assert_int_equal(get(yaml.root, "b")->n, 0);
  lun_yaml_fini(&yaml);
}

static void with(void **unused)
{
  (void)unused;
  static const char text[] = "a: {b: 1, c: [x, y]}\nd: 2\n";
  lun_env env;
  lun_yaml yaml, value, changed;
  lun_yaml_fault fault;
  lun_env_init(&env, NULL, NULL);
  assert_int_equal(lun_yaml_parse(&env, &yaml, "t", text, strlen(text), &fault), LUN_OK);
  assert_int_equal(lun_yaml_parse(&env, &value, "v", "9", 1, &fault), LUN_OK);
  assert_int_equal(lun_yaml_with(&env, &changed, yaml.root, "a.c.2", value.root), LUN_OK);
  assert_string_equal(get(get(changed.root, "a"), "c")->item[1]->text, "9");
  assert_string_equal(get(get(yaml.root, "a"), "c")->item[1]->text, "y");
  lun_yaml_fini(&changed);
  assert_int_equal(lun_yaml_with(&env, &changed, yaml.root, "a.new.deep", value.root), LUN_OK);
  assert_string_equal(get(get(get(changed.root, "a"), "new"), "deep")->text, "9");
  assert_int_equal(get(changed.root, "a")->n, 3);
  lun_yaml_fini(&changed);
  assert_int_equal(lun_yaml_with(&env, &changed, yaml.root, "d.x", value.root), LUN_EINVAL);
  assert_int_equal(lun_yaml_with(&env, &changed, yaml.root, "a.c.3", value.root), LUN_EINVAL);
  lun_yaml_fini(&value);
  lun_yaml_fini(&yaml);
  assert_int_equal(env.blocks, 0);
}

static void refused(void **unused)
{
  (void)unused;
  static const struct {
    const char *text, *code;
    unsigned line, column;
  } bad[] = {
    { "", "[recipe.yaml-empty]", 1, 1 },
    { "# only a comment\n", "[recipe.yaml-empty]", 1, 1 },
    { "a: *x", "[recipe.yaml-anchor]", 1, 4 },
    { "a: &x 1", "[recipe.yaml-anchor]", 1, 4 },
    { "a: !!int 1", "[recipe.yaml-tag]", 1, 4 },
    { "%TAG ! tag:x,2000:\n---\na: 1", "[recipe.yaml-tag]", 1, 1 },
    { "<<: {a: 1}", "[recipe.yaml-merge]", 1, 1 },
    { "? [a]\n: 1", "[recipe.yaml-key]", 1, 3 },
    { "{a: 1}: 2", "[recipe.yaml-key]", 1, 1 },
    { "a: 1\nb:\n  c: 1\n  c: 2", "[recipe.yaml-duplicate]", 4, 3 },
    { "a: 1\n---\nb: 1", "[recipe.yaml-documents]", 2, 1 },
    { "a: \"x", "[recipe.yaml]", 1, 4 },
    { "a: b: c", "[recipe.yaml]", 1, 5 },
    { "a: @x", "[recipe.yaml]", 1, 4 },
    { "a:\n  - 1\n - 2", "[recipe.yaml]", 3, 2 },
    { "a:\n\tb: 1", "[recipe.yaml-tab]", 2, 1 },
    { "a: \x01", "[recipe.yaml-encoding]", 1, 4 },
    { "a: \"\\0\"", "[recipe.yaml-encoding]", 1, 4 },
    { "\xC3\xA9: \xFF", "[recipe.yaml-encoding]", 1, 4 },
    { "\xFF\xFE\x61", "[recipe.yaml-encoding]", 1, 1 },
  };
  lun_env env;
  lun_env_init(&env, NULL, NULL);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    lun_yaml yaml;
    lun_yaml_fault fault;
    lun_status st = lun_yaml_parse(&env, &yaml, "t", bad[i].text, strlen(bad[i].text), &fault);
    if (st != LUN_EDATA || strncmp(env.msg, bad[i].code, strlen(bad[i].code)) != 0)
      fail_msg("\"%s\": status %d, %s", bad[i].text, (int)st, env.msg);
    if (fault.line != bad[i].line || fault.column != bad[i].column)
      fail_msg("\"%s\": placed at %u:%u", bad[i].text, fault.line, fault.column);
    assert_null(yaml.root);
    assert_int_equal(env.blocks, 0);
  }
}

static void zero_byte(void **unused)
{
  (void)unused;
  lun_env env;
  lun_yaml yaml;
  lun_yaml_fault fault;
  lun_env_init(&env, NULL, NULL);
  assert_int_equal(lun_yaml_parse(&env, &yaml, "t", "a: 1\nb\0c", 8, &fault), LUN_EDATA);
  assert_int_equal(fault.line, 2);
  assert_int_equal(fault.column, 2);
}

/* One more than each limit is refused, the limit itself is not. */
static void limits(void **unused)
{
  (void)unused;
  static char text[LUN_YAML_FILE + 100];
  lun_env env;
  lun_env_init(&env, NULL, NULL);
  for (int over = 0; over < 2; over++) {
    lun_yaml yaml;
    lun_yaml_fault fault;
    const lun_status expected = over ? LUN_ELIMIT : LUN_OK;
    size_t n = (size_t)LUN_YAML_SCALAR + (size_t)over;
    memset(text, 'x', n);
    assert_int_equal(lun_yaml_parse(&env, &yaml, "t", text, n, &fault), expected);
    lun_yaml_fini(&yaml);
    n = (size_t)LUN_YAML_KEY + (size_t)over;
    memcpy(text + n, ": 1", 4);
    assert_int_equal(lun_yaml_parse(&env, &yaml, "t", text, n + 3, &fault), expected);
    lun_yaml_fini(&yaml);
    n = (size_t)LUN_YAML_DEPTH + (size_t)over;
    memset(text, '[', n);
    memset(text + n, ']', n);
    assert_int_equal(lun_yaml_parse(&env, &yaml, "t", text, 2 * n, &fault),
                     over ? LUN_EDATA : LUN_OK);
    lun_yaml_fini(&yaml);
    n = (size_t)LUN_YAML_EVENTS - 6 + (size_t)over; /* stream, document, list: three pairs */
    text[0] = '[';
    for (size_t i = 0; i < n; i++) memcpy(text + 1 + 2 * i, "x,", 2);
    text[2 * n] = ']';
    assert_int_equal(lun_yaml_parse(&env, &yaml, "t", text, 2 * n + 1, &fault), expected);
    lun_yaml_fini(&yaml);
    n = (size_t)LUN_YAML_FILE + (size_t)over;
    memset(text, '#', n);
    memcpy(text, "a\n", 2);
    assert_int_equal(lun_yaml_parse(&env, &yaml, "t", text, n, &fault), expected);
    lun_yaml_fini(&yaml);
  }
}

static void *refuse(void *ud, void *ptr, size_t osize, size_t nsize)
{
  int *left = ud;
  (void)osize;
  if (nsize == 0) return free(ptr), NULL;
  return (*left)-- > 0 ? realloc(ptr, nsize) : NULL;
}

static void out_of_memory(void **unused)
{
  (void)unused;
  for (int allowed = 0;; allowed++) {
    int left = allowed;
    lun_env env;
    lun_yaml yaml;
    lun_yaml_fault fault;
    lun_env_init(&env, refuse, &left);
    lun_status st = lun_yaml_parse(&env, &yaml, "t", TEXT, strlen(TEXT), &fault);
    lun_yaml_fini(&yaml);
    assert_int_equal(env.blocks, 0);
    if (st == LUN_OK) {
      assert_true(allowed >= 2);
      return;
    }
    assert_int_equal(st, LUN_ENOMEM);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(tree),          cmocka_unit_test(json),      cmocka_unit_test(with),
    cmocka_unit_test(refused),       cmocka_unit_test(zero_byte), cmocka_unit_test(limits),
    cmocka_unit_test(out_of_memory),
  };
  return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
