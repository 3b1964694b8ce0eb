package io.rootstock.trainer.engine.model;

import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelShape;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/** Selects the trained parameters. Frozen parameters have neither gradients nor optimizer state. */
public sealed interface Tuning {
    /**
     * Whether a parameter of the base model is trained.
     *
     * @param name Hugging Face name
     * @param layer layer index; -1 for the embedding, the number of layers for the parameters behind them
     */
    boolean trains(String name, int layer, ModelShape shape);

    /** Full fine-tuning and pre-training: all parameters. */
    record Full() implements Tuning {
        @Override
        public boolean trains(String name, int layer, ModelShape shape) {
            return true;
        }
    }

    /**
     * The last layers, the final norm, and the output head unless it is tied to the embedding.
     *
     * @param blocks number of trained layers, counted from the last; at least 1
     */
    record LastBlocks(int blocks) implements Tuning {
        /** Checks that at least one layer is trained. */
        public LastBlocks {
            if (blocks < 1) {
                throw new IllegalArgumentException("at least one block must be trained, was " + blocks);
            }
        }

        @Override
        public boolean trains(String name, int layer, ModelShape shape) {
            return layer >= shape.layers() - blocks;
        }
    }

    /**
     * Low-rank adapters of frozen matrices (LoRA, Hu et al. 2021): {@code W + scale * B A} with A [r,in] and B [out,r]. A
     * classifier's head is trained as well.
     *
     * @param rank r, at least 1
     * @param alpha numerator of the scale, above 0
     * @param rankStabilized divides alpha by sqrt(r) instead of r (rsLoRA, Kalajdzievski 2023)
     * @param targets matrices with an adapter, in every layer
     */
    record LowRank(int rank, double alpha, boolean rankStabilized, Set<AdapterTarget> targets) implements Tuning {
        /** Checks the ranges of the parameters. */
        public LowRank {
            if (rank < 1 || !(alpha > 0) || targets.isEmpty()) {
                throw new IllegalArgumentException("an adapter needs a rank, an alpha above 0 and a target");
            }
            targets = Set.copyOf(targets);
        }

        /** Factor of B A: alpha / r, or alpha / sqrt(r). */
        public double scale() {
            return alpha / (rankStabilized ? Math.sqrt(rank) : rank);
        }

        /** The given matrices that have an adapter, in the order of the enum. */
        EnumSet<AdapterTarget> among(Collection<AdapterTarget> some) {
            EnumSet<AdapterTarget> present = EnumSet.copyOf(some);
            present.retainAll(targets);
            return present;
        }

        @Override
        public boolean trains(String name, int layer, ModelShape shape) {
            return name.equals(LlamaTensors.SCORE);
        }
    }
}
