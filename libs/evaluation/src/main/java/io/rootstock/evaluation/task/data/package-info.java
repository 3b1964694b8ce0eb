/** Readers of row files: JSON lines, JSON, CSV, TSV, aligned lines and SQuAD, plain or gzip, with line numbers. */
package io.rootstock.evaluation.task.data;
