package io.rootstock.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.rootstock.cli.evaluation.Records;
import io.rootstock.evaluation.result.Confusion;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.MetricComparison;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.PromptFormat;
import io.rootstock.evaluation.v1.ResolvedEvaluation;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.evaluation.v1.TaskComparison;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.evaluation.v1.Verdict;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactContent;
import io.rootstock.trainer.v1.ArtifactKind;
import java.util.List;
import java.util.Optional;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** The page, read by an HTML parser. */
class ReportPageTest {
    private static final String HOSTILE = "<script>alert(1)</script>\"'&\u202e\u001b";

    private static final SuiteRevision SUITE = SuiteRevision.newBuilder()
            .setName("suites/base/revisions/2")
            .addFiles(SuiteFile.newBuilder()
                    .setPath("suite.yaml")
                    .setDigest("sha256:11")
                    .setBytes(321))
            .build();

    @Test
    void aReportStatesResultsFilesAndTheCommand() {
        Document page = Jsoup.parse(ReportPage.of(new Report(evaluation("e1", 3, 0.5), SUITE, Optional.empty())));
        assertThat(page.title()).isEqualTo("Evaluation of spam:3 on base/revisions/2");
        assertThat(page.select("table").getFirst().select("td").eachText())
                .containsExactly(
                        "name",
                        "evaluations/e1",
                        "version",
                        "models/spam/versions/3",
                        "suite",
                        "suites/base/revisions/2",
                        "file",
                        "q8_0, sha256:22",
                        "engine",
                        "llama.cpp b9090",
                        "prompts",
                        "text",
                        "row records",
                        "sha256:33",
                        "limit",
                        "10",
                        "shots",
                        "2",
                        "created",
                        "2023-11-14T22:13:20Z");
        assertThat(page.select("h3").eachText()).containsExactly("spam:3 (q8_0)");
        assertThat(page.select("table").get(1).select("td").eachText())
                .containsExactly(
                        "boolq",
                        "acc",
                        "0.5000",
                        "[0.4000, 0.6000]",
                        "0.5000",
                        "10",
                        "1",
                        "2",
                        "ties:share",
                        "boolq",
                        "bits_per_byte",
                        "1.2000",
                        "[1.1000, 1.3000]",
                        "-",
                        "10",
                        "1",
                        "2");
        assertThat(page.select("svg").eachAttr("aria-label"))
                .containsExactly("Shares of rows and F-scores, 0 to 1", "bits_per_byte");
        assertThat(page.selectFirst("pre").wholeText().strip())
                .isEqualTo(
                        "rootstock eval run spam:3 --suite base/revisions/2 --limit 10 --shots 2 --quantization q8_0");
        assertThat(page.select("table").getLast().select("td").eachText())
                .containsExactly("suite.yaml", "321", "sha256:11");
        assertThat(page.text()).doesNotContain("flipped");
    }

    @Test
    void aComparisonHasDifferencesAndFlippedRows() {
        Document page = Jsoup.parse(ReportPage.of(compared(Records.CORRECT, 1)));
        assertThat(page.select("svg").eachAttr("aria-label"))
                .containsExactly(
                        "Shares of rows and F-scores, 0 to 1",
                        "bits_per_byte",
                        "Difference: Shares of rows and F-scores, 0 to 1");
        assertThat(page.select("svg").getFirst().select("text").eachText())
                .contains("boolq acc, baseline spam:2 (q8_0)", "boolq acc, spam:3 (q8_0)");
        assertThat(page.select("li").eachText())
                .containsExactly("boolq acc: better by 10.0 points (1 of 10 rows better, 0 worse)");
        assertThat(page.select("h2:contains(Rows that flipped) + p").text())
                .isEqualTo("1 row of boolq has another first score than in the baseline.");
        assertThat(page.select("h2:contains(Rows that flipped) + p + table td").eachText())
                .containsExactly(
                        "boolq",
                        "row 12, core/boolq.jsonl:13",
                        "yes\\u{1b}[2J",
                        "wrong no log-probability -1.2500; gold log-probability -2.5000",
                        "correct yes\\u{1b}[2J log-probability -1.2500");
        assertThat(page.selectFirst("pre").wholeText().lines()).hasSize(2);
        assertThat(Jsoup.parse(ReportPage.of(compared(Records.CORRECT, 1234))).text())
                .contains("1234 rows of boolq have another first score than in the baseline; the first 1 are shown.");
    }

    @Test
    void formatsAndConfusionsAreShown() {
        Evaluation evaluation = evaluation("e1", 3, 0.5);
        Evaluation chat = evaluation.toBuilder()
                .setSpec(evaluation.getSpec().toBuilder().setPromptFormat(PromptFormat.PROMPT_FORMAT_CHAT))
                .build();
        Confusion confusion = new Confusion("boolq");
        confusion.add(Records.parsed(Records.CORRECT));
        confusion.add(Records.parsed(Records.WRONG));
        Document page = Jsoup.parse(ReportPage.of(
                new Report(chat, SUITE, compared(Records.CORRECT, 1).comparison(), List.of(confusion))));
        assertThat(page.text())
                .contains("Note: the prompt formats differ: text in the first evaluation, chat in the second.");
        assertThat(page.select("pre").getLast().wholeText().lines())
                .anySatisfy(line -> assertThat(line).endsWith("--shots 2 --chat --quantization q8_0"));
        // Cells without text, such as counts of 0, are not listed.
        assertThat(page.select(".wide th").eachText()).containsExactly("no", "yes\\u{1b}[2J");
        assertThat(page.select(".wide td").eachText()).containsExactly("no", "yes\\u{1b}[2J", "1", "1");
    }

    @Test
    void flippedRowsAreThoseOfTasksWithCorrectRows() {
        Report.Comparison comparison = compared(Records.CORRECT, 1).comparison().orElseThrow();
        Report.Comparison none =
                new Report.Comparison(comparison.baseline(), comparison.tasks(), List.of(), List.of(), 0);
        assertThat(Jsoup.parse(ReportPage.of(new Report(evaluation("e1", 3, 0.5), SUITE, Optional.of(none))))
                        .select("h2:contains(Rows that flipped) + p")
                        .text())
                .isEqualTo("No task is judged by a metric whose rows are correct or wrong.");
    }

    @Test
    void textsOfRowsAndNamesCannotAddMarkup() {
        String record = Records.CORRECT.replace("\"no\"", "\"<script>alert(1)</script>\\\"'&\\u202e\\u001b\"");
        Report report = compared(record, 1);
        Evaluation hostile = report.evaluation().toBuilder()
                .setEngine(HOSTILE)
                .setSpec(report.evaluation().getSpec().toBuilder().addTasks("a'b " + HOSTILE))
                .setResults(0, report.evaluation().getResults(0).toBuilder().setTask(HOSTILE))
                .build();
        SuiteRevision suite = SUITE.toBuilder()
                .addFiles(SuiteFile.newBuilder().setPath("\"><img src=x onerror=alert(1)>"))
                .build();
        String html = ReportPage.of(new Report(hostile, suite, report.comparison()));
        Document page = Jsoup.parse(html);
        assertThat(page.select("script, img, iframe, link, [onerror], [src], [href]"))
                .isEmpty();
        assertThat(html)
                .doesNotContain("<script", "\u202e", "\u001b")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\\u{202e}\\u{1b}")
                .contains("Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"");
        assertThat(page.select("td").eachText()).contains("\"><img src=x onerror=alert(1)>");
        assertThat(page.select("pre").text()).contains("--tasks 'a'\\''b <script>");
    }

    private static Report compared(String first, long flippedRows) {
        Evaluation baseline = evaluation("e0", 2, 0.4);
        TaskComparison task = TaskComparison.newBuilder()
                .setTask("boolq")
                .setRows(10)
                .setWins(1)
                .addMetrics(MetricComparison.newBuilder()
                        .setMetric("acc")
                        .setFirst(0.4)
                        .setSecond(0.5)
                        .setDifference(0.1)
                        .setLower(0.02)
                        .setUpper(0.18)
                        .setAdjustedPValue(0.01)
                        .setVerdict(Verdict.VERDICT_BETTER))
                .build();
        FlippedRow flipped = new FlippedRow(Records.parsed(Records.WRONG), Records.parsed(first));
        return new Report(
                evaluation("e1", 3, 0.5),
                SUITE,
                Optional.of(new Report.Comparison(
                        baseline, List.of(task), List.of("boolq"), List.of(flipped), flippedRows)));
    }

    private static Evaluation evaluation(String id, int version, double accuracy) {
        return Evaluation.newBuilder()
                .setName("evaluations/" + id)
                .setSpec(EvaluationSpec.newBuilder().setLimit(10).setShots(2))
                .setResolved(ResolvedEvaluation.newBuilder()
                        .setVersion("models/spam/versions/" + version)
                        .setSuiteRevision(SUITE.getName())
                        .setArtifact(Artifact.newBuilder()
                                .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0)
                                .setDigest("sha256:22")))
                .setEngine("llama.cpp b9090")
                .setRows(ArtifactContent.newBuilder().setDigest("sha256:33"))
                .setCreateTime(Timestamp.newBuilder().setSeconds(1_700_000_000))
                .addResults(TaskResult.newBuilder()
                        .setTask("boolq")
                        .setRows(10)
                        .setNearTies(1)
                        .setShots(2)
                        .addMetrics(MetricResult.newBuilder()
                                .setMetric("acc")
                                .setValue(accuracy)
                                .setLower(accuracy - 0.1)
                                .setUpper(accuracy + 0.1)
                                .setChance(0.5)
                                .setSignature("ties:share"))
                        .addMetrics(MetricResult.newBuilder()
                                .setMetric("bits_per_byte")
                                .setValue(1.2)
                                .setLower(1.1)
                                .setUpper(1.3)))
                .build();
    }
}
