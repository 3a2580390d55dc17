/* Collector of kind file: a canonical directory, or one file of any format.
 *
 * Of a canonical directory every KIND.csv is taken, in the order of the record kinds; another name that ends in .csv is
 * an error (most likely a misspelt kind); other files are not looked at. */
#ifndef SETASIDE_COLLECTORS_PULL_FILE_H
#define SETASIDE_COLLECTORS_PULL_FILE_H

#include "collectors/collector.h"

extern const struct collector pull_file;

#endif
