package io.rootstock.inference.engine.scheduling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Divides the prompts of a step among passes over the weights. llama.cpp computes equal numbers of tokens of the
 * sequences of a batch in one pass; texts to score are therefore decoded together, each with as many tokens as the
 * shortest of the pass has left. The tokens that a text has beyond that follow in the next step, together with those of
 * other texts.
 */
final class EqualParts {
    /** Tokens of a pass beyond which a pass is hardly more efficient: the micro-batch of the context. */
    private static final int MOST_TOKENS = 128;

    private EqualParts() {}

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
        reading.sort(Comparator.comparingInt(Slot::planned).reversed());
        while (!reading.isEmpty()) {
            int size = size(reading.stream().mapToInt(Slot::planned).toArray());
            List<Slot> pass = new ArrayList<>(reading.subList(0, size));
            int tokens = pass.getLast().planned();
            pass.forEach(slot -> slot.shorten(tokens));
            pass.sort(Slot.BY_SEQUENCE);
            passes.add(pass);
            reading.subList(0, size).clear();
        }
        return passes;
    }

    /**
     * Number of slots of the next pass: the first ones, so that the pass has the most tokens.
     *
     * @param planned planned tokens of each slot, in descending order
     */
    static int size(int[] planned) {
        int best = 1;
        for (int slots = 2; slots <= planned.length; slots++) {
            int tokens = slots * planned[slots - 1];
            if (tokens > best * planned[best - 1] && tokens <= MOST_TOKENS) {
                best = slots;
            }
        }
        return best;
    }
}
