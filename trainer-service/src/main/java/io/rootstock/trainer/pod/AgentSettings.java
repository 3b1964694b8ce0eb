package io.rootstock.trainer.pod;

import io.grpc.ManagedChannel;
import io.grpc.ServiceDescriptor;
import io.rootstock.artifacts.ArtifactLocation;
import io.rootstock.client.ServiceChannel;
import io.rootstock.client.TokenCredentials;
import io.rootstock.client.TokenFile;
import io.rootstock.client.tls.ReloadListener;
import io.rootstock.client.tls.ReloadedTls;
import io.rootstock.client.tls.TlsFiles;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Settings of the agent, from environment variables and system properties with the names of the services' settings.
 *
 * @param run the run's id
 * @param holder name of this agent, unique among all agents: a restarted agent is another one
 * @param home directory for measurements and native libraries
 * @param directory directory in which the run's directory is created
 * @param artifacts the artifact store
 * @param registry address of the registry
 * @param trainer address of the trainer
 * @param tokens token of the installation; empty: none
 * @param tls certificates of calls; empty: no TLS
 * @param hang time without an event after which the worker is ended
 * @param grace time for the worker's last checkpoint and the last report after SIGTERM
 * @param group this agent's place among those of the attempt
 */
record AgentSettings(
        String run,
        String holder,
        Path home,
        Path directory,
        ArtifactLocation artifacts,
        String registry,
        String trainer,
        Optional<TokenCredentials> tokens,
        Optional<ReloadedTls> tls,
        Duration hang,
        Duration grace,
        Group group) {
    /** Variable with the run's id. */
    static final String RUN = "rootstock.run.id";

    /** Variable with the name of the agent. */
    static final String HOLDER = "rootstock.run.holder";

    /** Variable with the directory in which the run's directory is created. */
    static final String DIRECTORY = "rootstock.run.directory";

    /** Variable with the time without an event after which the worker is ended. */
    static final String HANG = "rootstock.run.hang";

    /** Variable with the time for the last checkpoint. */
    static final String GRACE = "rootstock.run.grace";

    /** Variable with the number of processes. */
    static final String RANKS = "rootstock.run.ranks";

    /** Variable with the number of this agent's process, 0 to the number of processes - 1. */
    static final String RANK = "rootstock.run.rank";

    /** Variable with the name of the attempt, equal for all its agents. */
    static final String ATTEMPT = "rootstock.run.attempt";

    /** Variable with the IPv4 address or name of this machine, to which the other agents' processes connect. */
    static final String ADDRESS = "rootstock.run.address";

    /**
     * Place of an agent among those of the attempt.
     *
     * @param attempt name of the attempt
     * @param rank number of this agent's process
     * @param ranks number of processes
     * @param address IPv4 address or name of this machine; unused without other processes
     */
    record Group(String attempt, int rank, int ranks, String address) {}

    private static final TlsFiles.Names CERTIFICATES = new TlsFiles.Names(
            "rootstock.client.certificate-file", "rootstock.client.key-file", "rootstock.client.trust-file");

    /**
     * Reads the settings of this process.
     *
     * @throws IllegalArgumentException if one is missing or invalid; names it
     */
    static AgentSettings read() {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultSources()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withDefaultValue("rootstock.home", System.getProperty("user.home") + "/.rootstock")
                .withDefaultValue(DIRECTORY, "${rootstock.home}/runs")
                .withDefaultValue("rootstock.artifacts.directory", "${rootstock.home}/artifacts")
                .withDefaultValue("rootstock.registry.endpoint", "127.0.0.1:7400")
                .withDefaultValue("rootstock.trainer.endpoint", "127.0.0.1:7402")
                .build();
        return new AgentSettings(
                required(config, RUN),
                required(config, HOLDER) + "-" + UUID.randomUUID().toString().substring(0, 8),
                path(config, "rootstock.home").orElseThrow(),
                path(config, DIRECTORY).orElseThrow(),
                new ArtifactLocation(
                        path(config, "rootstock.artifacts.directory").orElseThrow(),
                        config.getOptionalValue("rootstock.artifacts.url", String.class)
                                .map(URI::create)),
                required(config, "rootstock.registry.endpoint"),
                required(config, "rootstock.trainer.endpoint"),
                path(config, "rootstock.auth.token-file").map(TokenFile::new).map(TokenCredentials::new),
                tls(config),
                duration(config, HANG, Duration.ofMinutes(15)),
                duration(config, GRACE, Duration.ofMinutes(2)),
                group(config));
    }

    private static Group group(SmallRyeConfig config) {
        int ranks = number(config, RANKS, 1);
        int rank = number(config, RANK, 0);
        if (ranks < 1 || rank < 0 || rank >= ranks) {
            throw new IllegalArgumentException(
                    RANK + " must be 0 or more and less than " + RANKS + ", were " + rank + " and " + ranks);
        }
        return ranks == 1
                ? new Group("", 0, 1, "")
                : new Group(required(config, ATTEMPT), rank, ranks, required(config, ADDRESS));
    }

    private static int number(SmallRyeConfig config, String name, int standard) {
        return config.getOptionalValue(name, Integer.class).orElse(standard);
    }

    /** Opens a channel, which the caller shuts down. */
    ManagedChannel open(String endpoint, ServiceDescriptor service) {
        return ServiceChannel.open(endpoint, tls, tokens, service);
    }

    private static Optional<ReloadedTls> tls(SmallRyeConfig config) {
        if (!config.getOptionalValue("rootstock.client.tls", Boolean.class).orElse(false)) {
            return Optional.empty();
        }
        TlsFiles files = new TlsFiles(
                CERTIFICATES,
                path(config, CERTIFICATES.certificate()),
                path(config, CERTIFICATES.key()),
                path(config, CERTIFICATES.authority()));
        return Optional.of(new ReloadedTls(files, ReloadedTls.DEFAULT_PERIOD, new ReloadListener() {
            @Override
            public void replaced() {
                AgentLog.line("the certificates were replaced");
            }

            @Override
            public void refused(String reason) {
                AgentLog.line("the new certificates are refused: " + reason);
            }
        }));
    }

    private static String required(SmallRyeConfig config, String name) {
        return config.getOptionalValue(name, String.class)
                .orElseThrow(() -> new IllegalArgumentException(name + " must be set"));
    }

    private static Optional<Path> path(SmallRyeConfig config, String name) {
        return config.getOptionalValue(name, String.class)
                .map(text -> Path.of(text).toAbsolutePath().normalize());
    }

    /** A duration of ISO 8601, such as {@code PT15M}. */
    private static Duration duration(SmallRyeConfig config, String name, Duration standard) {
        return config.getOptionalValue(name, String.class).map(Duration::parse).orElse(standard);
    }
}
