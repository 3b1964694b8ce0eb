/**
 * Plans of recipes: the units of the sources as descriptions that workers resolve, the job's specification, and estimates of
 * bytes, tokens, time and cost.
 */
package io.rootstock.corpus.worker.plan;
