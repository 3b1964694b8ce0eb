/** Metrics of predicted classes and of their probabilities. Classes are numbered from 0. */
package io.rootstock.evaluation.metric.classes;
