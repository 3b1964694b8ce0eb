package io.rootstock.trainer.engine;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/** Which parameters a training changes. What it does not change has neither gradient nor moments. */
public sealed interface Tuning {
    /** Whether it changes a parameter of the model itself, by its layer: -1 the embedding's, L what follows the layers. */
    boolean trains(String name, int layer, ModelShape shape);

    /** Every parameter. */
    record Full() implements Tuning {
        @Override
        public boolean trains(String name, int layer, ModelShape shape) {
            return true;
        }
    }

    /**
     * The last layers, the last norm, and the head unless it is the embedding.
     *
     * @param blocks layers trained, counted from the last
     */
    record LastBlocks(int blocks) implements Tuning {
        /** Refuses less than one layer. */
        public LastBlocks {
            if (blocks < 1) {
                throw new IllegalArgumentException("at least one block is trained, was " + blocks);
            }
        }

        @Override
        public boolean trains(String name, int layer, ModelShape shape) {
            return layer >= shape.layers() - blocks;
        }
    }

    /**
     * Low-rank adapters beside frozen matrices (Hu et al. 2021): {@code W + scale * B A} with A [r,in], B [out,r]. Of a
     * classifier the head is trained too.
     *
     * @param rank r
     * @param alpha numerator of the scale
     * @param rankStabilized divides alpha by the root of the rank instead of the rank (Kalajdzievski 2023)
     * @param targets matrices that have an adapter, in every layer
     */
    record LowRank(int rank, double alpha, boolean rankStabilized, Set<AdapterTarget> targets) implements Tuning {
        /** Refuses adapters that could learn nothing. */
        public LowRank {
            if (rank < 1 || !(alpha > 0) || targets.isEmpty()) {
                throw new IllegalArgumentException("an adapter needs a rank, an alpha above 0 and a target");
            }
            targets = Set.copyOf(targets);
        }

        /** What B A is multiplied with. */
        public double scale() {
            return alpha / (rankStabilized ? Math.sqrt(rank) : rank);
        }

        /** Those of some matrices that have an adapter, in the enum's order. */
        EnumSet<AdapterTarget> among(Collection<AdapterTarget> some) {
            EnumSet<AdapterTarget> present = EnumSet.copyOf(some);
            present.retainAll(targets);
            return present;
        }

        @Override
        public boolean trains(String name, int layer, ModelShape shape) {
            return name.equals("score.weight");
        }
    }
}
