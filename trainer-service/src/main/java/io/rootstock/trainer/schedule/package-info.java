/**
 * Length and learning rate of a run. A {@link io.rootstock.trainer.schedule.Budget} computes the completed share of a
 * run, by steps or by the clock; a {@link io.rootstock.trainer.schedule.LearningRate} maps this share to a learning
 * rate. Independent of models and data.
 */
package io.rootstock.trainer.schedule;
