package io.rootstock.corpus.engine.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.Text;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StepCounterTest {
    @Test
    void sumsAndSamplesDoNotDependOnUnitsAndTheirOrder() {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            documents.add(document("file:" + i, "text " + i));
        }
        StepCounts expected = count(documents);
        Random random = new Random(1);
        for (int round = 0; round < 20; round++) {
            Collections.shuffle(documents, random);
            List<StepCounts> units = new ArrayList<>();
            int from = 0;
            while (from < documents.size()) {
                int to = Math.min(documents.size(), from + 1 + random.nextInt(100));
                units.add(count(documents.subList(from, to)));
                from = to;
            }
            assertThat(units.stream().reduce(StepCounts::plus)).contains(expected);
        }
        assertThat(expected.samples())
                .extracting(RemovedSample::location)
                .isEqualTo(documents.stream()
                        .map(Document::location)
                        .filter(location -> isRemoved(location))
                        .sorted(Comparator.comparing(RemovedSample::hash, Long::compareUnsigned))
                        .limit(10)
                        .toList());
        assertThat(expected.removed()).isEqualTo(Map.of("even", 75L, "odd", 75L));
        assertThat(expected.edits()).isEqualTo(Map.of("kind", 300L));
        assertThat(expected.documentsIn()).isEqualTo(300);
        assertThat(expected.documentsOut()).isEqualTo(150);
    }

    @Test
    void anExcerptEndsAtACharacter() {
        StepCounter counter = new StepCounter("step");
        counter.removed(document("a", "한".repeat(1000)), "reason");
        counter.removed(document("b", "\uD83D\uDE00".repeat(300)), "reason");
        counter.removed(document("c", "short"), "reason");
        assertThat(counter.counts().samples())
                .extracting(RemovedSample::excerpt)
                .containsExactlyInAnyOrder("한".repeat(200), "\uD83D\uDE00".repeat(200), "short");
    }

    @Test
    void countsOfDifferentStepsAreNotAdded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StepCounter("a").counts().plus(new StepCounter("b").counts()))
                .withMessage("cannot add counts of b to counts of a");
    }

    private static StepCounts count(List<Document> documents) {
        StepCounter counter = new StepCounter("step");
        for (Document document : documents) {
            if (isRemoved(document.location())) {
                counter.removed(document, number(document.location()) % 4 == 0 ? "even" : "odd");
            } else {
                counter.kept(document, document.withText(Text.of("x")), Map.of("kind", 2));
            }
        }
        return counter.counts();
    }

    private static boolean isRemoved(String location) {
        return number(location) % 2 == 0;
    }

    private static int number(String location) {
        return Integer.parseInt(location.substring("file:".length()));
    }

    private static Document document(String location, String text) {
        return new Document(location, "", "", Text.of(text));
    }
}
