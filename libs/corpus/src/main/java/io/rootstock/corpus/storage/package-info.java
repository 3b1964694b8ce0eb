/**
 * Storage of input files: the local file system, and others that providers add, such as buckets of S3. All are read at any
 * offset. This package knows no formats and no units.
 */
package io.rootstock.corpus.storage;
