/**
 * Pipelines of {@code rootstock apply}: a YAML file with datasets, a run, evaluations and a promotion. Each of its keys is an
 * option or argument of the command that the step runs, so that this package knows no option of its own.
 */
package io.rootstock.cli.pipeline;
