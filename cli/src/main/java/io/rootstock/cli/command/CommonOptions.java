package io.rootstock.cli.command;

import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.OutputFormat;
import io.rootstock.cli.display.TerminalWidth;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.cli.installation.Service;
import io.rootstock.client.TokenCredentials;
import io.rootstock.client.TokenFile;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of all commands: output format, data directory and connections. */
public final class CommonOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "Print results as table, json (one document per line), yaml or name (of each resource)"
                    + " [default: table]")
    private OutputFormat format;

    @Option(names = "--json", description = "Print results as JSON: --output json")
    private boolean json;

    @SuppressWarnings("UnusedVariable") // Rootstock.reportFailure reads it from the arguments.
    @Option(names = "--verbose", description = "Print the stack trace of a failure")
    private boolean verbose;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Reason of a change, for the audit log and the history of aliases")
    private String reason;

    @ArgGroup(exclusive = false, heading = "%nData directory and endpoints:%n", order = 100)
    private ConnectionOptions connection = new ConnectionOptions();

    private static final class ConnectionOptions {
        @Option(
                names = "--home",
                paramLabel = "DIR",
                description = "Data directory [env: ROOTSTOCK_HOME] [default: ~/.rootstock]")
        private Path home;

        @Option(
                names = "--registry-endpoint",
                paramLabel = "HOST:PORT",
                description = "Endpoint of the registry service [env: ROOTSTOCK_REGISTRY_ENDPOINT] [default: as"
                        + " started by `rootstock up`]")
        private String registry;

        @Option(
                names = "--tokenizer-endpoint",
                paramLabel = "HOST:PORT",
                description = "Endpoint of the tokenizer service [env: ROOTSTOCK_TOKENIZER_ENDPOINT]")
        private String tokenizer;

        @Option(
                names = "--trainer-endpoint",
                paramLabel = "HOST:PORT",
                description = "Endpoint of the trainer service [env: ROOTSTOCK_TRAINER_ENDPOINT]")
        private String trainer;

        @Option(
                names = "--inference-endpoint",
                paramLabel = "HOST:PORT",
                description = "Endpoint of the inference service [env: ROOTSTOCK_INFERENCE_ENDPOINT]")
        private String inference;

        @Option(
                names = "--token-file",
                paramLabel = "FILE",
                description = "File that holds the access token; for `up`, the token of the installation [env:"
                        + " ROOTSTOCK_TOKEN (the token itself), ROOTSTOCK_AUTH_TOKEN_FILE]")
        private Path tokenFile;

        @Option(
                names = "--certificate-authority",
                paramLabel = "FILE",
                description = "Use TLS and trust the certificates of this PEM file [env:"
                        + " ROOTSTOCK_CERTIFICATE_AUTHORITY]")
        private Path certificateAuthority;

        @Option(
                names = "--client-certificate",
                paramLabel = "FILE",
                description =
                        "Use TLS and present the certificate of this PEM file [env: ROOTSTOCK_CLIENT_CERTIFICATE]")
        private Path clientCertificate;

        @Option(
                names = "--client-key",
                paramLabel = "FILE",
                description = "PEM file with the PKCS#8 key of the client certificate [env: ROOTSTOCK_CLIENT_KEY]")
        private Path clientKey;
    }

    public Console console() {
        boolean terminal = Optional.ofNullable(System.console())
                .filter(java.io.Console::isTerminal)
                .isPresent();
        return new Console(
                command.commandLine().getOut(),
                command.commandLine().getErr(),
                format(),
                terminal && !dumbTerminal(),
                terminal ? TerminalWidth.columns() : TerminalWidth.UNLIMITED);
    }

    private OutputFormat format() {
        if (json && format != null && format != OutputFormat.JSON) {
            throw new ParameterException(
                    command.commandLine(),
                    "--json excludes --output " + format.name().toLowerCase(Locale.ROOT));
        }
        return json ? OutputFormat.JSON : Optional.ofNullable(format).orElse(OutputFormat.TABLE);
    }

    /** The data directory: the option, else ROOTSTOCK_HOME, else ~/.rootstock. */
    public Path home() {
        return connection.home != null
                ? connection.home
                : environment("ROOTSTOCK_HOME")
                        .map(Path::of)
                        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".rootstock"));
    }

    /** Reason of a change; may be empty. */
    public String reason() {
        return reason;
    }

    /** The services of the data directory, on the ports of their last start. */
    public Installation installation() {
        return installation(null);
    }

    /**
     * The services of the data directory.
     *
     * @param portBase first gRPC port; null: the ports of the last start, else the default
     */
    public Installation installation(Integer portBase) {
        return new Installation(
                home(),
                ProjectRoot.find(),
                portBase == null ? OptionalInt.empty() : OptionalInt.of(portBase),
                tokenFile()
                        .map(file -> Map.of(
                                Installation.TOKEN_FILE, file.toAbsolutePath().toString()))
                        .orElse(Map.of()));
    }

    /** Endpoints: the option, else the environment variable, else as started on this machine, else the default ports. */
    public Endpoints endpoints() {
        Installation installation = new Installation(home(), Path.of(""), OptionalInt.empty(), Map.of());
        Map<Service, String> addresses = new EnumMap<>(Service.class);
        for (Service service : Service.withRpcs()) {
            addresses.put(service, givenEndpoint(service).orElseGet(() -> installation.endpoint(service)));
        }
        return new Endpoints(
                addresses,
                credentials(),
                path(connection.certificateAuthority, "ROOTSTOCK_CERTIFICATE_AUTHORITY"),
                path(connection.clientCertificate, "ROOTSTOCK_CLIENT_CERTIFICATE"),
                path(connection.clientKey, "ROOTSTOCK_CLIENT_KEY"));
    }

    /** Endpoint of a service by its option, else its environment variable; empty: as started on this machine. */
    public Optional<String> givenEndpoint(Service service) {
        String option = switch (service) {
            case REGISTRY -> connection.registry;
            case TOKENIZER -> connection.tokenizer;
            case TRAINER -> connection.trainer;
            case INFERENCE -> connection.inference;
            case EVALUATOR -> null; // It has no RPCs.
        };
        return Optional.ofNullable(option)
                .or(() -> service.hasRpcs()
                        ? environment("ROOTSTOCK_" + service.label().toUpperCase(Locale.ROOT) + "_ENDPOINT")
                        : Optional.empty());
    }

    /** The caller's token: of the option's file, else ROOTSTOCK_TOKEN, else of ROOTSTOCK_AUTH_TOKEN_FILE. */
    public Optional<TokenCredentials> credentials() {
        Optional<String> token = environment("ROOTSTOCK_TOKEN").map(String::strip);
        if (connection.tokenFile == null && token.isPresent()) {
            if (!token.get().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new CliException(
                        "ROOTSTOCK_TOKEN must hold visible ASCII characters only",
                        "set it to a token that `rootstock access-tokens create` has printed");
            }
            return Optional.of(new TokenCredentials(token::get));
        }
        try {
            return tokenFile().map(TokenFile::new).map(TokenCredentials::new);
        } catch (IllegalArgumentException invalid) {
            throw new CliException(
                    invalid.getMessage(), "set --token-file or ROOTSTOCK_AUTH_TOKEN_FILE to a file with the token");
        }
    }

    /** File that holds the access token; empty: none is set. */
    public Optional<Path> tokenFile() {
        return path(connection.tokenFile, "ROOTSTOCK_AUTH_TOKEN_FILE");
    }

    private static Optional<Path> path(Path option, String variable) {
        return option != null ? Optional.of(option) : environment(variable).map(Path::of);
    }

    private static Optional<String> environment(String variable) {
        return Optional.ofNullable(System.getenv(variable)).filter(value -> !value.isBlank());
    }

    private static boolean dumbTerminal() {
        return environment("TERM").filter(term -> !term.equals("dumb")).isEmpty();
    }
}
