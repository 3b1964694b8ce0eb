package io.rootstock.trainer.engine.aten;

import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.model.Operators;
import io.rootstock.trainer.engine.optimizer.AdamW;
import io.rootstock.trainer.engine.optimizer.Optimizer;

/** AdamW by libtorch's fused operator, for float32 and float64. */
public final class AtenAdamW implements AdamW.Kernel {
    @Override
    public void update(Optimizer.State state, long from, long to, AdamW.Update update) {
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
                    new Tensor[] {Tensor.scalar(DType.FLOAT32, (double) update.number())},
                    update.learningRate(),
                    update.beta1(),
                    update.beta2(),
                    update.weightDecay(),
                    update.epsilon(),
                    false,
                    false,
                    Tensor.scalar(DType.FLOAT32, update.gradientDivisor()),
                    Tensor.scalar(DType.FLOAT32, 0));
        }
        state.weights().refreshCompute(from, to);
    }
}
