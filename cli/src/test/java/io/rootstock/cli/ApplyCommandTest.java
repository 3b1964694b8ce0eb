package io.rootstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.GetModelRequest;
import io.rootstock.registry.v1.GetModelResponse;
import io.rootstock.registry.v1.Model;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.SetAliasResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApplyCommandTest {
    private static final String PIPELINE = """
            dataset:
              name: spam
              kind: classification
              tokenizer: smol
              file: [sms.tsv, more.tsv]
              columns: label,text
              balance: true
              split-in-order: false
            finetune:
              task: classification
              base: smol
              dataset: spam
              model: spam
              epochs: 3
              learning-rate: 0.00002
            evaluate:
              - suite: classifier
                limit: 100
              - suite: base
            promote:
              alias: production
              reason: better on held-out rows
            """;

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aDryRunPrintsTheCommands() throws IOException {
        assertThat(apply(PIPELINE, "--dry-run")).as(err::toString).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "rootstock dataset prepare spam --kind=classification --tokenizer=smol --file=sms.tsv"
                                + " --file=more.tsv --columns=label,text --balance",
                        "rootstock finetune --task=classification --base=smol --dataset=spam --model=spam --epochs=3"
                                + " --learning-rate=0.00002",
                        "rootstock eval run VERSION-OF-THE-RUN --suite=classifier --limit=100",
                        "rootstock eval run VERSION-OF-THE-RUN --suite=base",
                        "rootstock models promote VERSION-OF-THE-RUN --alias=production"
                                + " '--reason=better on held-out rows'");
    }

    @Test
    void refusesUnknownKeysAndInvalidValuesWithTheirLine() throws IOException {
        assertThat(apply("finetune:\n  task: classification\n  epoch: 3\n", "--dry-run"))
                .isEqualTo(1);
        assertThat(err.toString())
                .contains("pipeline.yaml:3: unknown key 'finetune.epoch'")
                .contains("epochs");
        assertThat(apply("finetune:\n  task: spelling\n  base: b\n  dataset: d\n  model: m\n", "--dry-run"))
                .isEqualTo(1);
        assertThat(err.toString())
                .contains("pipeline.yaml:2: invalid step 'finetune'")
                .contains("spelling");
        assertThat(apply("finetune:\n  task: classification\n", "--dry-run")).isEqualTo(1);
        assertThat(err.toString()).contains("--base");
        assertThat(apply("dataset:\n  name: d\n  tokenizer: t\n  balance: yes please\n", "--dry-run"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("pipeline.yaml:4: 'balance' must be true or false");
        assertThat(apply("dataset:\n  name: d\n  tokenizer: t\n  home: /x\n", "--dry-run"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("unknown key 'dataset.home'");
        assertThat(apply("evaluate:\n  suite: base\n", "--dry-run")).isEqualTo(1);
        assertThat(err.toString()).contains("pipeline.yaml:2: the step evaluate needs the version of a run");
        assertThat(apply("pretrain: {dataset: d, model: m}\nfinetune: {model: m}\n", "--dry-run"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("pipeline.yaml:2: a pipeline has one run");
    }

    @Test
    void stopsAtAStepThatFailsAndSaysHowToContinue() throws IOException {
        assertThat(apply(PIPELINE, "--from", "evaluate", "--registry-endpoint", "127.0.0.1:1"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("service unavailable at 127.0.0.1:1");
        err.getBuffer().setLength(0);
        assertThat(apply(PIPELINE, "--from", "finetune", "--registry-endpoint", "127.0.0.1:1"))
                .isEqualTo(1);
        assertThat(err.toString())
                .contains("rootstock finetune --task=classification")
                .contains("error: the step finetune (" + directory.resolve("pipeline.yaml") + ":10) failed")
                .contains("--from finetune")
                .doesNotContain("rootstock eval run");
    }

    @Test
    void promotesTheLatestVersionOfTheModelAfterAnEarlierRun() throws IOException {
        Aliases aliases = new Aliases();
        Server registry = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(aliases)
                .build()
                .start();
        try {
            assertThat(apply(
                            PIPELINE,
                            "--from",
                            "promote",
                            "--registry-endpoint",
                            "127.0.0.1:" + registry.getPort(),
                            "-o",
                            "name"))
                    .as(err::toString)
                    .isZero();
        } finally {
            registry.shutdownNow();
        }
        assertThat(aliases.requests).singleElement().satisfies(request -> {
            assertThat(request.getName()).isEqualTo("models/spam/aliases/production");
            assertThat(request.getVersion()).isEqualTo("models/spam/versions/7");
            assertThat(request.getReason()).isEqualTo("better on held-out rows");
        });
        assertThat(out.toString()).isEqualTo("models/spam/aliases/production" + System.lineSeparator());
    }

    private int apply(String pipeline, String... options) throws IOException {
        Path file = Files.writeString(directory.resolve("pipeline.yaml"), pipeline);
        String[] arguments = new String[options.length + 5];
        arguments[0] = "apply";
        arguments[1] = "-f";
        arguments[2] = file.toString();
        arguments[3] = "--home";
        arguments[4] = directory.toString();
        System.arraycopy(options, 0, arguments, 5, options.length);
        return Rootstock.commandLine(CommandTree.of(arguments), new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
    }

    private static final class Aliases extends ModelServiceGrpc.ModelServiceImplBase {
        private final List<SetAliasRequest> requests = new CopyOnWriteArrayList<>();

        @Override
        public void getModel(GetModelRequest request, StreamObserver<GetModelResponse> response) {
            response.onNext(GetModelResponse.newBuilder()
                    .setModel(Model.newBuilder().setName(request.getName()).setLatestVersion(7))
                    .build());
            response.onCompleted();
        }

        @Override
        public void setAlias(SetAliasRequest request, StreamObserver<SetAliasResponse> response) {
            requests.add(request);
            response.onNext(SetAliasResponse.newBuilder()
                    .setAlias(Alias.newBuilder().setName(request.getName()).setVersion(request.getVersion()))
                    .build());
            response.onCompleted();
        }
    }
}
