/**
 * Resolves a run's spec, in which all settings are optional, to a plan in which all are set: the model's shape, every
 * hyperparameter and the budget. Rejects an invalid spec and names the field. Pure functions of the spec, facts about
 * the data and facts about the machine: no files, no native code.
 */
package io.rootstock.trainer.plan;
