package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.duplicate.MinHashParameters;
import io.rootstock.corpus.engine.Exchange;
import io.rootstock.corpus.engine.Stage;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.count.CountsJson;
import io.rootstock.corpus.engine.spi.ComponentSpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Descriptions of the stages of a job.
 *
 * @param documents stage whose documents the stages read
 * @param exact exact stages whose removals are not yet applied to these documents
 * @param buckets number of buckets of all exchanges
 */
public record JobStages(String documents, List<String> exact, int buckets) {
    /** Describes the stage that reads sources and applies steps. */
    public static Stage read(ComponentSpec reader, List<ComponentSpec> steps) {
        return new Stage(
                Layout.READ,
                task(
                        StageTasks.READ,
                        Map.of(
                                Layout.READER, CountsJson.write(reader),
                                Layout.STEPS, CountsJson.write(steps))));
    }

    /** Describes the exchange that finds equal keys; its name is {@link Layout#URLS} or {@link Layout#CONTENTS}. */
    public Exchange exact(String name) {
        Map<String, String> parameters = with(Map.of(Layout.KIND, name));
        return new Exchange(
                name,
                task(StageTasks.EXACT_EMIT, parameters),
                task(StageTasks.EXACT_COLLECT, Map.of(Layout.KIND, name)),
                buckets);
    }

    /** Describes the exchange that counts lines. */
    public Exchange lines(int mostDocuments) {
        return new Exchange(
                Layout.LINES,
                task(StageTasks.LINES_EMIT, with(Map.of())),
                task(StageTasks.LINES_COLLECT, Map.of(Layout.MAX_DOCUMENTS, Integer.toString(mostDocuments))),
                buckets);
    }

    /** Describes the stage that removes repeated lines. */
    public Stage strip() {
        return new Stage(Layout.STRIP, task(StageTasks.STRIP, with(Map.of())));
    }

    /** Describes the stage that stores signatures. */
    public Stage signatures(MinHashParameters minHash, double leastSimilarity) {
        return new Stage(Layout.SIGNATURES, task(StageTasks.SIGNATURES, with(near(minHash, leastSimilarity))));
    }

    /** Describes the exchange that finds pairs of similar documents. */
    public Exchange pairs(MinHashParameters minHash, double leastSimilarity) {
        Map<String, String> near = near(minHash, leastSimilarity);
        return new Exchange(
                Layout.PAIRS, task(StageTasks.BANDS_EMIT, with(near)), task(StageTasks.BANDS_COLLECT, near), buckets);
    }

    /**
     * Describes the stage that joins pairs to components, for one unit.
     *
     * @param total number of documents of all units
     */
    public Stage components(int total) {
        return new Stage(
                Layout.COMPONENTS,
                task(
                        StageTasks.COMPONENTS,
                        Map.of(Layout.BUCKETS, Integer.toString(buckets), Layout.TOTAL, Integer.toString(total))));
    }

    /**
     * Describes the stage that writes the survivors.
     *
     * @param near whether documents that are not the first of their component are removed
     * @param steps steps for the documents that are left
     */
    public Stage survivors(boolean near, List<ComponentSpec> steps) {
        return new Stage(
                Layout.OUTPUT,
                task(
                        StageTasks.SURVIVORS,
                        with(Map.of(Layout.NEAR, Boolean.toString(near), Layout.STEPS, CountsJson.write(steps)))));
    }

    private static Map<String, String> near(MinHashParameters minHash, double leastSimilarity) {
        return Map.of(
                Layout.BANDS, Integer.toString(minHash.bands()),
                Layout.ROWS, Integer.toString(minHash.rows()),
                Layout.NGRAM, Integer.toString(minHash.ngram()),
                Layout.MIN_SIMILARITY, Double.toString(leastSimilarity));
    }

    private Map<String, String> with(Map<String, String> parameters) {
        Map<String, String> all = new TreeMap<>(parameters);
        all.put(Layout.DOCUMENTS, documents);
        all.put(Layout.EXACT, String.join(",", exact));
        all.put(Layout.BUCKETS, Integer.toString(buckets));
        return all;
    }

    private static TaskSpec task(String name, Map<String, String> parameters) {
        return TaskSpec.of(name, StageTasks.VERSION, parameters);
    }
}
