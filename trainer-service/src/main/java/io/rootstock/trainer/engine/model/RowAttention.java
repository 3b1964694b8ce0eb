package io.rootstock.trainer.engine.model;

import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.batch.RowSpans;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention over packed rows of different lengths: each block of rows of equal or similar length is computed separately, so
 * that tokens attend within their row and positions restart with each row. No mask is needed.
 */
final class RowAttention {
    private final Attention attention;

    RowAttention(Attention attention) {
        this.attention = attention;
    }

    /** Forward pass from the fused projection [N,(H+2K)d]. */
    Attention.Attended forward(Tensor queryKeyValue, RowSpans spans) {
        List<RowSpans.Block> blocks = spans.blocks(attention.maxPadding());
        if (blocks.size() == 1) {
            return attention.forward(queryKeyValue, blocks.getFirst());
        }
        List<Tensor> saved =
                new ArrayList<>(); // tensors of each block in order, then the tensor that they are views of
        boolean inputIsSaved = false;
        Tensor output = null;
        for (RowSpans.Block block : blocks) {
            try (Scope scope = Scope.open()) {
                Tensor input = rows(queryKeyValue, block);
                Attention.Attended attended = attention.forward(input, block);
                output = output == null ? scope.keep(like(attended.output(), spans)) : output;
                Operators.COPY.run(rows(output, block), attended.output());
                attended.saved().forEach(tensor -> saved.add(scope.keep(tensor)));
                inputIsSaved |= attended.saved().contains(input);
            }
        }
        if (inputIsSaved) {
            saved.add(queryKeyValue);
        }
        return new Attention.Attended(output, saved);
    }

    /** Gradient of the fused projection [N,(H+2K)d] from the gradient of the output [N,Hd]. */
    Tensor backward(Attention.Attended attended, Tensor gradient, RowSpans spans) {
        List<RowSpans.Block> blocks = spans.blocks(attention.maxPadding());
        if (blocks.size() == 1) {
            return attention.backward(attended, gradient, blocks.getFirst());
        }
        int each = attended.saved().size() / blocks.size();
        Tensor joined = null;
        for (int index = 0; index < blocks.size(); index++) {
            RowSpans.Block block = blocks.get(index);
            List<Tensor> saved = attended.saved().subList(index * each, (index + 1) * each);
            try (Scope scope = Scope.open()) {
                Tensor dInput = attention.backward(
                        new Attention.Attended(rows(attended.output(), block), saved), rows(gradient, block), block);
                joined = joined == null ? scope.keep(like(dInput, spans)) : joined;
                Operators.COPY.run(rows(joined, block), dInput);
            }
        }
        return joined;
    }

    /** An uninitialized tensor with a row for each token, of the type and width of another. */
    private static Tensor like(Tensor some, RowSpans spans) {
        return Tensor.empty(some.dtype(), spans.tokens(), some.sizes()[1]);
    }

    private static Tensor rows(Tensor matrix, RowSpans.Block block) {
        long width = matrix.sizes()[1];
        return matrix.slice(block.start() * width, block.tokens(), width);
    }
}
