package io.rootstock.trainer.engine.optimizer;

import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.model.WeightBuffer;

/**
 * Tensors that an optimizer reads and updates, all flat and in the layout of the weights.
 *
 * @param weights trained weights
 * @param gradient sum of the gradients, master type
 * @param firstMoment AdamW's m, or Muon's momentum, master type
 * @param secondMoment AdamW's v, master type
 */
public record OptimizerState(WeightBuffer weights, Tensor gradient, Tensor firstMoment, Tensor secondMoment) {}
