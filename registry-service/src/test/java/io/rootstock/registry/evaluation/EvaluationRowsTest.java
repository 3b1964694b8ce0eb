package io.rootstock.registry.evaluation;

import static io.rootstock.registry.evaluation.EvaluationFixture.record;
import static io.rootstock.registry.evaluation.EvaluationFixture.refusal;
import static io.rootstock.registry.evaluation.EvaluationFixture.result;
import static io.rootstock.registry.evaluation.EvaluationFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.grpc.Status;
import io.rootstock.evaluation.v1.CompareEvaluationsRequest;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.MetricComparison;
import io.rootstock.evaluation.v1.ReadEvaluationRowsRequest;
import io.rootstock.evaluation.v1.ReadEvaluationRowsResponse;
import io.rootstock.evaluation.v1.TaskComparison;
import io.rootstock.evaluation.v1.Verdict;
import io.rootstock.registry.RegistryHarness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationRowsTest {
    @TempDir
    private Path scratch;

    private EvaluationFixture fixture;

    @BeforeEach
    void start() {
        fixture = new EvaluationFixture(new RegistryHarness(scratch)).withSuite();
    }

    @AfterEach
    void stop() {
        fixture.registry.close();
    }

    @Test
    void rowsAreReadWholeOrByTask() {
        List<String> records = List.of(
                record("yesno", 0, "acc", 1, 1),
                record("stories", 0, "perplexity", -2.5, 1),
                record("yesno", 1, "acc", 0, 1));
        Evaluation evaluation =
                fixture.evaluated(spec(), records, result("yesno", 2, "acc"), result("stories", 1, "perplexity"));

        assertThat(read(evaluation, "")).containsExactlyElementsOf(records);
        assertThat(read(evaluation, "", "yesno")).containsExactly(records.get(0), records.get(2));
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> read(evaluation, "", "quiz")))
                .contains("tasks[0]: 'quiz' is not a task of " + evaluation.getName() + "; its tasks: yesno, stories");
        Evaluation running = fixture.create(spec());
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> read(running, "")))
                .contains("is QUEUED; its rows are stored once it has succeeded");
    }

    @Test
    void manyRowsArriveInMessagesOfAtMostAMebibyte() {
        List<String> records = new ArrayList<>();
        for (int row = 0; row < 20_000; row++) {
            records.add(record("yesno", row, "acc", row % 2, 1));
        }
        Evaluation evaluation = fixture.evaluated(spec().addTasks("yesno"), records, result("yesno", 20_000, "acc"));
        List<Integer> sizes = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        fixture.evaluations
                .readEvaluationRows(ReadEvaluationRowsRequest.newBuilder()
                        .setName(evaluation.getName())
                        .build())
                .forEachRemaining(message -> {
                    sizes.add(message.getLines().size());
                    text.append(message.getLines().toStringUtf8());
                });
        assertThat(sizes).hasSizeGreaterThan(2).allMatch(size -> size <= 1 << 20);
        assertThat(text.toString().lines()).containsExactlyElementsOf(records);
    }

    @Test
    void flippedRowsAreReadInPairs() {
        Evaluation first = fixture.scored(1, 0, 1, 0, 1);
        Evaluation second = fixture.scored(1, 1, 1, 0, 0, 1);
        assertThat(read(second, first.getName()))
                .containsExactly(
                        record("yesno", 1, "acc", 1, 1),
                        record("yesno", 1, "acc", 0, 1),
                        record("yesno", 4, "acc", 0, 1),
                        record("yesno", 4, "acc", 1, 1));
        assertThat(read(first, first.getName())).isEmpty();
        Evaluation stories = fixture.evaluated(
                spec().addTasks("stories"),
                List.of(record("stories", 0, "perplexity", -1, 1)),
                result("stories", 1, "perplexity"));
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> read(stories, first.getName())))
                .contains("flipped_against: " + first.getName() + " has none of the tasks: stories");
        assertThat(refusal(Status.Code.NOT_FOUND, () -> read(first, "evaluations/absent")))
                .contains("evaluations/absent");
    }

    @Test
    void evaluationsAreComparedByPairedTests() {
        Evaluation first = fixture.scored(1, 1, 1, 1, 0, 0, 0, 0, 0, 0);
        Evaluation second = fixture.scored(1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        List<TaskComparison> tasks = compare(first, second);
        assertThat(tasks).hasSize(1);
        TaskComparison task = tasks.getFirst();
        assertThat(task.getTask()).isEqualTo("yesno");
        assertThat(task.getRows()).isEqualTo(10);
        assertThat(task.getWins()).isEqualTo(6);
        assertThat(task.getLosses()).isZero();
        assertThat(task.getNotComparable()).isEmpty();
        MetricComparison acc = task.getMetrics(0);
        assertThat(acc.getMetric()).isEqualTo("acc");
        assertThat(acc.getFirst()).isEqualTo(0.4);
        assertThat(acc.getSecond()).isEqualTo(1);
        assertThat(acc.getDifference()).isCloseTo(0.6, within(1e-12));
        assertThat(acc.getPValue()).isCloseTo(2 / 64.0, within(1e-12));
        assertThat(acc.getAdjustedPValue()).isCloseTo(2 / 64.0, within(1e-12));
        assertThat(acc.getLower()).isCloseTo(0.279939, within(1e-6));
        assertThat(acc.getVerdict()).isEqualTo(Verdict.VERDICT_BETTER);
        assertThat(acc.getHigherIsBetter()).isTrue();
        assertThat(compare(second, first).getFirst().getMetrics(0).getVerdict()).isEqualTo(Verdict.VERDICT_WORSE);
        assertThat(compare(first, first).getFirst().getMetrics(0).getPValue()).isEqualTo(1);
    }

    @Test
    void tasksWithOtherRowsAreNamedAndTheOthersCompared() {
        Evaluation first = both(8, -10, "0");
        Evaluation second = both(8, -5, "1");
        List<TaskComparison> tasks = compare(first, second);
        assertThat(tasks).extracting(TaskComparison::getTask).containsExactly("yesno", "stories");
        assertThat(tasks.get(0).getNotComparable())
                .contains("row 0 has other requests; evaluate both with the same suite, shots and seed");
        assertThat(tasks.get(0).getRows()).isZero();
        MetricComparison bits = tasks.get(1).getMetrics(0);
        assertThat(bits.getMetric()).isEqualTo("bits_per_byte");
        assertThat(bits.getFirst()).isCloseTo(1 / Math.log(2), within(1e-12));
        assertThat(bits.getDifference()).isCloseTo(-0.5 / Math.log(2), within(1e-12));
        assertThat(bits.getPValue()).isEqualTo(1.0 / 10_001);
        assertThat(bits.getHigherIsBetter()).isFalse();
        assertThat(bits.getVerdict()).isEqualTo(Verdict.VERDICT_BETTER);
        assertThat(tasks.get(1).getWins()).isEqualTo(8);
    }

    @Test
    void evaluationsWithoutCommonRowsAreRefused() throws IOException {
        Evaluation first = fixture.scored(1, 0, 1);
        Evaluation shorter = fixture.scored(1, 0);
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> compare(first, shorter)))
                .contains("yesno: the first evaluation has 3 rows, the second 2; evaluate both with the same limit");
        Evaluation shots = fixture.evaluated(
                spec().addTasks("yesno"),
                List.of(record("yesno", 0, "acc", 1, 1)),
                result("yesno", 1, "acc").toBuilder().setShots(5).build());
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> compare(first, shots)))
                .contains("the first evaluation has 2 few-shot examples, the second 5");
        Evaluation stories = fixture.evaluated(
                spec().addTasks("stories"),
                List.of(record("stories", 0, "perplexity", -1, 1)),
                result("stories", 1, "perplexity"));
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> compare(first, stories)))
                .contains("the evaluations have no task in common");
        Evaluation invalid = fixture.evaluated(spec().addTasks("yesno"), List.of("{}"), result("yesno", 1, "acc"));
        assertThat(refusal(Status.Code.DATA_LOSS, () -> compare(first, invalid)))
                .contains("the rows of " + invalid.getName() + " are invalid", ":1: not a row record");
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> compare(first, fixture.create(spec()))))
                .contains("is QUEUED");
        removeAllArtifacts();
        assertThat(refusal(Status.Code.DATA_LOSS, () -> read(first, "")))
                .contains("the rows of " + first.getName() + " cannot be read");
    }

    private void removeAllArtifacts() throws IOException {
        try (Stream<Path> files = Files.walk(scratch.resolve("artifacts/sha256"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Evaluates both tasks with rows of this log-probability, and requests of the task yesno that depend on a digit. */
    private Evaluation both(int rows, double logprob, String digit) {
        List<String> records = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            records.add(record("yesno", row, digit.repeat(64), "acc", 1, 1));
        }
        for (int row = 0; row < rows; row++) {
            records.add(record("stories", row, "bits_per_byte", logprob, 10));
        }
        return fixture.evaluated(
                spec(), records, result("yesno", rows, "acc"), result("stories", rows, "bits_per_byte"));
    }

    private List<TaskComparison> compare(Evaluation first, Evaluation second) {
        return fixture.evaluations
                .compareEvaluations(CompareEvaluationsRequest.newBuilder()
                        .setFirst(first.getName())
                        .setSecond(second.getName())
                        .build())
                .getTasksList();
    }

    private List<String> read(Evaluation evaluation, String flippedAgainst, String... tasks) {
        StringBuilder text = new StringBuilder();
        fixture.evaluations
                .readEvaluationRows(ReadEvaluationRowsRequest.newBuilder()
                        .setName(evaluation.getName())
                        .setFlippedAgainst(flippedAgainst)
                        .addAllTasks(List.of(tasks))
                        .build())
                .forEachRemaining((ReadEvaluationRowsResponse message) ->
                        text.append(message.getLines().toStringUtf8()));
        return text.toString().lines().toList();
    }
}
