/**
 * Paired comparison of two evaluations by their row records: McNemar's test and the paired bootstrap over the rows that both
 * have scored. Records are reduced to scores when they are read.
 */
package io.rootstock.evaluation.comparison;
