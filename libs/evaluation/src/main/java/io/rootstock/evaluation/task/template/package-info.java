/**
 * Templates of task files: Jinja in lm-evaluation-harness' environment, with undefined values refused, a fixed list of
 * filters, and bounded work. Also the Python values and regular expressions that task files contain.
 */
package io.rootstock.evaluation.task.template;
