/**
 * Planning: turns a run's spec, whose settings are optional, into a plan with the model's shape, a value for each
 * hyperparameter, and the budget. Rejects an invalid spec and names the field. The rules are pure functions of the
 * spec, the dataset's statistics and a {@link io.rootstock.trainer.plan.Machine}.
 */
package io.rootstock.trainer.plan;
