/* Texts of the source tree, for tests that hold one against the other. For tests only. */
#ifndef SETASIDE_TESTS_SOURCE_TEXT_H
#define SETASIDE_TESTS_SOURCE_TEXT_H

/* The whole file by its path from the root of the tree; fails the test when it cannot be read. free. */
char *source_text(const char *path);
/* README.md holds the text word for word. */
void source_text_expect_in_readme(const char *text);

#endif
