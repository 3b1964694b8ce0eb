package io.rootstock.trainer.engine;

import io.rootstock.trainer.engine.CudaCalls.Input;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The numbers that a step sends to the GPU, in the order in which the model asks for them: a step that was taken down as a
 * graph is given them without the model's being asked.
 */
final class StepInputs {
    private StepInputs() {}

    /**
     * Those of a part's loss and gradient.
     *
     * @param embeddingTrained whether its gradient is wanted
     */
    static List<Input> of(Part part, Llama model, double scale, boolean embeddingTrained) {
        List<Input> inputs = new ArrayList<>();
        boolean all = part.positions().length == part.tokenCount();
        int[] chosen = all ? part.positions() : part.roundedPositions();
        inputs.add(Input.of(part.tokens()));
        if (!all) {
            inputs.add(Input.of(chosen));
        }
        for (int[] piece : model.pieces(chosen.length)) {
            int[] targets = Arrays.copyOfRange(part.targets(), piece[0], piece[1]);
            inputs.addAll(CudaCrossEntropy.inputs(targets, part.weights().rows(piece[0], piece[1]), scale));
        }
        if (!all) {
            inputs.add(Input.of(part.positions()));
        }
        if (embeddingTrained) {
            inputs.add(Input.of(part.tokens()));
            inputs.add(Input.of(CudaKernels.byToken(part.tokens())));
        }
        return inputs;
    }
}
