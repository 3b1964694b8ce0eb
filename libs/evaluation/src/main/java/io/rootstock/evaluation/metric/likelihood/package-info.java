/** Metrics of the probability that a model gives to texts. */
package io.rootstock.evaluation.metric.likelihood;
