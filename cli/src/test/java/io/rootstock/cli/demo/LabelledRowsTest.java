package io.rootstock.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.evaluation.baseline.LabelledText;
import io.rootstock.evaluation.baseline.LinearClassifier;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LabelledRowsTest {
    private static final int TRAINING_ROWS = 2000;
    private static final int HELD_OUT_ROWS = 300;

    @Test
    void rowsAreTheSameOnEachCall() {
        assertThat(StreamRows.of(DemoSplit.TEST, 50))
                .isEqualTo(StreamRows.of(DemoSplit.TEST, 50))
                .doesNotHaveDuplicates();
        assertThat(StepRows.of(DemoSplit.TEST, 50))
                .isEqualTo(StepRows.of(DemoSplit.TEST, 50))
                .doesNotHaveDuplicates();
    }

    @Test
    void aRequestIsAnsweredByTheStreamThatDoesIt() {
        assertThat(StreamRows.of(DemoSplit.TRAIN, TRAINING_ROWS))
                .filteredOn(row -> row.output().contains(".stream().sorted()."))
                .extracting(StreamRows.Row::instruction)
                .anyMatch(request -> request.matches("Sort the \\w+, then .*"))
                .anyMatch(request -> request.contains(" after you sort them"))
                .noneMatch(request -> request.matches("Sort the \\w+ after you .*"));
    }

    @Test
    void noHeldOutStreamHasTheCallsOfATrainingStream() {
        Set<String> training = calls(StreamRows.of(DemoSplit.TRAIN, TRAINING_ROWS));
        assertThat(calls(StreamRows.of(DemoSplit.TEST, HELD_OUT_ROWS))).doesNotContainAnyElementsOf(training);
        assertThat(calls(StreamRows.of(DemoSplit.VALIDATION, HELD_OUT_ROWS))).doesNotContainAnyElementsOf(training);
    }

    /** The calls without the source and the arguments. */
    private static Set<String> calls(List<StreamRows.Row> rows) {
        return rows.stream()
                .map(row -> row.output()
                        .substring(row.output().indexOf('.'))
                        .replaceAll("(limit|skip)\\(\\d+\\)", "$1")
                        .replaceAll("([<>]) \\d+", "$1")
                        .replaceAll("With\\(\"\\w\"|contains\\(\"\\w\"", "("))
                .collect(Collectors.toSet());
    }

    @Test
    void theWordsOfAnInstructionDoNotTellItsLastStep() {
        List<String> labels = StepRows.of(DemoSplit.TRAIN, TRAINING_ROWS).stream()
                .map(StepRows.Row::label)
                .distinct()
                .toList();
        assertThat(labels).hasSize(10);
        LinearClassifier linear = LinearClassifier.train(
                StepRows.of(DemoSplit.TRAIN, TRAINING_ROWS).stream()
                        .map(row -> new LabelledText(row.text(), labels.indexOf(row.label())))
                        .toList(),
                labels.size(),
                1);
        List<StepRows.Row> heldOut = StepRows.of(DemoSplit.TEST, HELD_OUT_ROWS);
        long right = heldOut.stream()
                .filter(row -> labels.get(linear.classify(row.text())).equals(row.label()))
                .count();
        assertThat((double) right / heldOut.size()).isBetween(0.4, 0.8);
    }
}
