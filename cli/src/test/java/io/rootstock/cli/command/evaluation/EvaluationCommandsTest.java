package io.rootstock.cli.command.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.Rootstock;
import io.rootstock.cli.evaluation.Records;
import io.rootstock.evaluation.v1.GetSuiteRevisionRequest;
import io.rootstock.evaluation.v1.GetSuiteRevisionResponse;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.evaluation.v1.SuiteServiceGrpc;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.GetVersionResponse;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs commands against a registry that records the requests. */
class EvaluationCommandsTest {
    @TempDir
    private Path folder;

    private final RecordedEvaluations registry = new RecordedEvaluations();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Server server;
    private String endpoint;
    private String parent = "models/spam/versions/2";
    private boolean adapter;

    @BeforeEach
    void start() throws Exception {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(registry)
                .addService(registry.jobs())
                .addService(new Models())
                .addService(new Suites())
                .build()
                .start();
        endpoint = "127.0.0.1:" + server.getPort();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void runWatchesTheEvaluationAndPrintsItsResults() {
        assertThat(run("run", "spam", "--suite", "base")).isZero();
        assertThat(registry.requests).containsExactly("create models/spam@latest suites/base", "watch jobs/e3 0");
        assertThat(out.toString().lines())
                .containsExactly(
                        "evaluations/e3 succeeded",
                        "  task   metric   value       ±  chance   n  near ties",
                        "  -----  ------  ------  ------  ------  --  ---------",
                        "  boolq  acc     0.5000  0.1000  0.5000  10          0");
        assertThat(err.toString().lines())
                .containsExactly(
                        "created evaluations/e3",
                        "  running: running at node1",
                        "  boolq  10 rows  acc 0.5000 ± 0.1000",
                        "hint: rootstock eval report e3 --to report.html");
    }

    @Test
    void runPrintsTheEventsOfTheJobAndTheEvaluationAsJson() {
        assertThat(run("run", "spam", "--suite", "base", "--json")).isZero();
        List<String> documents = out.toString().lines().toList();
        assertThat(documents).hasSize(5);
        assertThat(documents.get(2)).startsWith("{\"sequence\":\"3\"").contains("\"taskResult\":{\"task\":\"boolq\"");
        assertThat(documents.getLast())
                .startsWith("{\"name\":\"evaluations/e3\"")
                .contains("\"JOB_STATE_SUCCEEDED\"");
    }

    @Test
    void runSendsItsOptions() {
        assertThat(run(
                        "run",
                        "spam:3",
                        "--suite",
                        "base/revisions/4",
                        "--tasks",
                        "boolq,copa",
                        "--limit",
                        "7",
                        "--shots",
                        "0",
                        "--seed",
                        "-1",
                        "--quantization",
                        "q4_k_m",
                        "--check-contamination",
                        "--detach"))
                .isZero();
        assertThat(registry.requests)
                .containsExactly("create models/spam:3 suites/base/revisions/4 tasks=[boolq, copa] limit=7 shots=0"
                        + " seed=-1 contamination ARTIFACT_KIND_GGUF_Q4_K_M");
        assertThat(err.toString()).contains("hint: rootstock jobs watch e3");
    }

    @Test
    void chatPromptsAreRequestedAndNamed() {
        assertThat(run("run", "spam", "--suite", "base", "--chat")).isZero();
        assertThat(registry.requests.getFirst()).isEqualTo("create models/spam@latest suites/base PROMPT_FORMAT_CHAT");
        assertThat(out.toString().lines()).contains("prompts: chat");
        assertThat(run("run", "spam:2", "--suite", "base", "--detach")).isZero();
        out.getBuffer().setLength(0);
        assertThat(run("show", "e3")).isZero();
        assertThat(out.toString()).contains("prompts     chat");
        assertThat(run("compare", "e2", "e3")).isZero();
        assertThat(out.toString())
                .contains("note: the prompt formats differ: text in the first evaluation, chat in the second");
    }

    @Test
    void showPrintsConfusionMatricesAsJson() {
        registry.metric = "macro_f1";
        assertThat(run("run", "spam", "--suite", "base", "--detach")).isZero();
        assertThat(run("show", "e3", "--json")).isZero();
        assertThat(out.toString().lines())
                .last()
                .isEqualTo("{\"task\":\"boolq\",\"classes\":[\"no\",\"yes\\u001B[2J\"],\"confusion\":[[0,0],[2,2]]}");
        assertThat(registry.requests).endsWith("rows evaluations/e3 [boolq] ");
    }

    @Test
    void aFailedEvaluationIsExitCodeOne() {
        registry.end = JobState.JOB_STATE_FAILED;
        assertThat(run("run", "spam", "--suite", "base")).isEqualTo(1);
        assertThat(out.toString()).contains("evaluations/e3 failed: the model does not fit");
        assertThat(err.toString()).contains("hint: rootstock jobs resume e3");
    }

    @Test
    void runAgainstTheBaseEvaluatesBothOnTheSameRevision() {
        assertThat(run("run", "spam", "--suite", "base", "--limit", "10", "--against", "base"))
                .isZero();
        assertThat(registry.requests)
                .containsExactly(
                        "plan models/spam@latest suites/base limit=10",
                        "version models/spam/versions/3",
                        "version models/spam/versions/2",
                        "plan models/spam/versions/2 suites/base/revisions/4 limit=10",
                        "list state = SUCCEEDED AND version = \"models/spam/versions/2\"",
                        "create models/spam/versions/2 suites/base/revisions/4 limit=10 against",
                        "create models/spam/versions/3 suites/base/revisions/4 limit=10",
                        "watch jobs/e2 0",
                        "watch jobs/e3 0",
                        "compare evaluations/e2 evaluations/e3");
        assertThat(out.toString().lines().skip(5))
                .containsExactly(
                        "",
                        "spam:3 (e3) compared with spam:2 (e2)",
                        "  task   metric  spam:2  spam:3  difference  95 % interval       p (Holm)  verdict",
                        "  -----  ------  ------  ------  ----------  ------------------  --------  -------------",
                        "  boolq  acc     0.4000  0.5000     +0.1000  [-0.1000, +0.3000]    0.5000  no difference",
                        "",
                        "  boolq acc: no difference detectable above 25.0 points (2 of 10 rows better, 1 worse)");
        assertThat(err.toString()).contains("hint: rootstock eval report e2 e3 --to report.html");
    }

    @Test
    void runAgainstUsesAnEarlierEvaluation() {
        assertThat(run("run", "spam@production", "--suite", "base")).isZero();
        registry.requests.clear();
        assertThat(run("run", "spam", "--suite", "base", "--against", "spam@production"))
                .isZero();
        assertThat(registry.requests)
                .filteredOn(request -> request.startsWith("create") || request.startsWith("watch"))
                .containsExactly("create models/spam/versions/3 suites/base/revisions/4", "watch jobs/e3 0");
        assertThat(err.toString()).contains("using evaluations/e2 of spam:2", "created evaluations/e3 of spam:3");
        registry.requests.clear();
        assertThat(run("run", "spam", "--suite", "base", "--shots", "1", "--against", "spam:2", "--detach"))
                .isZero();
        assertThat(registry.requests).contains("create models/spam:2 suites/base/revisions/4 shots=1 against");
        assertThat(err.toString())
                .contains("hint: rootstock jobs watch e3; when both have ended: rootstock eval compare e2 e3");
    }

    @Test
    void anAdapterIsComparedWithTheFileOfItsBase() {
        adapter = true;
        assertThat(run("run", "spam", "--suite", "base", "--against", "base", "--detach"))
                .isZero();
        assertThat(registry.requests)
                .contains(
                        "plan models/spam/versions/2 suites/base/revisions/4 ARTIFACT_KIND_GGUF_Q4_K_M",
                        "create models/spam/versions/2 suites/base/revisions/4 ARTIFACT_KIND_GGUF_Q4_K_M against",
                        "create models/spam/versions/3 suites/base/revisions/4");
    }

    @Test
    void aVersionIsNotComparedWithItselfOrAMissingParent() {
        assertThat(run("run", "spam", "--suite", "base", "--against", "spam:3")).isEqualTo(1);
        assertThat(err.toString()).contains("--against spam:3 names the evaluated version, spam:3");
        parent = "";
        assertThat(run("run", "spam", "--suite", "base", "--against", "base")).isEqualTo(1);
        assertThat(err.toString()).contains("spam:3 has no parent that --against base could name");
        assertThat(registry.requests).noneMatch(request -> request.startsWith("create"));
    }

    @Test
    void wrongOptionsAreUsageErrors() {
        assertThat(run("run", "spam")).isEqualTo(2);
        assertThat(err.toString()).contains("--suite");
        assertThat(run("run", "spam", "--suite", "s", "--quantization", "q3")).isEqualTo(2);
        assertThat(run("rows", "e3", "--limit", "-1")).isEqualTo(2);
        assertThat(run("report", "e3")).isEqualTo(2);
        assertThat(run("compare", "e3")).isEqualTo(2);
        assertThat(registry.requests).isEmpty();
    }

    @Test
    void listAndShowNameTheEvaluation() {
        assertThat(run("run", "spam", "--suite", "base", "--detach")).isZero();
        registry.requests.clear();
        assertThat(run("list", "--filter", "state = RUNNING", "--order-by", "create_time"))
                .isZero();
        assertThat(out.toString())
                .contains("evaluation  version  suite             state      progress  created", "e3          spam:3");
        assertThat(run("show", "e3")).isZero();
        assertThat(out.toString())
                .contains(
                        "evaluation  evaluations/e3",
                        "version     spam:3",
                        "suite       base/revisions/4",
                        "file        q8_0  sha256:3",
                        "engine      llama.cpp b9090");
        assertThat(registry.requests).containsExactly("list state = RUNNINGcreate_time");
        assertThat(run("show", "none")).isEqualTo(1);
        assertThat(err.toString()).contains("error: evaluations/none not found");
    }

    @Test
    void contaminatedRowsHaveTheirPlace() {
        assertThat(run("rows", "checked", "--contaminated")).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "boolq row 12  core/boolq.jsonl:13  wrong",
                        "  -1.2500  'no'  prediction",
                        "  -2.5000  'yes\\u{1b}[2J'  gold",
                        "  25.0 % of its n-grams in the training data of m:1: datasets/web, shard sha256:aa, document 7");
        out.getBuffer().setLength(0);
        assertThat(run("rows", "checked", "--contaminated", "--json")).isZero();
        assertThat(out.toString().lines()).containsExactly(Records.CONTAMINATED);
        out.getBuffer().setLength(0);
        assertThat(run("rows", "e3", "--contaminated")).isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(run("rows", "e3", "--contaminated", "--flipped", "e2")).isEqualTo(2);
    }

    @Test
    void rowsAreLinesOrRecords() {
        assertThat(run("rows", "e3", "--task", "boolq", "--limit", "2")).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "boolq row 12  core/boolq.jsonl:13  correct",
                        "  -2.5000  'no'",
                        "  -1.2500  'yes\\u{1b}[2J'  gold, prediction",
                        "boolq row 12  core/boolq.jsonl:13  wrong",
                        "  -1.2500  'no'  prediction",
                        "  -2.5000  'yes\\u{1b}[2J'  gold");
        out.getBuffer().setLength(0);
        assertThat(run("rows", "e3", "--flipped", "e2", "--limit", "1")).isZero();
        assertThat(out.toString().lines()).startsWith("boolq row 12  core/boolq.jsonl:13", "  e3  correct");
        out.getBuffer().setLength(0);
        assertThat(run("rows", "e3", "--json", "--limit", "3")).isZero();
        assertThat(out.toString().lines()).containsExactly(Records.CORRECT, Records.WRONG, Records.WRONG);
        assertThat(registry.requests)
                .containsExactly(
                        "rows evaluations/e3 [boolq] ",
                        "rows evaluations/e3 [] evaluations/e2",
                        "rows evaluations/e3 [] ");
    }

    @Test
    void reportWritesOnePageOfSucceededEvaluations() throws IOException {
        assertThat(run("run", "spam", "--suite", "base", "--detach")).isZero();
        assertThat(run("run", "spam:2", "--suite", "base", "--detach")).isZero();
        Path file = folder.resolve("report.html");
        assertThat(run("report", "e2", "e3", "--to", file.toString())).isZero();
        assertThat(Files.readString(file))
                .startsWith("<!DOCTYPE html>")
                .contains(
                        "<h1>Evaluation of spam:3 on base/revisions/4</h1>",
                        "2 rows of boolq have another first score");
        assertThat(run("report", "e3", "--to", file.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("--to " + file + " already exists");
        registry.end = JobState.JOB_STATE_CANCELLED;
        assertThat(run("run", "spam", "--suite", "base", "--detach")).isZero();
        assertThat(run("report", "e3", "--to", file + "2")).isEqualTo(1);
        assertThat(err.toString()).contains("evaluations/e3 has not succeeded");
    }

    @Test
    void scoreNeedsNoService() throws IOException {
        Path file = Files.writeString(folder.resolve("p.csv"), "gold,out\na,a\nb,b\nc,d\nd,d\n");
        server.shutdownNow();
        assertThat(run(
                        "score",
                        file.toString(),
                        "--metric",
                        "accuracy,chrf",
                        "--reference-field",
                        "gold",
                        "--prediction-field",
                        "out",
                        "--resamples",
                        "200"))
                .isZero();
        assertThat(out.toString().lines().skip(2))
                .anySatisfy(
                        line -> assertThat(line).matches(" {2}accuracy +0\\.7500 +0\\.\\d{4} +4 +nrefs:1\\|norm:none"))
                .anySatisfy(
                        line -> assertThat(line)
                                .matches(
                                        " {2}chrf +75\\.00 +\\d+\\.\\d{2} +4 +nrefs:1\\|case:mixed\\|eff:yes\\|nc:6\\|nw:0\\|space:no"));
        out.getBuffer().setLength(0);
        assertThat(run(
                        "score",
                        file.toString(),
                        "--metric",
                        "accuracy",
                        "--reference-field",
                        "gold",
                        "--prediction-field",
                        "out",
                        "--resamples",
                        "200",
                        "--json"))
                .isZero();
        assertThat(out.toString())
                .startsWith("{\"metric\":\"accuracy\",\"value\":0.75,\"standard_error\":0.")
                .endsWith(",\"rows\":4,\"signature\":\"nrefs:1|norm:none\"}\n");
    }

    @Test
    void scoreRefusesWrongOptionsAndRows() throws IOException {
        Path file = Files.writeString(folder.resolve("p.csv"), "expected,out\na,a\n");
        assertThat(run("score", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("missing --metric");
        assertThat(run("score", file.toString(), "--metric", "meteor")).isEqualTo(2);
        assertThat(err.toString()).contains("unknown metric 'meteor'; known metrics: chrf, bleu");
        assertThat(run("score", file.toString(), "--metric", "chrf", "--resamples", "1"))
                .isEqualTo(2);
        assertThat(run("score", file.toString(), "--metric", "chrf")).isEqualTo(1);
        assertThat(err.toString())
                .contains(
                        "error: " + file + ":2: the row has no field 'predicted'; its fields: expected, out",
                        "hint: name the field with --prediction-field FIELD");
    }

    @Test
    void recordsAreScoredByTask() throws IOException {
        Path file = Files.writeString(folder.resolve("rows.jsonl"), Records.CORRECT + "\n" + Records.WRONG + "\n");
        assertThat(run("score", file.toString(), "--resamples", "100")).isZero();
        assertThat(out.toString().lines().skip(2))
                .hasSize(1)
                .allSatisfy(line -> assertThat(line).matches(" {2}boolq +acc +0\\.5000 +0\\.5000 +2 +stored"));
    }

    private int run(String... arguments) {
        String[] all = Stream.of(Stream.of("eval"), Stream.of(arguments), Stream.of("--registry-endpoint", endpoint))
                .flatMap(part -> part)
                .toArray(String[]::new);
        return Rootstock.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(all);
    }

    private final class Models extends ModelServiceGrpc.ModelServiceImplBase {
        @Override
        public void getVersion(GetVersionRequest request, StreamObserver<GetVersionResponse> observer) {
            registry.requests.add("version " + request.getName());
            Version.Builder version =
                    Version.newBuilder().setName(request.getName()).setParent(parent);
            if (adapter) {
                version.addArtifacts(Artifact.newBuilder()
                        .setKind(
                                request.getName().equals(parent)
                                        ? ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M
                                        : ArtifactKind.ARTIFACT_KIND_GGUF_BASE)
                        .setDigest("sha256:00"));
            }
            observer.onNext(GetVersionResponse.newBuilder().setVersion(version).build());
            observer.onCompleted();
        }
    }

    private static final class Suites extends SuiteServiceGrpc.SuiteServiceImplBase {
        @Override
        public void getSuiteRevision(
                GetSuiteRevisionRequest request, StreamObserver<GetSuiteRevisionResponse> observer) {
            observer.onNext(GetSuiteRevisionResponse.newBuilder()
                    .setRevision(SuiteRevision.newBuilder()
                            .setName(request.getName())
                            .addFiles(SuiteFile.newBuilder().setPath("suite.yaml")))
                    .build());
            observer.onCompleted();
        }
    }
}
