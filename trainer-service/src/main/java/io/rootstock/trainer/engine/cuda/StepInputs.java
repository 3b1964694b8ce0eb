package io.rootstock.trainer.engine.cuda;

import io.rootstock.trainer.engine.batch.BatchShard;
import io.rootstock.trainer.engine.cuda.CudaCalls.Input;
import io.rootstock.trainer.engine.model.Llama;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The inputs that a step uploads to the GPU, in the model's order. A captured graph receives them without running the
 * model.
 */
final class StepInputs {
    private StepInputs() {}

    /**
     * Inputs of the loss and gradient of one shard.
     *
     * @param scale factor of the gradient
     * @param embeddingTrained whether the gradient of the embedding is computed
     */
    static List<Input> of(BatchShard shard, Llama model, double scale, boolean embeddingTrained) {
        List<Input> inputs = new ArrayList<>();
        boolean all = shard.positions().length == shard.tokenCount();
        int[] gathered = all ? shard.positions() : shard.roundedPositions();
        inputs.add(Input.of(shard.tokens()));
        if (!all) {
            inputs.add(Input.of(gathered));
        }
        for (int[] chunk : model.logitChunks(gathered.length)) {
            int[] targets = Arrays.copyOfRange(shard.targets(), chunk[0], chunk[1]);
            inputs.addAll(CudaCrossEntropy.inputs(targets, shard.weights().rows(chunk[0], chunk[1]), scale));
        }
        if (!all) {
            inputs.add(Input.of(shard.positions()));
        }
        if (embeddingTrained) {
            inputs.add(Input.of(shard.tokens()));
            inputs.add(Input.of(CudaKernels.byToken(shard.tokens())));
        }
        return inputs;
    }
}
