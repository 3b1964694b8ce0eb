package io.rootstock.cli.command.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.rootstock.cli.Rootstock;
import io.rootstock.cli.display.Format;
import io.rootstock.job.v1.JobState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs {@code rootstock jobs} for the job of an evaluation, against a registry that records the requests. */
class EvaluationJobsTest {
    private final RecordedEvaluations registry = new RecordedEvaluations();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(registry)
                .addService(registry.jobs())
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void listPrintsTheKindOfEachJob() {
        create();
        assertThat(run("jobs", "list")).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "  job  kind      task      data              state      priority  queue  progress  loss  ETA"
                                + "  version  created",
                        "  ---  --------  --------  ----------------  ---------  --------  -----  --------  ----  ---"
                                + "  -------  -------",
                        "  e3   evaluate  -         base/revisions/4  succeeded  -             -   100.0 %     -    -"
                                + "  spam:3",
                        "  p1   pretrain  pretrain  web               succeeded  normal        -         -     -    -"
                                + "  spam:1");
        assertThat(registry.requests).containsExactly("list [] []");
    }

    @Test
    void listSelectsKinds() {
        create();
        assertThat(run("jobs", "list", "--kind", "evaluate", "--output", "name"))
                .isZero();
        assertThat(out.toString().lines()).containsExactly("jobs/e3");
        assertThat(run("jobs", "list", "--kind", "pretrain", "--kind", "fine-tune", "--state", "failed"))
                .isZero();
        assertThat(registry.requests)
                .containsExactly(
                        "list [JOB_KIND_EVALUATE] []",
                        "list [JOB_KIND_PRETRAIN, JOB_KIND_FINE_TUNE] [JOB_STATE_FAILED]");
        assertThat(run("jobs", "list", "--kind", "evaluation")).isEqualTo(2);
    }

    @Test
    void showPrintsTheEvaluation() {
        create();
        assertThat(run("eval", "show", "e3")).isZero();
        List<String> evaluation = output();
        assertThat(evaluation).contains("  evaluation  evaluations/e3", "  state       succeeded");
        assertThat(run("jobs", "show", "e3")).isZero();
        assertThat(output()).isEqualTo(evaluation);
        assertThat(run("jobs", "show", "e3", "--json")).isZero();
        assertThat(output())
                .singleElement()
                .asString()
                .startsWith("{\"name\":\"jobs/e3\"")
                .contains("\"kind\":\"JOB_KIND_EVALUATE\"", "\"evaluation\":{\"name\":\"evaluations/e3\"");
    }

    @Test
    void watchPrintsTheResults() {
        create();
        assertThat(run("jobs", "watch", "e3")).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "jobs/e3 succeeded",
                        "  task   metric   value       ±  chance   n  near ties",
                        "  -----  ------  ------  ------  ------  --  ---------",
                        "  boolq  acc     0.5000  0.1000  0.5000  10          0");
        assertThat(err.toString().lines())
                .containsExactly("  running: running at node1", "  boolq  10 rows  acc 0.5000 ± 0.1000");
        assertThat(registry.requests).containsExactly("watch jobs/e3 0");
    }

    @Test
    void watchOfAFailedEvaluationIsExitCodeOne() {
        registry.end = JobState.JOB_STATE_FAILED;
        create();
        assertThat(run("jobs", "watch", "e3", "--after-sequence", "3")).isEqualTo(1);
        assertThat(output()).containsExactly("jobs/e3 failed: the model does not fit");
        assertThat(err.toString().lines()).containsExactly("hint: rootstock jobs resume e3");
        assertThat(registry.requests).containsExactly("watch jobs/e3 3");
    }

    @Test
    void logsPrintsTheEvents() {
        create();
        String time = Format.time(Timestamp.newBuilder()
                .setSeconds(RecordedEvaluations.EVENT_SECONDS)
                .build());
        assertThat(run("jobs", "logs", "e3")).isZero();
        assertThat(output())
                .containsExactly(
                        time + "  running: running at node1",
                        time + "  5/10 rows  2 rows/s  ETA 2.5 s  boolq",
                        time + "  boolq  10 rows  acc 0.5000 ± 0.1000",
                        time + "  succeeded");
        assertThat(run("jobs", "logs", "e3", "--tail", "1")).isZero();
        assertThat(output()).containsExactly(time + "  succeeded");
        assertThat(run("jobs", "logs", "e3", "--json")).isZero();
        List<String> events = output();
        assertThat(events).hasSize(4);
        assertThat(events.get(1)).startsWith("{\"sequence\":\"2\"").contains("\"evaluationProgress\":{\"rows\":");
        assertThat(events.get(2)).startsWith("{\"sequence\":\"3\"").contains("\"taskResult\":{\"task\":\"boolq\"");
    }

    @Test
    void controlNamesTheJob() {
        assertThat(run("jobs", "cancel", "e3")).isZero();
        assertThat(run("jobs", "resume", "jobs/e3")).isZero();
        assertThat(run("jobs", "delete", "e3", "--yes")).isZero();
        assertThat(output())
                .containsExactly(
                        "jobs/e3 is cancelled",
                        "jobs/e3 is queued; it resumes when a worker is available",
                        "deleted jobs/e3");
        assertThat(err.toString().lines()).containsExactly("hint: rootstock jobs watch e3");
        assertThat(registry.requests).containsExactly("cancel jobs/e3", "resume jobs/e3", "delete jobs/e3");
        assertThat(run("jobs", "pause", "e3")).isEqualTo(1);
        assertThat(err.toString()).contains("error: jobs/e3 is an evaluation, which cannot be paused");
    }

    @Test
    void commandsForTrainingsRefuseAnEvaluation() {
        create();
        for (String[] command : new String[][] {
            {"jobs", "metrics", "e3"}, {"jobs", "compare", "p1", "e3"}, {"jobs", "extend", "e3", "--tokens", "1M"}
        }) {
            assertThat(run(command)).isEqualTo(1);
            assertThat(err.toString())
                    .contains(
                            "error: jobs/e3 is an evaluation, not a training job",
                            "hint: show its results with `rootstock eval show e3`");
            err.getBuffer().setLength(0);
        }
        assertThat(output()).isEmpty();
        assertThat(registry.requests).isEmpty();
    }

    /** Creates evaluations/e3, and forgets the request and the output. */
    private void create() {
        assertThat(run("eval", "run", "spam", "--suite", "base", "--detach")).isZero();
        registry.requests.clear();
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
    }

    /** The lines of the output since the last call. */
    private List<String> output() {
        List<String> lines = out.toString().lines().toList();
        out.getBuffer().setLength(0);
        return lines;
    }

    private int run(String... arguments) {
        String endpoint = "127.0.0.1:" + server.getPort();
        String[] all = Stream.concat(Stream.of(arguments), Stream.of("--registry-endpoint", endpoint))
                .toArray(String[]::new);
        return Rootstock.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(all);
    }
}
