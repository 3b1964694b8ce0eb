package io.rootstock.evaluator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.evaluator.config.EvaluatorSettings;
import io.rootstock.evaluator.config.RegistrySettings;
import io.rootstock.service.CommonSettings;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InferenceCommandTest {
    @TempDir
    private Path folder;

    private final Map<String, String> settings = new LinkedHashMap<>();

    @BeforeEach
    void set() throws IOException {
        Path jar = Files.createFile(folder.resolve("quarkus-run.jar"));
        settings.put("rootstock.home", folder.toString());
        settings.put("rootstock.evaluator.inference-jar", jar.toString());
    }

    private InferenceCommand command() {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .addDefaultInterceptors()
                .withValidateUnknown(false)
                .withMapping(EvaluatorSettings.class)
                .withMapping(CommonSettings.class)
                .withMapping(RegistrySettings.class);
        settings.forEach(builder::withDefaultValue);
        SmallRyeConfig config = builder.build();
        return InferenceCommand.of(
                config.getConfigMapping(EvaluatorSettings.class),
                config.getConfigMapping(CommonSettings.class),
                config.getConfigMapping(RegistrySettings.class),
                config);
    }

    private ProcessBuilder process() {
        return command().process(folder, folder.resolve("ports"), "models/m/versions/3", Optional.of("F16"));
    }

    @Test
    void servesOneVersionOnLoopbackWithoutTls() {
        settings.put("rootstock.evaluator.jvm-options", "-Xmx1g,-XX:+UseSerialGC");
        settings.put("rootstock.evaluator.threads", "3");
        settings.put("rootstock.registry.endpoint", "registry:7400");
        settings.put("rootstock.tls.certificate-file", "server.pem");
        assertThat(process().command())
                .contains(
                        "-Xmx1g",
                        "-XX:+UseSerialGC",
                        "-Drootstock.home=" + folder,
                        "-Drootstock.artifacts.directory=" + folder.resolve("artifacts"),
                        "-Drootstock.registry.endpoint=registry:7400",
                        "-Drootstock.inference.pinned-version=models/m/versions/3",
                        "-Drootstock.inference.variant=F16",
                        "-Drootstock.inference.slots=8",
                        "-Drootstock.inference.threads=3",
                        "-Drootstock.process.end-with-parent=true",
                        "-Drootstock.process.ports-file=" + folder.resolve("ports"),
                        "-Dquarkus.grpc.server.host=127.0.0.1",
                        "-Dquarkus.grpc.server.port=0",
                        "-Drootstock.tls.certificate-file=")
                .endsWith("-jar", folder.resolve("quarkus-run.jar").toString());
    }

    @Test
    void credentialsAreInTheEnvironmentOnly() {
        settings.put("rootstock.auth.token-file", "/secrets/token");
        settings.put("rootstock.client.tls", "true");
        settings.put("rootstock.client.key-file", "/secrets/key.pem");
        ProcessBuilder process = process();
        assertThat(process.environment())
                .containsEntry("ROOTSTOCK_AUTH_TOKEN_FILE", "/secrets/token")
                .containsEntry("ROOTSTOCK_CLIENT_TLS", "true")
                .containsEntry("ROOTSTOCK_CLIENT_KEY_FILE", "/secrets/key.pem");
        assertThat(String.join(" ", process.command())).doesNotContain("/secrets");
    }

    @Test
    void theProcessSharesTheArtifactsAndTheLimitOfTheCache() {
        assertThat(process().environment()).doesNotContainKey("ROOTSTOCK_INFERENCE_CACHE");
        settings.put("rootstock.inference.artifacts", "http://registry:7410/artifacts");
        settings.put("rootstock.inference.cache", "16G");
        assertThat(process().environment())
                .containsEntry("ROOTSTOCK_INFERENCE_ARTIFACTS", "http://registry:7410/artifacts")
                .containsEntry("ROOTSTOCK_INFERENCE_CACHE", "16G");
    }

    @Test
    void anExecutableNeedsNoJvm() throws IOException {
        Path executable = Files.createFile(folder.resolve("inference-service"));
        settings.put("rootstock.evaluator.inference-executable", executable.toString());
        assertThatThrownBy(this::command)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("rootstock.evaluator.inference-executable")
                .hasMessageContaining("is not an executable file");
        assertThat(executable.toFile().setExecutable(true)).isTrue();
        assertThat(process().command())
                .startsWith(executable.toString())
                .doesNotContain("-jar", "-Xmx512m")
                .contains("-Drootstock.inference.pinned-version=models/m/versions/3");
    }

    @Test
    void refusesAMissingJar() {
        settings.put(
                "rootstock.evaluator.inference-jar", folder.resolve("other.jar").toString());
        assertThatThrownBy(this::command)
                .hasMessage("rootstock.evaluator.inference-jar: " + folder.resolve("other.jar") + " not found");
        settings.remove("rootstock.evaluator.inference-jar");
        assertThatThrownBy(this::command).hasMessageStartingWith("rootstock.evaluator.inference-jar is not set");
    }
}
