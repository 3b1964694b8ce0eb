/** DCLM's CORE tasks, rendered and cut as nanochat does: per-row seeds, mean log-probability per token. */
package io.rootstock.evaluation.task.core;
