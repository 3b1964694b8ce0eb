package io.rootstock.cli.completion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.registry.v1.ListModelsRequest;
import io.rootstock.registry.v1.ListModelsResponse;
import io.rootstock.registry.v1.Model;
import io.rootstock.registry.v1.ModelServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Completes in the real shells, against a registry with two models. zsh and fish are skipped where they are missing. */
final class ShellCompletionIT {
    @TempDir
    private Path directory;

    private Server registry;

    @BeforeEach
    void start() throws IOException {
        registry = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new TwoModels())
                .build()
                .start();
        Path program = directory.resolve("rootstock");
        Files.writeString(
                program,
                "#!/bin/sh\nexec '" + Path.of(System.getProperty("java.home"), "bin", "java")
                        + "' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '" + System.getProperty("java.class.path")
                        + "' io.rootstock.cli.Rootstock \"$@\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    @AfterEach
    void stop() {
        registry.shutdownNow();
    }

    @Test
    void bashCompletesCommandsAndModels() throws Exception {
        assertThat(bash("rootstock models li")).containsExactly("list", "lineage");
        assertThat(bash("rootstock chat s")).containsExactly("spam", "support");
        // bash replaces the part after the colon only
        assertThat(bash("rootstock models show support:")).containsExactly("2", "1");
    }

    @Test
    void zshCompletesCommandsAndModels() throws Exception {
        assumeTrue(isInstalled("zsh"), "zsh is not installed");
        assertThat(zsh("models", "li"))
                .containsExactly("list:List models", "lineage:Show the ancestors and descendants of a version");
        assertThat(zsh("models", "show", "support:")).containsExactly("support\\:2", "support\\:1");
    }

    @Test
    void fishCompletesCommandsAndModels() throws Exception {
        assumeTrue(isInstalled("fish"), "fish is not installed");
        String load = "rootstock completion fish | source; complete -C ";
        assertThat(run("fish", "--no-config", "-c", load + "'rootstock models lin'"))
                .containsExactly("lineage\tShow the ancestors and descendants of a version");
        assertThat(run("fish", "--no-config", "-c", load + "'rootstock chat s'"))
                .containsExactly("spam", "support");
    }

    private List<String> bash(String line) throws Exception {
        return run(
                "bash",
                "--norc",
                "-c",
                "source <(rootstock completion bash); COMP_LINE=$0; COMP_POINT=${#COMP_LINE}; _rootstock;"
                        + " printf '%s\\n' \"${COMPREPLY[@]}\"",
                line);
    }

    /** The candidates that the script hands to zsh's {@code _describe}. */
    private List<String> zsh(String... words) throws Exception {
        return run(Stream.concat(
                        Stream.of(
                                "zsh",
                                "-f",
                                "-c",
                                "autoload -Uz compinit; compinit -u -d \"$TMPDIR/dump\"; source <(rootstock completion zsh);"
                                        + " _describe() { print -rl -- $candidates }; words=(rootstock $@); CURRENT=$#words;"
                                        + " _rootstock",
                                "zsh"),
                        Stream.of(words))
                .toArray(String[]::new));
    }

    private List<String> run(String... command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(new ArrayList<>(List.of(command))).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("PATH", directory + ":" + System.getenv("PATH"));
        builder.environment().put("TMPDIR", directory.toString());
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("ROOTSTOCK_REGISTRY_ENDPOINT", "127.0.0.1:" + registry.getPort());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.lines().toList();
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
    }

    private static final class TwoModels extends ModelServiceGrpc.ModelServiceImplBase {
        @Override
        public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> response) {
            response.onNext(ListModelsResponse.newBuilder()
                    .addModels(Model.newBuilder().setName("models/spam").setLatestVersion(1))
                    .addModels(Model.newBuilder().setName("models/support").setLatestVersion(2))
                    .build());
            response.onCompleted();
        }
    }
}
