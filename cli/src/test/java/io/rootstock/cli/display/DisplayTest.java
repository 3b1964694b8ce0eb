package io.rootstock.cli.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.job.v1.JobKind;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.LineageNode;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DuplicateRow;
import io.rootstock.tokenizer.v1.RowPlace;
import io.rootstock.tokenizer.v1.SourceStatistics;
import io.rootstock.tokenizer.v1.SplitStatistics;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.Estimate;
import io.rootstock.trainer.v1.EstimateRunResponse;
import io.rootstock.trainer.v1.Hyperparameters;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

final class DisplayTest {
    @Test
    void formatsNumbersWithUnits() {
        assertThat(Format.count(950)).isEqualTo("950");
        assertThat(Format.count(12_345)).isEqualTo("12.3k");
        assertThat(Format.count(4_560_000)).isEqualTo("4.56M");
        assertThat(Format.bytes(11_900_000)).isEqualTo("11.9 MB");
        assertThat(Format.bytes(12)).isEqualTo("12 B");
        assertThat(Format.unit(3.35e13, "FLOP")).isEqualTo("33.5 TFLOP");
        assertThat(Format.counted(1, "row")).isEqualTo("1 row");
        assertThat(Format.counted(0, "row")).isEqualTo("0 rows");
        assertThat(Format.duration(8.25)).isEqualTo("8.3 s");
        assertThat(Format.duration(200)).isEqualTo("3 min 20 s");
        assertThat(Format.duration(180)).isEqualTo("3 min");
        assertThat(Format.duration(7500)).isEqualTo("2 h 5 min");
        assertThat(Format.duration(7200)).isEqualTo("2 h");
        assertThat(Format.dollars(0.0042)).isEqualTo("$0.0042");
        assertThat(Format.dollars(1234.5)).isEqualTo("$1,235");
        assertThat(Format.fit("a  line\nthat is long", 8)).isEqualTo("a line …");
    }

    @Test
    void formatsRatesWithThreeDigits() {
        assertThat(Format.rate(7.5E-4)).isEqualTo("7.5e-4");
        assertThat(Format.rate(0.0011111111)).isEqualTo("0.00111");
        assertThat(Format.rate(2e-5)).isEqualTo("2e-5");
        assertThat(Format.rate(0.1)).isEqualTo("0.1");
        assertThat(Format.rate(0)).isEqualTo("0.0");
    }

    @Test
    void omitsLossTokensForClassification() {
        Dataset.Builder dataset = Dataset.newBuilder()
                .addSplits(SplitStatistics.newBuilder()
                        .setSplit("train")
                        .setRows(9)
                        .setTokens(99));
        assertThat(MixtureTable.splits(dataset.setKind(DatasetKind.DATASET_KIND_CLASSIFICATION)
                                .build())
                        .lines())
                .first()
                .isEqualTo("split  rows  bytes  tokens");
        assertThat(MixtureTable.splits(dataset.setKind(DatasetKind.DATASET_KIND_INSTRUCTION)
                                .build())
                        .lines())
                .first()
                .isEqualTo("split  rows  bytes  tokens  loss tokens");
    }

    @Test
    void warnsAboutDuplicateRows() {
        Dataset dataset = Dataset.newBuilder()
                .setDuplicateRowCount(2)
                .addDuplicateRows(DuplicateRow.newBuilder()
                        .setRow(RowPlace.newBuilder()
                                .setSplit("test")
                                .setFile("test.tsv")
                                .setLine(12))
                        .setSameAs(RowPlace.newBuilder()
                                .setSplit("train")
                                .setFile("train.tsv")
                                .setLine(3)))
                .build();
        assertThat(MixtureTable.duplicates(dataset))
                .containsExactly(
                        "",
                        "warning: 2 held-out rows are duplicates of rows in another split (not removed), for example:",
                        "  test test.tsv:12 duplicates train train.tsv:3");
        assertThat(MixtureTable.duplicates(Dataset.getDefaultInstance())).isEmpty();
    }

    @Test
    void alignsNumbersRightAndTextLeft() {
        Table table = new Table("source", "tokens").row("java.base", "1.07M").row("x", "12");
        assertThat(table.lines())
                .containsExactly("source     tokens", "---------  ------", "java.base   1.07M", "x              12");
    }

    @Test
    void truncatesTextToTheWidthOfTheTerminal() {
        Table table = new Table("model", "rows", "description")
                .row("javadoc-summary", "12", "Summaries of methods")
                .row("x", "3456", "");
        assertThat(table.lines(36))
                .containsExactly(
                        "model           rows  description",
                        "--------------  ----  --------------",
                        "javadoc-summa…    12  Summaries of …",
                        "x               3456");
        assertThat(table.lines(10).getFirst()).isEqualTo("model     rows  descrip…");
        assertThat(table.lines(43)).isEqualTo(table.lines());
    }

    @Test
    void readsTheSizeOfTheTerminal() {
        assertThat(TerminalWidth.of("24 80\n")).isEqualTo(80);
        for (String unknown : List.of("", "0 0", "80", "24 eighty", "24 123456")) {
            assertThat(TerminalWidth.of(unknown)).isEqualTo(TerminalWidth.UNLIMITED);
        }
    }

    @Test
    void rejectsRowWithMissingCells() {
        Table table = new Table("a", "b");
        assertThatThrownBy(() -> table.row("1")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void formatsEnumValues() {
        assertThat(Labels.of(JobState.JOB_STATE_NEEDS_RECOVERY)).isEqualTo("needs recovery");
        assertThat(Labels.state(JobState.JOB_STATE_QUEUED, "")).isEqualTo("queued");
        assertThat(Labels.state(JobState.JOB_STATE_FAILED, "out of memory")).isEqualTo("failed: out of memory");
        assertThat(Labels.of(JobKind.JOB_KIND_FINE_TUNE)).isEqualTo("fine-tune");
        assertThat(Labels.of(VersionKind.VERSION_KIND_BASE)).isEqualTo("base");
        assertThat(Labels.file(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0)).isEqualTo("q8_0");
        assertThat(Labels.file(ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER)).isEqualTo("adapter");
        assertThat(Labels.file(ArtifactKind.ARTIFACT_KIND_HUGGING_FACE)).isEqualTo("hugging face");
    }

    @Test
    void computesEpochsOfEachSource() {
        Dataset dataset = Dataset.newBuilder()
                .addSources(SourceStatistics.newBuilder()
                        .setName("a")
                        .setRows(10)
                        .setBytes(4000)
                        .setTokens(1000)
                        .setTextTokens(800)
                        .setWeight(0.75))
                .addSources(SourceStatistics.newBuilder()
                        .setName("b")
                        .setRows(10)
                        .setBytes(4000)
                        .setTokens(1000)
                        .setWeight(0.25))
                .build();
        assertThat(MixtureTable.sources(dataset, 4000).lines())
                .anyMatch(line -> line.startsWith("a") && line.endsWith("5.00   0.750    3.00"))
                .anyMatch(line -> line.startsWith("b") && line.endsWith("0.250    1.00"));
    }

    @Test
    void printsLineageAsTree() {
        LineageNode root = LineageNode.newBuilder()
                .setVersion(version("models/m/versions/1", VersionKind.VERSION_KIND_BASE, "bits_per_byte", 1.8))
                .addAliases("models/m/aliases/production")
                .addChildren(LineageNode.newBuilder()
                        .setVersion(
                                version("models/c/versions/2", VersionKind.VERSION_KIND_CLASSIFIER, "accuracy", 0.93)))
                .addChildren(LineageNode.newBuilder()
                        .setVersion(Version.newBuilder()
                                .setName("models/secret/versions/1")
                                .setParent("models/m/versions/1")))
                .build();
        assertThat(LineageTree.lines(root))
                .containsExactly(
                        "tokenizers/t  sha256 abcdefabcdef",
                        "└─ m:1  base  [@production]",
                        "   │    from datasets/d, jobs/j",
                        "   │    bits_per_byte 1.800",
                        "   ├─ c:2  classifier",
                        "   │       from datasets/d, jobs/j",
                        "   │       accuracy 0.930",
                        "   └─ secret:1  not visible to you");
    }

    @Test
    void drawsChart() {
        List<String> lines = Chart.lines(List.of(new Chart.Point(0, 9), new Chart.Point(100, 3)), 10, 3, "tokens");
        assertThat(lines.getFirst()).isEqualTo("    9.00 │•");
        assertThat(lines.get(2)).isEqualTo("    3.00 │         •");
        assertThat(Chart.lines(List.of(new Chart.Point(0, 1)), 10, 3, "")).isEmpty();
    }

    @Test
    void printsMicroBatchesOfPlan() {
        assertThat(PlanReport.lines(EstimateRunResponse.newBuilder()
                        .setEstimate(Estimate.newBuilder()
                                .setMicroBatches(2)
                                .setMicroBatchRows(12)
                                .setPaddedShare(0.12))
                        .setHyperparameters(Hyperparameters.newBuilder().setMicroBatchTokens(700))
                        .build()))
                .contains("  micro-batches  2 per step, up to 12 rows and 700 tokens, 12.0 % padding");
    }

    @Test
    void printsDefaultsWithTheirReasons() {
        assertThat(PlanReport.lines(EstimateRunResponse.newBuilder()
                        .addDefaultReasons("epochs 8: small base")
                        .addDefaultReasons("learning rate 0.0005: small base")
                        .build()))
                .containsSequence(
                        "  defaults       epochs 8: small base", "                 learning rate 0.0005: small base");
    }

    @Test
    void printsWhatOtherProcessesLeave() {
        assertThat(PlanReport.lines(EstimateRunResponse.newBuilder()
                        .setEstimate(Estimate.newBuilder().setSeconds(90).setFreeShare(0.42))
                        .build()))
                .contains("  time and cost  1 min 30 s, $0.00 (other processes leave 42.0 % of the CPUs)");
        assertThat(PlanReport.lines(EstimateRunResponse.newBuilder()
                        .setEstimate(Estimate.newBuilder().setSeconds(90).setFreeShare(0.97))
                        .build()))
                .contains("  time and cost  1 min 30 s, $0.00");
    }

    @Test
    void printsOnlyJsonToStandardOutput() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Console console = console(out, err, OutputFormat.JSON);
        console.print("text");
        console.note("a note");
        console.printJson(Version.newBuilder().setName("models/m/versions/1").build());
        assertThat(out.toString())
                .startsWith("{\"name\":\"models/m/versions/1\"")
                .hasLineCount(1);
        assertThat(err.toString()).isEqualTo("a note" + System.lineSeparator());
    }

    private static Version version(String name, VersionKind kind, String metric, double value) {
        return Version.newBuilder()
                .setName(name)
                .setKind(kind)
                .setJob("jobs/j")
                .setDataset("datasets/d")
                .setTokenizer("tokenizers/t")
                .setTokenizerDigest("sha256:abcdefabcdef0123")
                .putMetrics(metric, value)
                .build();
    }

    @Test
    void printsYamlDocuments() {
        StringWriter out = new StringWriter();
        Console console = console(out, new StringWriter(), OutputFormat.YAML);
        console.print("text");
        console.printJson(Alias.newBuilder()
                .setName("models/m/aliases/production")
                .setVersion("models/m/versions/1")
                .build());
        console.printJson(Map.of("line", "one: \"two\"\n# three"));
        List<String> documents = List.of(out.toString().split("---\n", -1));
        assertThat(documents).hasSize(3);
        assertThat(documents.getFirst()).isEmpty();
        assertThat(documents.get(1)).contains("name: models/m/aliases/production\n", "version: models/m/versions/1\n");
        assertThat(new Yaml().<Map<String, String>>load(documents.getLast()))
                .isEqualTo(Map.of("line", "one: \"two\"\n# three"));
    }

    @Test
    void printsNamesOfResources() {
        StringWriter out = new StringWriter();
        Console console = console(out, new StringWriter(), OutputFormat.NAME);
        console.print("text");
        console.printJson(Version.newBuilder().setName("models/m/versions/1").build());
        console.printJson(Version.getDefaultInstance());
        console.printJson(Map.of("deleted", "models/m"));
        assertThat(out.toString().lines()).containsExactly("models/m/versions/1", "models/m");
    }

    private static Console console(StringWriter out, StringWriter err, OutputFormat format) {
        return new Console(new PrintWriter(out), new PrintWriter(err), format, false, TerminalWidth.UNLIMITED);
    }
}
