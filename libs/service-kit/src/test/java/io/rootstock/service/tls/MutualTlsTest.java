package io.rootstock.service.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.rootstock.client.tls.SecretVolume;
import io.rootstock.client.tls.TestAuthority;
import io.rootstock.service.ErrorDetails;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@TestProfile(MutualTlsProfile.class)
class MutualTlsTest {
    private static final Duration DAY = MutualTlsProfile.DAY;
    private static final String METRICS = "/q/metrics";

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int grpcPort;

    @ConfigProperty(name = "quarkus.http.test-ssl-port")
    int httpsPort;

    @ConfigProperty(name = "quarkus.http.test-port")
    int httpPort;

    @Inject
    MeterRegistry meters;

    @TempDir
    Path directory;

    private final TestAuthority authority = new TestAuthority("authority");
    private SecretVolume server;

    /** Gives the server a certificate of a new authority and waits until it is in use. */
    @BeforeEach
    void rotate() {
        server = new SecretVolume(Path.of(System.getProperty(MutualTlsProfile.DIRECTORY), "server"));
        double before = reloads("replaced");
        server.replace(authority.issue("server", DAY, "localhost", "127.0.0.1"), authority.certificate());
        await(() -> reloads("replaced") == before + 1);
    }

    @Test
    void acceptsTheCertificateOfTheAuthorityAndKnowsItsName() throws IOException {
        try (TestClient client = client(authority.issue("someone", DAY, "registry", MutualTlsProfile.CLIENT))) {
            assertThat(client.call()).isEqualTo("models/m/versions/1");
            assertThat(CallerRecorder.name).isEqualTo(MutualTlsProfile.CLIENT);
            assertThat(client.get(METRICS)).isEqualTo(200);
        }
        try (TestClient client = client(authority.issue("registry", DAY))) {
            client.call();
            assertThat(CallerRecorder.name).isEqualTo("registry");
            assertThat(client.get(METRICS)).isEqualTo(200);
        }
    }

    @Test
    void callsOverHttpKnowTheNameOfTheCertificate() throws IOException {
        try (TestClient client = client(authority.issue("someone", DAY, "registry", MutualTlsProfile.CLIENT))) {
            assertThat(client.callOverHttp()).isEqualTo(200);
            assertThat(CallerRecorder.name).isEqualTo(MutualTlsProfile.CLIENT);
        }
        try (TestClient client = client(authority.issue("registry", DAY, "spiffe://test/stranger"))) {
            assertThat(client.callOverHttp()).isEqualTo(403);
        }
        try (TestClient client = TestClient.withoutCertificate(grpcPort, httpsPort, server)) {
            assertThat(client.callOverHttp()).isEqualTo(401);
        }
    }

    @Test
    void refusesAClientWithoutCertificateExceptForHealthOverHttp() throws IOException {
        try (TestClient client = TestClient.withoutCertificate(grpcPort, httpsPort, server)) {
            assertUnavailable(client);
            assertThat(client.get(METRICS)).isEqualTo(401);
            assertThat(client.get("/q/health/../metrics")).isEqualTo(401);
            assertThat(client.get("/q/healthy")).isEqualTo(401);
            // The kit's tests have no health extension: the request passes the check and finds no route.
            assertThat(client.get("/q/health/ready")).isEqualTo(404);
        }
    }

    @Test
    void refusesTheCertificateOfAnotherAuthority() {
        try (TestClient client = client(new TestAuthority("authority").issue("registry", DAY))) {
            assertUnavailable(client);
            assertThatThrownBy(() -> client.get(METRICS)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void refusesAnExpiredCertificate() {
        // Clients refuse to load an expired certificate; this one expires after it was loaded, at a whole second.
        Duration validity = Duration.ofSeconds(2);
        TestAuthority.Issued issued = authority.issue("registry", validity);
        Instant end = Instant.now().plus(validity);
        try (TestClient client = client(issued)) {
            await(() -> Instant.now().isAfter(end));
            assertUnavailable(client);
            assertThatThrownBy(() -> client.get(METRICS)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void refusesANameThatIsNotAllowed() throws IOException {
        try (TestClient client = client(authority.issue("registry", DAY, "spiffe://test/stranger"))) {
            StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, client::call);
            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(failure.getStatus().getDescription())
                    .isEqualTo("[spiffe://test/stranger] is not in rootstock.tls.allowed-peers");
            assertThat(ErrorDetails.reason(failure)).contains("PEER_NOT_ALLOWED");
            assertThat(client.get(METRICS)).isEqualTo(403);
        }
        try (TestClient nameless = client(authority.issue("", DAY, "10.0.0.1"))) {
            assertThat(catchThrowableOfType(StatusRuntimeException.class, nameless::call)
                            .getStatus()
                            .getCode())
                    .isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(nameless.get(METRICS)).isEqualTo(401);
        }
    }

    @Test
    void aClientRefusesAServerOfAnotherAuthorityOrName() {
        try (TestClient client = client(authority.issue("registry", DAY))) {
            double before = reloads("replaced");
            server.replace(authority.issue("server", DAY, "elsewhere"), authority.certificate());
            await(() -> reloads("replaced") == before + 1);
            assertUnavailable(client);
            assertThatThrownBy(() -> client.get(METRICS)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void servesNoHttpWithoutTls() {
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), httpPort).close())
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void keepsTheCertificateIfTheReplacementIsInvalid() throws IOException {
        Queue<String> errors = new ConcurrentLinkedQueue<>();
        Logger logger = Logger.getLogger(TlsReports.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                errors.add(String.format(line.getMessage(), line.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        double before = reloads("refused");
        try (TestClient client = client(authority.issue("registry", DAY))) {
            server.replace(
                    authority.issue("server", DAY, "localhost").certificate(),
                    authority.issue("other", DAY).key(),
                    authority.certificate());
            await(() -> reloads("refused") == before + 1);

            assertThat(client.call()).isNotEmpty();
            assertThat(client.get(METRICS)).isEqualTo(200);
            assertThat(errors)
                    .singleElement()
                    .asString()
                    .contains("the earlier ones stay in use", "rootstock.tls.key-file: ");
            assertThat(meters.get("rootstock.tls.certificate.expiry").gauge().value())
                    .isBetween(80_000.0, 86_400.0);
        } finally {
            logger.removeHandler(handler);
        }
    }

    @Test
    void failsNoCallWhileCertificatesAndAuthoritiesRotate() throws InterruptedException {
        TestAuthority next = new TestAuthority("next");
        SecretVolume clientFiles = new SecretVolume(directory.resolve("client"));
        clientFiles.replace(authority.issue("registry", DAY), authority.certificate());
        try (TestClient client = new TestClient(grpcPort, httpsPort, clientFiles);
                Load load = new Load(client, METRICS)) {
            String both = authority.certificate() + next.certificate();
            // Authorities first, certificates next, the old authority last.
            for (List<Object> step : List.<List<Object>>of(
                    List.of(authority, authority.certificate()),
                    List.of(authority, both),
                    List.of(next, both),
                    List.of(next, next.certificate()))) {
                TestAuthority issuer = (TestAuthority) step.getFirst();
                String trusted = (String) step.getLast();
                double served = reloads("replaced") + 1;
                int used = client.replacements() + 1;
                server.replace(issuer.issue("server", DAY, "localhost", "127.0.0.1"), trusted);
                clientFiles.replace(issuer.issue("registry", DAY), trusted);
                await(() -> reloads("replaced") == served && client.replacements() == used);
                int calls = load.calls() + 50;
                await(() -> load.calls() > calls);
            }
            load.stop();
            assertThat(load.failures()).isEmpty();
            assertThat(load.calls()).isGreaterThan(200);
        }
    }

    private TestClient client(TestAuthority.Issued issued) {
        SecretVolume files = new SecretVolume(directory.resolve("client-" + System.nanoTime()));
        files.replace(issued, authority.certificate());
        return new TestClient(grpcPort, httpsPort, files);
    }

    private double reloads(String outcome) {
        return meters.get("rootstock.tls.reloads")
                .tags("side", "server", "outcome", outcome)
                .counter()
                .count();
    }

    private static void assertUnavailable(TestClient client) {
        assertThat(catchThrowableOfType(StatusRuntimeException.class, client::call)
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.UNAVAILABLE);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }
}
