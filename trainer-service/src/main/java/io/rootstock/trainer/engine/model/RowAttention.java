package io.rootstock.trainer.engine;

import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention within rows of any lengths that lie one behind the other: every block of equally long rows by itself, so that
 * no token sees another row's and positions begin anew with each row. What a mask would hide is not even computed.
 */
final class RowAttention {
    private final Attention attention;

    RowAttention(Attention attention) {
        this.attention = attention;
    }

    /** From queries, keys and values [N,(H+2K)d]. */
    Attention.Attended forward(Tensor queryKeyValue, RowSpans spans) {
        List<RowSpans.Block> blocks = spans.blocks();
        if (blocks.size() == 1) {
            return attention.forward(
                    queryKeyValue, blocks.getFirst().rows(), blocks.getFirst().length());
        }
        List<Tensor> saved = new ArrayList<>(); // block by block, then what they are views of
        boolean inputIsSaved = false;
        Tensor output = null;
        for (RowSpans.Block block : blocks) {
            try (Scope scope = Scope.open()) {
                Tensor input = rows(queryKeyValue, block);
                Attention.Attended attended = attention.forward(input, block.rows(), block.length());
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

    /** Gradient [N,(H+2K)d] of forward's input from that of its output [N,Hd]. */
    Tensor backward(Attention.Attended attended, Tensor gradient, RowSpans spans) {
        List<RowSpans.Block> blocks = spans.blocks();
        if (blocks.size() == 1) {
            return attention.backward(
                    attended,
                    gradient,
                    blocks.getFirst().rows(),
                    blocks.getFirst().length());
        }
        int each = attended.saved().size() / blocks.size();
        Tensor joined = null;
        for (int index = 0; index < blocks.size(); index++) {
            RowSpans.Block block = blocks.get(index);
            List<Tensor> saved = attended.saved().subList(index * each, (index + 1) * each);
            try (Scope scope = Scope.open()) {
                Tensor ofInput = attention.backward(
                        new Attention.Attended(rows(attended.output(), block), saved),
                        rows(gradient, block),
                        block.rows(),
                        block.length());
                joined = joined == null ? scope.keep(like(ofInput, spans)) : joined;
                Operators.COPY.run(rows(joined, block), ofInput);
            }
        }
        return joined;
    }

    /** Memory for all tokens' rows of this kind. */
    private static Tensor like(Tensor some, RowSpans spans) {
        return Tensor.empty(some.dtype(), spans.tokens(), some.sizes()[1]);
    }

    private static Tensor rows(Tensor matrix, RowSpans.Block block) {
        long width = matrix.sizes()[1];
        return matrix.slice(block.start() * width, (long) block.rows() * block.length(), width);
    }
}
