package io.rootstock.corpus.engine.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.corpus.duplicate.MinHashParameters;
import io.rootstock.corpus.engine.fixture.Corpus;
import io.rootstock.corpus.engine.fixture.Corpus.Row;
import io.rootstock.corpus.engine.fixture.FixtureReaders;
import io.rootstock.corpus.engine.fixture.Jobs;
import io.rootstock.corpus.engine.fixture.Outputs;
import io.rootstock.corpus.engine.job.CorpusSpec.SourceUnit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Recall and precision on planted copies of documents of 500 words, in which one range of words is replaced. A copy is a
 * near duplicate if its set of 5-grams has at least a stated Jaccard similarity with the original:
 *
 * <ul>
 *   <li>0.85 for 14 bands of 8 rows: up to 7 % of the words replaced in one range. The probability of a shared band is 0.988
 *       at 0.85, and 0.92 at 0.8 (9 %).
 *   <li>0.65 for 28 bands of 4 rows, with the 112 lanes of 14 bands: up to 20 % replaced. Such bands are shared by pairs of
 *       lower similarity too, so pairs are verified.
 * </ul>
 *
 * <p>Words that are replaced at random places change up to five n-grams each: 2 % of the words leave 0.82, 5 % leave 0.63.
 */
class NearDuplicateQualityTest {
    private static final int ORIGINALS = 1000;
    private static final int WORDS = 500;
    private static final MinHashParameters SENSITIVE = new MinHashParameters(28, 4, 5);

    @TempDir
    private Path folder;

    private final Random random = new Random(15);
    private final List<Row> rows = new ArrayList<>();
    private final Set<String> planted = new HashSet<>();

    @Test
    void copiesWithUpToSevenPercentReplacedAreFound() throws IOException {
        plant(0.05, 0.07, 0.85);
        assertQuality(NearDuplicates.DEFAULT);
        assertQuality(new NearDuplicates(MinHashParameters.FINEWEB, 0));
    }

    @Test
    void copiesWithUpToTwentyPercentReplacedAreFoundWithNarrowBands() throws IOException {
        plant(0.05, 0.20, 0.65);
        assertQuality(new NearDuplicates(SENSITIVE, 0.5));
    }

    @Test
    void verificationKeepsCopiesOfLowSimilarityThatShareABand() throws IOException {
        plant(0.05, 0.06, 0.85);
        for (int i = 0; i < ORIGINALS; i++) {
            String original = Corpus.text(random, WORDS);
            rows.add(new Row(original, ""));
            rows.add(new Row(Corpus.changed(random, original, 0.25), ""));
        }
        assertThat(precision(removed(new NearDuplicates(MinHashParameters.FINEWEB, 0))))
                .isLessThan(0.9);
        assertQuality(new NearDuplicates(MinHashParameters.FINEWEB, 0.75));
        assertQuality(NearDuplicates.DEFAULT);
    }

    private void plant(double least, double most, double similarity) {
        for (int i = 0; i < ORIGINALS; i++) {
            String original = Corpus.text(random, WORDS);
            String copy = Corpus.changed(random, original, least + (most - least) * random.nextDouble());
            assertThat(jaccard(original, copy)).isGreaterThanOrEqualTo(similarity);
            rows.add(new Row(original, ""));
            rows.add(new Row(copy, ""));
            planted.add(copy);
        }
    }

    @Test
    void allCopiesOfATextAreRemovedAndNoOther() throws IOException {
        Random order = new Random(3);
        List<String> originals = new ArrayList<>();
        for (int i = 0; i < ORIGINALS; i++) {
            originals.add(Corpus.text(random, 30));
        }
        originals.forEach(text -> rows.add(new Row(text, "")));
        for (int i = 0; i < ORIGINALS; i++) {
            rows.add(new Row(originals.get(order.nextInt(ORIGINALS)), ""));
        }
        Path work = folder.resolve("work");
        Duplicates contents = new Duplicates(false, true, Optional.empty(), Optional.empty());
        Jobs.run(work, new CorpusSpec(units(), FixtureReaders.JSON_LINES, List.of(), contents), 2, 8);
        assertThat(Outputs.texts(work)).isEqualTo(originals);
    }

    private void assertQuality(NearDuplicates near) throws IOException {
        Set<String> removed = removed(near);
        Set<String> found = new HashSet<>(planted);
        found.retainAll(removed);
        double recall = (double) found.size() / planted.size();
        assertThat(recall).as("recall").isGreaterThanOrEqualTo(0.98);
        assertThat(precision(removed)).as("precision").isGreaterThanOrEqualTo(0.98);
    }

    private double precision(Set<String> removed) {
        Set<String> found = new HashSet<>(planted);
        found.retainAll(removed);
        return (double) found.size() / removed.size();
    }

    private Set<String> removed(NearDuplicates near) throws IOException {
        Path work = folder.resolve("work");
        Duplicates duplicates = new Duplicates(false, false, Optional.empty(), Optional.of(near));
        Jobs.run(work, new CorpusSpec(units(), FixtureReaders.JSON_LINES, List.of(), duplicates), 2, 8);
        Set<String> removed = new HashSet<>();
        rows.forEach(row -> removed.add(row.text()));
        Outputs.texts(work).forEach(removed::remove);
        return removed;
    }

    private List<SourceUnit> units() throws IOException {
        return Corpus.write(folder.resolve("in"), rows, 5);
    }

    private static double jaccard(String first, String second) {
        Set<List<String>> ngrams = ngrams(first);
        Set<List<String>> others = ngrams(second);
        Set<List<String>> common = new HashSet<>(ngrams);
        common.retainAll(others);
        return (double) common.size() / (ngrams.size() + others.size() - common.size());
    }

    private static Set<List<String>> ngrams(String text) {
        List<String> words = new ArrayList<>();
        Collections.addAll(words, text.split("\\s+"));
        Set<List<String>> ngrams = new HashSet<>();
        for (int i = 0; i + 5 <= words.size(); i++) {
            ngrams.add(List.copyOf(words.subList(i, i + 5)));
        }
        return ngrams;
    }
}
