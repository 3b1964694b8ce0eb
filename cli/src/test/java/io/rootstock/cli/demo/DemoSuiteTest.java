package io.rootstock.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.chat.ChatTemplate;
import io.rootstock.chat.Segment;
import io.rootstock.chat.Turn;
import io.rootstock.cli.suite.LocalSuite;
import io.rootstock.evaluation.task.Task;
import io.rootstock.evaluation.task.request.Expected;
import io.rootstock.evaluation.task.request.GenerateRequest;
import io.rootstock.evaluation.task.request.RenderedRow;
import io.rootstock.evaluation.task.request.RollingRequest;
import io.rootstock.evaluation.task.request.TaskRenderer;
import io.rootstock.evaluation.task.suite.FolderFiles;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.evaluation.v1.TaskResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoSuiteTest {
    private static final String REQUEST = "Sort the names, and count them.";
    private static final String STREAM = "names.stream().sorted().count()";

    @TempDir
    private Path folder;

    private DemoSuite write() throws IOException {
        DemoCorpus corpus = new DemoCorpus(folder, 2, 100);
        Files.writeString(
                corpus.heldOutDocuments(),
                "{\"text\": \"A list.\\nIt has \\\"elements\\\".\"}\n{\"text\": \"A map.\"}\n");
        Files.writeString(
                corpus.streams(DemoSplit.TEST),
                "{\"instruction\": \"%s\", \"output\": \"%s\"}\n".formatted(REQUEST, STREAM));
        return DemoSuite.write(corpus, new Gzip.Size(1000, 250));
    }

    @Test
    void itsRequestsAreTheHeldOutTextAndTheChatPromptOfEachRequest() throws IOException {
        LocalSuite local = LocalSuite.read(new FolderFiles(write().folder()));
        assertThat(local.missingRowFiles()).isEmpty();
        assertThat(local.suite().tasks()).extracting(Task::name).containsExactly("held_out_text", "stream");
        TaskRenderer documents = renderer(local, 0);
        assertThat(documents.size()).isEqualTo(2);
        assertThat(documents.iterator().next().requests())
                .containsExactly(new RollingRequest("A list.\nIt has \"elements\"."));
        RenderedRow answer = renderer(local, 1).iterator().next();
        String prompt =
                ChatTemplate.parse(ChatTemplate.CHATML).render(List.of(new Turn("user", REQUEST)), true).stream()
                        .map(Segment::text)
                        .collect(Collectors.joining());
        assertThat(answer.requests()).containsExactly(new GenerateRequest(prompt, List.of("\n"), 96));
        assertThat(answer.expected()).isEqualTo(new Expected.References(List.of(STREAM)));
    }

    private static TaskRenderer renderer(LocalSuite local, int task) {
        return new TaskRenderer(local.suite().tasks().get(task), local.files(), OptionalInt.empty());
    }

    @Test
    void theSameCorpusGivesTheSameFiles() throws IOException {
        List<SuiteFile> first =
                LocalSuite.read(new FolderFiles(write().folder())).contents();
        assertThat(first)
                .extracting(SuiteFile::getPath)
                .containsExactly("held-out.jsonl", "held_out_text.yaml", "stream.yaml", "streams.jsonl", "suite.yaml");
        assertThat(LocalSuite.read(new FolderFiles(write().folder())).contents())
                .isEqualTo(first);
    }

    @Test
    void theBaseMustBeatGzipAndMoreThanHalfOfTheAnswersMustBeRight() throws IOException {
        DemoSuite suite = write();
        assertThat(suite.textGate().bound()).isEqualTo(2.0);
        assertThat(suite.textGate().metric()).isEqualTo("bits_per_byte");
        assertThat(DemoSuite.answerGate().bound()).isEqualTo(0.5);
        assertThat(DemoSuite.answerGate().metric()).isEqualTo("exact_match");
        Evaluation evaluation = Evaluation.newBuilder()
                .addResults(result("held_out_text", "bits_per_byte", 1.5))
                .addResults(result("stream", "exact_match", 0.9))
                .build();
        assertThat(DemoSuite.exactMatch(evaluation)).isEqualTo(0.9);
    }

    private static TaskResult result(String task, String metric, double value) {
        return TaskResult.newBuilder()
                .setTask(task)
                .addMetrics(MetricResult.newBuilder().setMetric(metric).setValue(value))
                .build();
    }
}
