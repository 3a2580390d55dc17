/* A private directory for a test, and removing it with all that is in it. */
#ifndef SETASIDE_TESTS_DIR_H
#define SETASIDE_TESTS_DIR_H

enum { DIR_PATH_MAX = 256 };

void dir_make(char room[DIR_PATH_MAX]);
void dir_remove(const char *path);
/* Writes a file (text up to its NUL) below directory. */
void dir_write(const char *directory, const char *name, const char *text);
/* Copies every regular file of one directory into another. */
void dir_copy(const char *from, const char *to);

#endif
