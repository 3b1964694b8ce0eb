/**
 * When a run ends and how large its steps are. A {@link io.rootstock.trainer.schedule.Budget} says how far a run has
 * come, as a share of its end, by steps or by the clock; a {@link io.rootstock.trainer.schedule.LearningRate} turns
 * that share into a learning rate. Nothing here knows of models or data.
 */
package io.rootstock.trainer.schedule;
