/**
 * Uploaded files: detection of the format, and iteration over the rows.
 *
 * <p>Rows are read in bounded memory, independent of the file's size. An invalid row is reported with file, line,
 * reason and remedy, and reading continues if the format allows it. This package does not tokenize.
 */
package io.rootstock.corpus.source;
