package io.rootstock.cli.command;

import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.cli.installation.Service;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command takes: where the data and the services are, and how to write. */
public final class CommonOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "Results as JSON, one document a line, on standard output.")
    private boolean json;

    @SuppressWarnings("UnusedVariable") // Rootstock's failure handler reads it from the arguments.
    @Option(names = "--verbose", description = "Show the stack trace of a failure.")
    private boolean verbose;

    @ArgGroup(exclusive = false, heading = "%nWhere the data and the services are:%n", order = 100)
    private Places places = new Places();

    /** Options for other places than the usual ones. */
    private static final class Places {
        @Option(
                names = "--home",
                paramLabel = "DIR",
                description = "Rootstock's data folder (ROOTSTOCK_HOME; default ~/.rootstock).")
        private Path home;

        @Option(
                names = "--registry-endpoint",
                paramLabel = "HOST:PORT",
                description =
                        "Where the registry is (ROOTSTOCK_REGISTRY_ENDPOINT; default: as `rootstock up` started it).")
        private String registry;

        @Option(
                names = "--tokenizer-endpoint",
                paramLabel = "HOST:PORT",
                description = "Where the tokenizer is (ROOTSTOCK_TOKENIZER_ENDPOINT).")
        private String tokenizer;

        @Option(
                names = "--trainer-endpoint",
                paramLabel = "HOST:PORT",
                description = "Where the trainer is (ROOTSTOCK_TRAINER_ENDPOINT).")
        private String trainer;

        @Option(
                names = "--inference-endpoint",
                paramLabel = "HOST:PORT",
                description = "Where inference is (ROOTSTOCK_INFERENCE_ENDPOINT).")
        private String inference;

        @Option(
                names = "--token-file",
                paramLabel = "FILE",
                description = "File with the bearer token of every call (ROOTSTOCK_AUTH_TOKEN_FILE).")
        private Path tokenFile;

        @Option(
                names = "--certificate-authority",
                paramLabel = "FILE",
                description = "Speak TLS and trust these PEM certificates (ROOTSTOCK_CERTIFICATE_AUTHORITY).")
        private Path certificateAuthority;
    }

    /** Where to write. */
    public Console console() {
        boolean terminal = Optional.ofNullable(System.console())
                .filter(java.io.Console::isTerminal)
                .isPresent();
        return new Console(
                command.commandLine().getOut(), command.commandLine().getErr(), json, terminal && !dumbTerminal());
    }

    /** The data folder. */
    public Path home() {
        return places.home != null
                ? places.home
                : environment("ROOTSTOCK_HOME")
                        .map(Path::of)
                        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".rootstock"));
    }

    /** The services of the data folder. */
    public Installation installation(int portBase) {
        return new Installation(home(), ProjectRoot.find(), portBase, Map.of());
    }

    /** Endpoints: the option, else the environment, else as they were started here, else the default ports. */
    public Endpoints endpoints() {
        Installation installation = new Installation(home(), Path.of(""), Service.DEFAULT_PORT_BASE, Map.of());
        Map<Service, String> addresses = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            String option = switch (service) {
                case REGISTRY -> places.registry;
                case TOKENIZER -> places.tokenizer;
                case TRAINER -> places.trainer;
                case INFERENCE -> places.inference;
            };
            String variable = "ROOTSTOCK_" + service.label().toUpperCase(Locale.ROOT) + "_ENDPOINT";
            addresses.put(
                    service,
                    option != null ? option : environment(variable).orElseGet(() -> installation.endpoint(service)));
        }
        return new Endpoints(
                addresses,
                path(places.tokenFile, "ROOTSTOCK_AUTH_TOKEN_FILE"),
                path(places.certificateAuthority, "ROOTSTOCK_CERTIFICATE_AUTHORITY"));
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
