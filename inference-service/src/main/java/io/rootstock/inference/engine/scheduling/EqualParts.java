package io.rootstock.inference.engine.scheduling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Divides the prompts of a step among passes over the weights. Of a batch, llama.cpp computes equal numbers of tokens of
 * sequences with adjacent ids in one pass. Texts to score are therefore decoded together, each with as many tokens as the
 * shortest of the pass has left. The tokens that a text has beyond that follow in the next step, together with those of
 * other texts.
 */
final class EqualParts {
    /** Tokens of a pass beyond which a pass is hardly more efficient: the micro-batch of the context. */
    private static final int MOST_TOKENS = 128;

    private EqualParts() {}

    /**
     * Adjacent sequences that share a pass.
     *
     * @param from index of the first one
     * @param to index after the last one
     * @param tokens tokens of each
     */
    record Pass(int from, int to, int tokens) {
        private int sequences() {
            return to - from;
        }

        private int size() {
            return sequences() * tokens;
        }
    }

    /**
     * Returns the slots of each pass and shortens the plans of slots that share a pass. Prompts that are continued have
     * a pass each.
     *
     * @param prompts slots with planned prompt tokens
     */
    static List<List<Slot>> passes(List<Slot> prompts) {
        List<List<Slot>> passes = new ArrayList<>();
        List<Slot> reading = new ArrayList<>();
        for (Slot slot : prompts) {
            if (slot.job().onlyReads() && slot.planned() < MOST_TOKENS) {
                reading.add(slot);
            } else {
                passes.add(List.of(slot));
            }
        }
        reading.sort(Slot.BY_SEQUENCE);
        while (!reading.isEmpty()) {
            Pass next = next(
                    reading.stream().mapToInt(slot -> slot.sequence().id()).toArray(),
                    reading.stream().mapToInt(Slot::planned).toArray());
            List<Slot> pass = reading.subList(next.from(), next.to());
            pass.forEach(slot -> slot.shorten(next.tokens()));
            passes.add(List.copyOf(pass));
            pass.clear();
        }
        return passes;
    }

    /**
     * The next pass: of those with at least half of the tokens of the largest one, which has at most
     * {@value #MOST_TOKENS}, the one of the most sequences. A long prompt beside short ones thus shares their pass unless
     * that would be inefficient.
     *
     * @param sequences ids in ascending order
     * @param planned planned tokens of each sequence, less than {@value #MOST_TOKENS}
     */
    static Pass next(int[] sequences, int[] planned) {
        List<Pass> all = new ArrayList<>();
        int most = 0;
        for (int from = 0; from < planned.length; from++) {
            int tokens = planned[from];
            for (int to = from + 1; to <= planned.length; to++) {
                tokens = Math.min(tokens, planned[to - 1]);
                Pass pass = new Pass(from, to, tokens);
                if (sequences[to - 1] - sequences[from] != to - 1 - from) {
                    break;
                }
                if (pass.size() <= MOST_TOKENS) {
                    all.add(pass);
                    most = Math.max(most, pass.size());
                }
            }
        }
        int least = (most + 1) / 2;
        return all.stream()
                .filter(pass -> pass.size() >= least)
                .max(Comparator.comparingInt(Pass::sequences).thenComparingInt(Pass::size))
                .orElseThrow();
    }
}
