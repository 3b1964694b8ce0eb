package io.rootstock.evaluation.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BaselineTest {
    private static final List<String> TOPICS =
            List.of("the striker scored a goal", "shares fell at noon", "rain in May");

    @Test
    void aLinearClassifierLearnsTwoClasses() {
        assertThat(accuracy(2)).isEqualTo(1);
    }

    @Test
    void aLinearClassifierLearnsThreeClasses() {
        assertThat(accuracy(3)).isEqualTo(1);
    }

    @Test
    void manyClassesShareWeightsAndEmptyTextsHaveAClass() {
        List<LabelledText> rows = new ArrayList<>();
        for (int label = 0; label < 300; label++) {
            rows.add(new LabelledText("topic number " + label * 7919, label));
        }
        LinearClassifier model = LinearClassifier.train(rows, 300, 1);
        assertThat(rows.stream()
                        .filter(row -> model.classify(row.text()) == row.label())
                        .count())
                .isGreaterThan(280);
        assertThat(model.classify("")).isBetween(0, 299);
    }

    @Test
    void equalSeedsGiveEqualClassifiers() {
        List<LabelledText> rows = rows(3, 60, 4);
        LinearClassifier one = LinearClassifier.train(rows, 3, 7);
        LinearClassifier other = LinearClassifier.train(rows, 3, 7);
        for (LabelledText row : rows(3, 60, 5)) {
            assertThat(one.classify(row.text())).isEqualTo(other.classify(row.text()));
        }
    }

    @Test
    void theMostProbableClassIsThePredictedOne() {
        for (int classes = 2; classes <= 3; classes++) {
            LinearClassifier model = LinearClassifier.train(rows(classes, 90, 1), classes, 1);
            for (LabelledText row : rows(classes, 30, 2)) {
                double[] probabilities = model.probabilities(row.text());
                assertThat(probabilities).hasSize(classes);
                assertThat(Arrays.stream(probabilities).sum()).isCloseTo(1, within(1e-9));
                assertThat(Arrays.stream(probabilities).max().orElseThrow())
                        .isEqualTo(probabilities[model.classify(row.text())]);
            }
        }
    }

    @Test
    void ofManyLongTextsASampleIsLearnedInSeconds() {
        List<LabelledText> rows = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            rows.add(new LabelledText(TOPICS.get(i % 2) + " " + "x".repeat(2000), i % 2));
        }
        long start = System.nanoTime();
        LinearClassifier model = LinearClassifier.train(rows, 2, 1);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
        assertThat(model.classify(TOPICS.get(0) + " today")).isZero();
        assertThat(model.classify(TOPICS.get(1) + " today")).isEqualTo(1);
    }

    @Test
    void findsTheNearestTextAndTheFirstOfEqualOnes() {
        NearestText search = new NearestText(List.of("a dog runs on the beach", "two men play chess", ""));
        for (String text :
                List.of("men play chess", "a dog runs on grass", "the dog runs on the beach", "men play chess")) {
            search.add(text);
        }
        assertThat(search.nearest()).startsWith(2, 0);
    }

    @Test
    void withoutTextsNoneIsNearest() {
        assertThat(new NearestText(List.of("a")).nearest()).containsExactly(-1);
    }

    private static double accuracy(int classes) {
        LinearClassifier model = LinearClassifier.train(rows(classes, 90, 1), classes, 1);
        List<LabelledText> test = rows(classes, 30, 2);
        return test.stream()
                        .filter(row -> model.classify(row.text()) == row.label())
                        .count()
                / (double) test.size();
    }

    private static List<LabelledText> rows(int classes, int count, long seed) {
        Random random = new Random(seed);
        List<LabelledText> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int label = i % classes;
            rows.add(new LabelledText(
                    random.nextInt(1000) + " " + TOPICS.get(label) + " " + random.nextInt(1000), label));
        }
        return rows;
    }
}
