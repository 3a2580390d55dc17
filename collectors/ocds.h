/* The "ocds" format: release packages, record packages, arrays and lines of releases to ledger rows.
 *
 * Framing by collectors/frame_json.h, reading by collectors/ocds_release.h. Several releases of one process are compiled
 * by the standard's merge rules (collectors/ocds_process.h) and their awards, contracts and payments read from the result;
 * a record's compiledRelease is taken as it is. Of one award, contract, payment or party the newest version counts
 * (collectors/ocds_hold.h), so rows come out of finish() only, kind by kind; the superseded ones are `skipped`. A release
 * that is no release, or holds U+0000, is refused; broken JSON fails the file.
 *
 * A sink with astray is given the rows of a release at once, as if every process had one release only; organisations, and
 * releases refused in part, wait nevertheless. The second release of a process ends such a pass.
 *
 * A process of which an earlier batch brought a newer release than any that comes now is `skipped`: how it stood is no
 * news of how it stands (collectors/release_memory.h).
 *
 * place of a row is the byte offset of its release in the file (in UTF-8, when an encoding is configured). */
#ifndef SETASIDE_COLLECTORS_OCDS_H
#define SETASIDE_COLLECTORS_OCDS_H

#include "collectors/reader.h"

extern const struct reader_type ocds_reader;

/* Where a package holds its records: "releases", "records"; NULL-terminated. */
extern const char *const ocds_record_paths[];

#endif
