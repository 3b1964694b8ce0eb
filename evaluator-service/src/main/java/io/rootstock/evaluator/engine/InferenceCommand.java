package io.rootstock.evaluator.engine;

import io.rootstock.evaluator.config.EvaluatorSettings;
import io.rootstock.evaluator.config.RegistrySettings;
import io.rootstock.service.CommonSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/**
 * Command line and environment of the inference process. Tokens and TLS files are passed in the environment, which other
 * users cannot read; the process serves without TLS, on loopback.
 *
 * @param program program and its options before the settings
 * @param jar arguments after the settings
 * @param settings settings as system properties, which override the environment
 * @param environment environment variables
 */
public record InferenceCommand(
        List<String> program, List<String> jar, Map<String, String> settings, Map<String, String> environment) {
    /** Settings that the process shares with this service. */
    private static final List<String> SHARED = List.of(
            "rootstock.artifacts.url",
            "rootstock.auth.registry-endpoint",
            "rootstock.auth.token-file",
            "rootstock.client.certificate-file",
            "rootstock.client.key-file",
            "rootstock.client.tls",
            "rootstock.client.trust-file",
            "rootstock.inference.artifacts",
            "rootstock.inference.cache",
            "rootstock.sandbox");

    /** Prefixes of variables for other inference services or for this one, which the process must not inherit. */
    private static final List<String> REMOVED = List.of("ROOTSTOCK_INFERENCE_", "ROOTSTOCK_TLS_", "ROOTSTOCK_PROCESS_");

    /** Waiting requests: more than the rows in flight can have. */
    private static final int QUEUE = 16_384;

    public InferenceCommand {
        program = List.copyOf(program);
        jar = List.copyOf(jar);
        settings = new LinkedHashMap<>(settings);
        environment = Map.copyOf(environment);
    }

    /**
     * Returns the command of the settings.
     *
     * @param config all settings of this service
     * @throws IllegalStateException naming the setting, if the inference service is not set or not found
     */
    public static InferenceCommand of(
            EvaluatorSettings settings, CommonSettings common, RegistrySettings registry, Config config) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("rootstock.registry.endpoint", registry.endpoint());
        properties.put(
                "rootstock.artifacts.directory", absolute(common.artifacts().directory()));
        properties.put("rootstock.inference.slots", Integer.toString(settings.slots()));
        properties.put("rootstock.inference.queue", Integer.toString(QUEUE));
        properties.put("rootstock.inference.context-limit", Integer.toString(settings.contextLimit()));
        settings.threads().ifPresent(count -> properties.put("rootstock.inference.threads", Integer.toString(count)));
        properties.put("rootstock.process.end-with-parent", "true");
        for (String server : List.of("quarkus.grpc.server", "quarkus.http")) {
            properties.put(server + ".host", "127.0.0.1");
            properties.put(server + ".port", "0");
        }
        for (String file : List.of("certificate-file", "key-file", "client-authority-file")) {
            properties.put("rootstock.tls." + file, "");
        }
        properties.put("rootstock.tls.client-authentication", "none");
        Map<String, String> environment = new LinkedHashMap<>();
        for (String name : SHARED) {
            config.getOptionalValue(name, String.class).ifPresent(value -> environment.put(variable(name), value));
        }
        if (settings.inferenceExecutable().isPresent()) {
            Path executable = settings.inferenceExecutable().get();
            if (!Files.isExecutable(executable)) {
                throw new IllegalStateException(
                        "rootstock.evaluator.inference-executable: " + executable + " is not an executable file");
            }
            return new InferenceCommand(List.of(absolute(executable)), List.of(), properties, environment);
        }
        Path jar = settings.inferenceJar()
                .orElseThrow(
                        () -> new IllegalStateException(
                                "rootstock.evaluator.inference-jar is not set: set it to the inference service's quarkus-run.jar"));
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException("rootstock.evaluator.inference-jar: " + jar + " not found");
        }
        return new InferenceCommand(
                java(jar, settings.jvmOptions()), List.of("-jar", absolute(jar)), properties, environment);
    }

    private static List<String> java(Path jar, List<String> options) {
        List<String> program = new ArrayList<>();
        program.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        program.addAll(List.of(
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"));
        Path cache = jar.resolveSibling("app.aot");
        if (Files.isReadable(cache)) {
            program.add("-XX:AOTCache=" + absolute(cache));
        }
        options.stream().map(String::strip).filter(option -> !option.isEmpty()).forEach(program::add);
        return program;
    }

    private static String absolute(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }

    private static String variable(String setting) {
        return setting.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /**
     * Returns the process of a version, without starting it.
     *
     * @param folder home of the process
     * @param ports file that receives its ports
     * @param version models/{m}/versions/{n}
     * @param variant quantization as in {@code rootstock.inference.variant}; empty: the service's default
     */
    ProcessBuilder process(Path folder, Path ports, String version, Optional<String> variant) {
        List<String> command = new ArrayList<>(program);
        if (!jar.isEmpty()) {
            command.add("-XX:ErrorFile=" + folder.resolve("crash.log"));
        }
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put("rootstock.home", folder.toString());
        all.put("rootstock.process.ports-file", ports.toString());
        all.put("rootstock.inference.pinned-version", version);
        variant.ifPresent(name -> all.put("rootstock.inference.variant", name));
        all.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(jar);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> REMOVED.stream().anyMatch(name::startsWith));
        builder.environment().putAll(environment);
        return builder;
    }
}
