/**
 * Suites of evaluation tasks, evaluations of versions, their distribution to evaluators by leases, and paired comparisons. The
 * database decides between several registries and evaluators; files are in the artifact store.
 */
package io.rootstock.registry.evaluation;
