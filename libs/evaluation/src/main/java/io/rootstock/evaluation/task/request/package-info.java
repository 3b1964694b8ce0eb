/**
 * Rendering of rows to requests, equal to lm-evaluation-harness 0.4.13: fields and templates, few-shot examples,
 * delimiters, and the boundary between context and continuation.
 */
package io.rootstock.evaluation.task.request;
