package io.rootstock.inference.engine.sampling;

import java.util.ArrayList;
import java.util.List;

/** Functions of the logits of one position, [V]. */
public final class Logits {
    /** Logits this far below the maximum are skipped: exp(-30) is less than 1e-13 of the largest term of the sum. */
    private static final float NEGLIGIBLE = 30;

    private Logits() {}

    /** Index of the maximum, the first if there are several; -1 if all logits are negative infinity. */
    public static int argmax(float[] logits) {
        int best = -1;
        float most = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < logits.length; i++) {
            if (logits[i] > most) {
                most = logits[i];
                best = i;
            }
        }
        return best;
    }

    /** Natural logarithm of the sum of exponentials; a logit minus this value is a log-probability. */
    public static double logSumExp(float[] logits) {
        int best = argmax(logits);
        if (best < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        float most = logits[best];
        float least = most - NEGLIGIBLE;
        double sum = 0;
        for (float logit : logits) {
            if (logit > least) {
                sum += Math.exp((double) logit - most);
            }
        }
        return most + Math.log(sum);
    }

    /** The tokens of the k largest logits, in descending order; fewer if fewer are above negative infinity. */
    static int[] largest(float[] logits, int k) {
        int[] heap = new int[Math.min(k, logits.length)];
        int size = 0;
        for (int token = 0; token < logits.length; token++) {
            float logit = logits[token];
            if (size < heap.length) {
                if (logit > Float.NEGATIVE_INFINITY) {
                    heap[size++] = token;
                    up(logits, heap, size - 1);
                }
            } else if (size > 0 && logit > logits[heap[0]]) {
                heap[0] = token;
                down(logits, heap, size);
            }
        }
        int[] sorted = new int[size];
        while (size > 0) {
            sorted[size - 1] = heap[0];
            heap[0] = heap[--size];
            down(logits, heap, size);
        }
        return sorted;
    }

    /** The log-probability of a token, with the most probable tokens. */
    public static TokenLogprob logprob(float[] logits, int token, int topLogprobs, Vocabulary vocabulary) {
        double total = logSumExp(logits);
        List<TokenLogprob> others = new ArrayList<>(topLogprobs);
        if (topLogprobs > 0) {
            for (int other : largest(logits, topLogprobs)) {
                others.add(TokenLogprob.of(other, logits[other] - total, List.of(), vocabulary));
            }
        }
        return TokenLogprob.of(token, logits[token] - total, others, vocabulary);
    }

    private static void up(float[] logits, int[] heap, int from) {
        int child = from;
        while (child > 0) {
            int parent = (child - 1) / 2;
            if (!below(logits, heap[child], heap[parent])) {
                return;
            }
            swap(heap, child, parent);
            child = parent;
        }
    }

    private static void down(float[] logits, int[] heap, int size) {
        int parent = 0;
        while (2 * parent + 1 < size) {
            int child = 2 * parent + 1;
            if (child + 1 < size && below(logits, heap[child + 1], heap[child])) {
                child++;
            }
            if (!below(logits, heap[child], heap[parent])) {
                return;
            }
            swap(heap, child, parent);
            parent = child;
        }
    }

    /** Orders heap entries; of equal logits the later token is below, so that the order is deterministic. */
    private static boolean below(float[] logits, int a, int b) {
        return logits[a] < logits[b] || (logits[a] == logits[b] && a > b);
    }

    private static void swap(int[] heap, int a, int b) {
        int token = heap[a];
        heap[a] = heap[b];
        heap[b] = token;
    }
}
