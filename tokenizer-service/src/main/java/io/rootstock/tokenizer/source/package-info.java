/**
 * Uploaded files: what format a file has, and its rows one at a time.
 *
 * <p>Rows are read in bounded memory whatever the file's size. A row that cannot be read is reported with file, line,
 * reason and remedy, and reading goes on where the format allows it. Nothing here tokenizes.
 */
package io.rootstock.tokenizer.source;
