/**
 * Reader of task files: YAML with line numbers, includes, and the strict subset of lm-evaluation-harness' keys. Every
 * other key, tag or value is refused with file, line and remedy.
 */
package io.rootstock.evaluation.task.yaml;
