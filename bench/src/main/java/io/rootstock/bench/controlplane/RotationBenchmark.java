package io.rootstock.bench.controlplane;

import io.grpc.Channel;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.client.tls.SecretVolume;
import io.rootstock.client.tls.TestAuthority;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Failed calls while certificates and tokens rotate: a registry that requires client certificates, gRPC calls over long-lived channels and
 * HTTP requests over a connection each. The files are replaced as Kubernetes replaces Secrets. Prints {@code calls= failed=
 * rotations=}.
 */
public final class RotationBenchmark {
    private static final Duration STEP = Duration.ofSeconds(2);
    private static final int ROUNDS = 12;
    private static final int QUICK_ROUNDS = 2;
    private static final Duration VALIDITY = Duration.ofDays(1);
    private static final int ARTIFACT_BYTES = 100_000;

    private final SecretVolume server;
    private final SecretVolume client;
    private TestAuthority authority = new TestAuthority("authority-0");
    private int rotations;

    private RotationBenchmark(Path home) {
        server = new SecretVolume(home.resolve("server"));
        client = new SecretVolume(home.resolve("client"));
        issue(authority.certificate());
    }

    /** Entry point; {@code --quick} runs two rounds of rotations instead of twelve. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        // Each HTTP request has a handshake of its own.
        System.setProperty("http.keepAlive", "false");
        Path home = Files.createTempDirectory("rootstock-rotation-");
        try {
            new RotationBenchmark(home).run(home, List.of(arguments).contains("--quick") ? QUICK_ROUNDS : ROUNDS);
        } finally {
            FileTree.delete(home);
        }
    }

    private void run(Path home, int rounds) throws IOException, InterruptedException {
        Digest artifact = new DirectoryArtifactStore(home.resolve("artifacts"))
                .putFile(Files.write(home.resolve("artifact"), new byte[ARTIFACT_BYTES]));
        RotatedTokens tokens = new RotatedTokens(home);
        try (TlsRegistry registry = new TlsRegistry(ProjectRoot.find(), home, server, tokens.registryFile());
                TlsLoad load = new TlsLoad(registry, client, tokens, artifact)) {
            load.awaitReady();
            tokens.create(load.services());
            load.start();
            for (int round = 1; round <= rounds; round++) {
                rotate(new TestAuthority("authority-" + round));
                rotate(tokens, load.services());
            }
            load.stop();
            load.failures().forEach(System.out::println);
            System.out.printf("%d gRPC calls, %d HTTP requests%n", load.grpcCalls(), load.httpRequests());
            System.out.printf("calls=%d%n", load.grpcCalls() + load.httpRequests());
            System.out.printf("failed=%d%n", load.failed());
            System.out.printf("rotations=%d%n", rotations);
        }
    }

    /** One round: new certificates, an invalid replacement, and a new authority by way of an overlap. */
    private void rotate(TestAuthority next) throws InterruptedException {
        issue(authority.certificate());
        step();
        server.replace(
                authority.issue("registry", VALIDITY, "127.0.0.1").certificate(), "no key", authority.certificate());
        step();
        String both = authority.certificate() + next.certificate();
        issue(both);
        step();
        authority = next;
        issue(both);
        step();
        issue(authority.certificate());
        step();
    }

    /** One round: the installation's token in three steps, and an access token at each of them. */
    private void rotate(RotatedTokens tokens, Channel registry) throws IOException, InterruptedException {
        tokens.addNext();
        tokens.rotateAccessToken(registry);
        step();
        tokens.sendNext();
        tokens.rotateAccessToken(registry);
        step();
        tokens.removeEarlier();
        tokens.rotateAccessToken(registry);
        step();
    }

    private void step() throws InterruptedException {
        rotations++;
        Thread.sleep(STEP);
    }

    private void issue(String trusted) {
        server.replace(authority.issue("registry", VALIDITY, "127.0.0.1"), trusted);
        client.replace(authority.issue("client", VALIDITY, "spiffe://rootstock/client"), trusted);
    }
}
