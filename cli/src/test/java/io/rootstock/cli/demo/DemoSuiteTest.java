package io.rootstock.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.chat.ChatTemplate;
import io.rootstock.chat.Segment;
import io.rootstock.chat.Turn;
import io.rootstock.cli.suite.LocalSuite;
import io.rootstock.evaluation.metric.text.Chrf;
import io.rootstock.evaluation.metric.text.TextCorpus;
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
    private static final String SIGNATURE = "int List.size()";
    private static final String SENTENCE = "Returns the number of elements in this list.";
    private static final String OTHER_SIGNATURE = "void Map.clear()";
    private static final String OTHER_SENTENCE = "Removes all mappings.";

    @TempDir
    private Path folder;

    private DemoSuite write() throws IOException {
        DemoCorpus corpus = new DemoCorpus(folder, 2, 100);
        Files.writeString(
                corpus.heldOutDocuments(),
                "{\"text\": \"A list.\\nIt has \\\"elements\\\".\"}\n{\"text\": \"A map.\"}\n");
        Files.writeString(
                corpus.instructions(DemoSplit.TEST),
                "{\"instruction\": \"%s\", \"output\": \"%s\"}\n{\"instruction\": \"%s\", \"output\": \"%s\"}\n"
                        .formatted(SIGNATURE, SENTENCE, OTHER_SIGNATURE, OTHER_SENTENCE));
        return DemoSuite.write(corpus, new Gzip.Size(1000, 250));
    }

    @Test
    void itsRequestsAreTheHeldOutTextAndTheChatPromptOfEachSignature() throws IOException {
        LocalSuite local = LocalSuite.read(new FolderFiles(write().folder()));
        assertThat(local.missingRowFiles()).isEmpty();
        assertThat(local.suite().tasks()).extracting(Task::name).containsExactly("held_out_text", "first_sentence");
        TaskRenderer documents = renderer(local, 0);
        assertThat(documents.size()).isEqualTo(2);
        assertThat(documents.iterator().next().requests())
                .containsExactly(new RollingRequest("A list.\nIt has \"elements\"."));
        RenderedRow answer = renderer(local, 1).iterator().next();
        String prompt =
                ChatTemplate.parse(ChatTemplate.CHATML).render(List.of(new Turn("user", SIGNATURE)), true).stream()
                        .map(Segment::text)
                        .collect(Collectors.joining());
        assertThat(answer.requests()).containsExactly(new GenerateRequest(prompt, List.of("\n"), 48));
        assertThat(answer.expected()).isEqualTo(new Expected.References(List.of(SENTENCE)));
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
                .containsExactly(
                        "first_sentence.yaml", "held-out.jsonl", "held_out_text.yaml", "methods.jsonl", "suite.yaml");
        assertThat(LocalSuite.read(new FolderFiles(write().folder())).contents())
                .isEqualTo(first);
    }

    @Test
    void theBoundsOfTheGatesAreMeasuredBaselines() throws IOException {
        DemoSuite suite = write();
        assertThat(suite.textGate().bound()).isEqualTo(2.0);
        assertThat(suite.textGate().metric()).isEqualTo("bits_per_byte");
        Evaluation base = Evaluation.newBuilder()
                .addResults(result("held_out_text", "bits_per_byte", 1.5))
                .addResults(result("first_sentence", "chrf", 9.4))
                .build();
        assertThat(DemoSuite.answerGate(base).bound()).isEqualTo(9.4);
        TextCorpus signatures = new TextCorpus(Chrf.DEFAULT);
        signatures.add(SIGNATURE, SENTENCE);
        signatures.add(OTHER_SIGNATURE, OTHER_SENTENCE);
        assertThat(suite.signatureChrf()).isCloseTo(signatures.score(), within(1e-12));
    }

    private static TaskResult result(String task, String metric, double value) {
        return TaskResult.newBuilder()
                .setTask(task)
                .addMetrics(MetricResult.newBuilder().setMetric(metric).setValue(value))
                .build();
    }
}
