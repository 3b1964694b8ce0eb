package io.rootstock.bench.storm;

import io.rootstock.artifacts.ArtifactLocation;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.bench.kill.Patience;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.cli.installation.Service;
import io.rootstock.client.TokenCredentials;
import io.rootstock.client.TokenFile;
import io.rootstock.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3Client;

/** Two registries on one PostgreSQL server, the other services, and versitygw as S3 server behind a proxy. */
final class Cluster implements AutoCloseable {
    static final String BUCKET = "artifacts";

    /** The launcher sets the same credentials for this process. */
    private static final String ACCESS_KEY = "rootstock";

    private static final String SECRET_KEY = "of-the-benchmark";
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int GRPC_PORT = 7400;
    private static final int HTTP_PORT = 7410;
    private static final int DATABASE_PORT = 5432;
    private static final int S3_PORT = 9000;

    private final Path home;
    private final Network network;
    private final Path root = ProjectRoot.find();
    private final Path token;
    private final Path password;
    private final Map<Place, Disk> disks = new EnumMap<>(Place.class);
    private final Map<Place, Node> nodes = new EnumMap<>(Place.class);
    private final FaultyProxy proxy;
    private String databaseUser = "";

    /** Starts all processes in a directory; they become ready by themselves. */
    Cluster(Path home, Network network) throws IOException {
        this.home = home;
        this.network = network;
        this.token = secret("token", UUID.randomUUID().toString());
        this.password = home.resolve("password");
        Files.createDirectories(home.resolve("logs"));
        Path libraries = Files.createDirectories(home.resolve("native"));
        for (Place place : Place.values()) {
            Path directory = Files.createDirectories(directory(place));
            if (place.ownsDisk() && network.hasPartitions()) {
                disks.put(place, new Disk(directory));
            }
            Files.createSymbolicLink(directory.resolve("native"), libraries);
        }
        this.proxy = new FaultyProxy(network.hub(), new InetSocketAddress(network.address(Place.S3), S3_PORT));
        startDatabase();
        startS3();
        for (Place place : Place.values()) {
            if (place.service().isPresent()) {
                start(place, service(place, place.service().get()), credentials(), () -> {});
            }
        }
    }

    /** Stubs that call one of the registries, and the other services. */
    Clients clients(Place registry) {
        Map<Service, String> addresses = new EnumMap<>(Service.class);
        for (Place place : Place.values()) {
            if (place.service()
                    .filter(service -> service != Service.REGISTRY || place == registry)
                    .isPresent()) {
                addresses.put(place.service().get(), address(place, GRPC_PORT));
            }
        }
        return new Clients(
                new Endpoints(addresses, Optional.of(new TokenCredentials(new TokenFile(token))), Optional.empty()));
    }

    Node node(Place place) {
        return nodes.get(place);
    }

    Network network() {
        return network;
    }

    FaultyProxy proxy() {
        return proxy;
    }

    /** The disk of a place; empty if its data directory has no file system of its own. */
    Optional<Disk> disk(Place place) {
        return Optional.ofNullable(disks.get(place));
    }

    /** HTTP address of a service. */
    URI http(Place place) {
        return URI.create("http://" + address(place, HTTP_PORT));
    }

    /** The token of all services. */
    String token() throws IOException {
        return Files.readString(token).strip();
    }

    /** Directory of the trainer's runs. */
    Path runs() {
        return directory(Place.TRAINER).resolve("trainer/runs");
    }

    /** Copies the runs from a disk that ends with this process to the directory of the logs. */
    void keepRuns() {
        Commands.run("cp", "-a", runs().toString(), home.resolve("logs").toString());
    }

    /** The artifact store of the services, through the proxy. */
    ArtifactStore store() {
        return new ArtifactLocation(home.resolve("client"), Optional.of(artifacts())).open();
    }

    @Override
    public void close() {
        nodes.values().forEach(Node::close);
        proxy.close();
        disks.values().forEach(Disk::close);
    }

    Path directory(Place place) {
        return home.resolve(place.label());
    }

    private String address(Place place, int port) {
        return network.address(place) + ":" + port;
    }

    private URI artifacts() {
        return URI.create("s3://" + BUCKET + "/storm?part-mib=5&endpoint=" + proxy.address());
    }

    private static Map<String, String> credentials() {
        return Map.of("AWS_ACCESS_KEY_ID", ACCESS_KEY, "AWS_SECRET_ACCESS_KEY", SECRET_KEY);
    }

    private void start(Place place, List<String> command, Map<String, String> environment, Runnable beforeStart) {
        Path log = home.resolve("logs").resolve(place.label() + ".log");
        nodes.put(place, new Node(place, network.command(place, command), environment, log, beforeStart));
    }

    /** Initializes the data directory as a registry does, then runs the server on an address of its own. */
    private void startDatabase() throws IOException {
        Path folder = directory(Place.DATABASE);
        EmbeddedPostgres initial = EmbeddedPostgres.start(folder, home.resolve("native"));
        PGSimpleDataSource source = initial.dataSource();
        databaseUser = source.getUser();
        secret("password", String.valueOf(source.getPassword()));
        initial.close();
        Path data = folder.toRealPath().resolve("data");
        Files.writeString(data.resolve("pg_hba.conf"), "\nhost all all all scram-sha-256\n", StandardOpenOption.APPEND);
        Path program;
        try (Stream<Path> versions = Files.list(home.resolve("native"))) {
            program = versions.map(version -> version.resolve("bin/postgres"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
        }
        List<String> command = new ArrayList<>();
        if (network.hasPartitions()) {
            // PostgreSQL does not run as root.
            command.addAll(List.of("unshare", "--user"));
        }
        command.addAll(List.of(program.toString(), "-D", data.toString(), "-p", Integer.toString(DATABASE_PORT)));
        for (String setting : List.of(
                "listen_addresses=" + network.address(Place.DATABASE),
                "unix_socket_directories=",
                "max_connections=100",
                "max_wal_size=64MB",
                "min_wal_size=32MB")) {
            command.addAll(List.of("-c", setting));
        }
        start(Place.DATABASE, command, Map.of(), () -> clean(data));
    }

    /** Removes the pid file of a dead server, once its children have ended too. */
    private static void clean(Path data) {
        try {
            while (Processes.all().anyMatch(pid -> Processes.worksIn(pid, data))) {
                Patience.sleep(Duration.ofMillis(50));
            }
            Files.deleteIfExists(data.resolve("postmaster.pid"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void startS3() throws IOException {
        Path objects = Files.createDirectories(directory(Place.S3).resolve("objects"));
        start(
                Place.S3,
                List.of(
                        System.getProperty("rootstock.bench.gateway"),
                        "--port",
                        address(Place.S3, S3_PORT),
                        "--region",
                        "us-east-1",
                        "posix",
                        objects.toString()),
                Map.of("ROOT_ACCESS_KEY", ACCESS_KEY, "ROOT_SECRET_KEY", SECRET_KEY),
                () -> {});
        try (S3Client client = S3Client.builder()
                .endpointOverride(URI.create(proxy.address()))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .overrideConfiguration(settings -> settings.retryStrategy(
                        retries -> retries.maxAttempts(60).backoffStrategy(BackoffStrategy.fixedDelay(PAUSE))))
                .build()) {
            client.createBucket(request -> request.bucket(BUCKET));
        }
    }

    private List<String> service(Place place, Service service) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(service.jvmFlags(service.jar(root)));
        settings(place, service).forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-jar", service.jar(root).toString()));
        return command;
    }

    private Map<String, String> settings(Place place, Service service) {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "rootstock.home",
                directory(place).toString(),
                "rootstock.auth.token-file",
                token.toString(),
                "quarkus.http.host",
                network.address(place),
                "quarkus.grpc.server.host",
                network.address(place),
                "quarkus.http.port",
                Integer.toString(HTTP_PORT),
                "quarkus.grpc.server.port",
                Integer.toString(GRPC_PORT),
                "rootstock.registry.endpoint",
                address(Place.REGISTRY_1, GRPC_PORT),
                "rootstock.tokenizer.endpoint",
                address(Place.TOKENIZER, GRPC_PORT),
                "rootstock.trainer.endpoint",
                address(Place.TRAINER, GRPC_PORT)));
        switch (service) {
            case REGISTRY, TOKENIZER -> {
                settings.put(
                        "rootstock.registry.database-url",
                        "jdbc:postgresql://" + address(Place.DATABASE, DATABASE_PORT) + "/postgres");
                settings.put("rootstock.registry.database-user", databaseUser);
                settings.put("rootstock.registry.database-password-file", password.toString());
            }
            case TRAINER -> {
                settings.put("rootstock.trainer.nice", "0");
                settings.put("rootstock.trainer.concurrent-runs", "2");
            }
            case INFERENCE, EVALUATOR -> {}
        }
        if (service == Service.INFERENCE) {
            settings.put("rootstock.registry.endpoint", address(Place.REGISTRY_2, GRPC_PORT));
            settings.put("rootstock.inference.artifacts", http(Place.REGISTRY_2) + "/artifacts");
            settings.put("rootstock.inference.load-retry", "2s");
        } else {
            settings.put("rootstock.artifacts.url", artifacts().toString());
        }
        return settings;
    }

    private Path secret(String name, String value) throws IOException {
        Path file = home.resolve(name);
        Files.writeString(file, value);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }
}
