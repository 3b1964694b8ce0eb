/**
 * Turns a run's spec, in which anything may be left open, into a plan in which nothing is: the model's shape, every
 * hyperparameter and the budget. Refuses what cannot be trained and names the field. Pure functions of the spec, facts
 * about the data and facts about the machine: no files, no native code.
 */
package io.rootstock.trainer.plan;
