package io.rootstock.trainer.engine.aten;

import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.model.Operators;
import io.rootstock.trainer.engine.optimizer.AdamWKernel;
import io.rootstock.trainer.engine.optimizer.AdamWStep;
import io.rootstock.trainer.engine.optimizer.OptimizerState;

/** AdamW by libtorch's fused operator, for float32 and float64. */
public final class AtenAdamW implements AdamWKernel {
    @Override
    public void update(OptimizerState state, long from, long to, AdamWStep step) {
        if (from == to) {
            return;
        }
        try (Scope _ = Scope.open()) {
            Operators.ADAMW.run(
                    new Tensor[] {state.weights().master().slice(from, to - from)},
                    new Tensor[] {state.gradient().slice(from, to - from)},
                    new Tensor[] {state.firstMoment().slice(from, to - from)},
                    new Tensor[] {state.secondMoment().slice(from, to - from)},
                    new Tensor[0],
                    new Tensor[] {Tensor.scalar(DType.FLOAT32, (double) step.number())},
                    step.learningRate(),
                    step.beta1(),
                    step.beta2(),
                    step.weightDecay(),
                    step.epsilon(),
                    false,
                    false,
                    Tensor.scalar(DType.FLOAT32, step.gradientDivisor()),
                    Tensor.scalar(DType.FLOAT32, 0));
        }
        state.weights().refreshCompute(from, to);
    }
}
