package io.rootstock.corpus.worker.plan;

import io.rootstock.corpus.recipe.StepSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Estimated work of a stage, if every document is kept.
 *
 * @param name stage or step
 * @param bytes bytes that it reads
 * @param coreSeconds time of all cores together
 */
public record StageEstimate(String name, long bytes, double coreSeconds) {
    private static final double MEGABYTE = 1e6;

    /** Reading and writing, each; together 65 MB of text a second and core. Of web pages, text is 12 % of 117 MB of HTML. */
    private static final double READ = 130;

    private static final double READ_PAGES = 14;
    private static final double WRITE = 130;
    private static final double COUNT_WORDS = 45;
    private static final double TOKENIZE = 26;

    /** Speed of steps, MB a second and core ({@code bench/data/throughput}; licence and duplicates of lines and texts are assumed). */
    private static final Map<String, Double> SPEEDS = Map.ofEntries(
            Map.entry("unicode-repair", 620.0),
            Map.entry("language", 45.0),
            Map.entry("pii-masking", 1100.0),
            Map.entry("licence", 1000.0),
            Map.entry("gopher-quality", 180.0),
            Map.entry("gopher-repetition", 97.0),
            Map.entry("c4-quality", 320.0),
            Map.entry("fineweb-quality", 165.0),
            Map.entry("repeated-lines", 200.0),
            Map.entry("decontamination", 70.0),
            Map.entry("exact-duplicates", 300.0),
            Map.entry("frequent-lines", 60.0),
            Map.entry("near-duplicates", 96.0));

    private static final double OTHER = 100;

    /** Speed of a step, or of {@code read}, {@code read-pages}, {@code write}, {@code count-words} or {@code tokenize}: MB of text a second and core. */
    public static double speed(String stage) {
        return switch (stage) {
            case "read" -> READ;
            case "read-pages" -> READ_PAGES;
            case "write" -> WRITE;
            case "count-words" -> COUNT_WORDS;
            case "tokenize" -> TOKENIZE;
            default -> SPEEDS.getOrDefault(stage, OTHER);
        };
    }

    /** Estimates the stages of a plan, in order. */
    public static List<StageEstimate> of(RecipePlan plan) {
        long pages = plan.sources().stream()
                .mapToLong(RecipePlan.PlannedSource::pageBytes)
                .sum();
        long text = plan.sources().stream()
                .mapToLong(RecipePlan.PlannedSource::textBytes)
                .sum();
        List<StageEstimate> stages = new ArrayList<>();
        stages.add(new StageEstimate(
                "read", plan.bytes(), (text - pages) / MEGABYTE / READ + pages / MEGABYTE / READ_PAGES));
        for (StepSettings step : plan.recipe().steps()) {
            String name = step.kind().name();
            stages.add(stage(name, text, speed(name)));
        }
        stages.add(stage("write", text, WRITE));
        if (plan.recipe().training().isPresent()) {
            stages.add(stage("count-words", text, COUNT_WORDS));
        }
        if (plan.recipe().tokenizer().isPresent()) {
            stages.add(stage("tokenize", text, TOKENIZE));
        }
        return List.copyOf(stages);
    }

    private static StageEstimate stage(String name, long bytes, double speed) {
        return new StageEstimate(name, bytes, bytes / MEGABYTE / speed);
    }
}
