/**
 * Definition of evaluation tasks: a strict subset of lm-evaluation-harness' task files (version 0.4.13) as immutable
 * records. Sub-packages read task files and rows, render requests and score responses. No class here knows a model, a
 * service or a file system outside of the given suite.
 */
package io.rootstock.evaluation.task;
