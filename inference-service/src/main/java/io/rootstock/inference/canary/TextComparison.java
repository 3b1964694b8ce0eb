package io.rootstock.inference.canary;

import io.rootstock.evaluation.metric.text.Chrf;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Compares a version's text with the shadow answer of the canary once both are complete, on a thread of its own. The score is
 * chrF2 with the version's text as reference, divided by 100; of long texts the first 4,096 characters count.
 */
public final class TextComparison {
    /** Characters that are compared. */
    public static final int LENGTH = 4096;

    private static final double WHOLE = 100;

    private final CompletableFuture<String> main = new CompletableFuture<>();
    private final CompletableFuture<String> shadow = new CompletableFuture<>();

    /** Creates the comparison of one request; a text that never arrives is never scored. */
    public TextComparison(CanaryFigures figures) {
        var _ = main.thenAcceptBothAsync(
                shadow,
                (reference, text) -> figures.score(() -> agreement(text, reference)),
                task -> Thread.ofVirtual().name("shadow-score").start(task));
    }

    /** Sets the text of the version that the alias points to. */
    public void main(String text) {
        main.complete(beginning(text));
    }

    /** Sets the text of the canary. */
    public void shadow(String text) {
        shadow.complete(beginning(text));
    }

    /** Agreement of a text with a reference, 0 to 1; 1 for equal texts, also for empty ones. */
    static double agreement(String text, String reference) {
        if (text.equals(reference)) {
            return 1;
        }
        return Chrf.DEFAULT.score(Chrf.DEFAULT.statistics(text, List.of(reference))) / WHOLE;
    }

    private static String beginning(String text) {
        return text.substring(0, Math.min(text.length(), LENGTH));
    }
}
