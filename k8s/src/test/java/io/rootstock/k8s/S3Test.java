package io.rootstock.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.rootstock.artifacts.s3.S3Location;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The artifact store of the base. */
class S3Test {
    private static final String URL = "ROOTSTOCK_ARTIFACTS_URL";

    /** Keys of the Secret that address and credentials need. */
    private static final Map<String, String> SECRET = Map.of(
            "S3_BUCKET", "models/team",
            "S3_ENDPOINT", "https://minio.example:9000",
            "S3_REGION", "eu-central-1",
            "AWS_ACCESS_KEY_ID", "id",
            "AWS_SECRET_ACCESS_KEY", "key");

    @Test
    void isTheBucketOfTheSecret() throws IOException {
        Map<String, String> environment = new HashMap<>(SECRET);
        environment.putAll(Rendered.base().named(ConfigMap.class, "s3").getData());
        URI url = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new EnvConfigSource(environment, 300))
                .build()
                .getValue("rootstock.artifacts.url", URI.class);

        S3Location location = S3Location.parse(url);
        assertThat(location.bucket()).isEqualTo("models");
        assertThat(location.prefix()).isEqualTo("team/");
        assertThat(location.endpoint()).contains(URI.create("https://minio.example:9000"));
        assertThat(location.region()).contains("eu-central-1");
        assertThat(location.cacheBytes()).isEqualTo(8L << 30);
    }

    @Test
    void hasASecretThatTheGuideCreates() throws IOException {
        String url = Rendered.base().named(ConfigMap.class, "s3").getData().get(URL);
        assertThat(Pattern.compile("\\$\\{(\\w+)}").matcher(url).results().map(result -> result.group(1)))
                .containsExactlyInAnyOrder("S3_BUCKET", "S3_ENDPOINT", "S3_REGION");
        String guide = Files.readString(Path.of("../docs/guides/deploy-kubernetes.md"));
        String command = guide.substring(guide.indexOf("create secret generic rootstock-s3"));
        assertThat(Pattern.compile("--from-(?:literal|file)=(\\w+)=")
                        .matcher(command.substring(0, command.indexOf("```")))
                        .results()
                        .map(MatchResult::group)
                        .map(option -> option.replaceAll("--from-\\w+=|=", "")))
                .containsExactlyInAnyOrderElementsOf(SECRET.keySet());
    }

    @Test
    void isOpenedByTheServicesThatContainItsClient() throws IOException {
        List<String> services = new ArrayList<>();
        for (String service : Installation.SERVICES) {
            List<EnvFromSource> sources =
                    Rendered.base().workload(service).container().getEnvFrom();
            if (sources.stream().anyMatch(source -> source.getSecretRef() != null)) {
                services.add(service);
                assertThat(sources.get(2).getConfigMapRef().getName()).isEqualTo("s3");
                assertThat(sources.get(3).getSecretRef().getName()).isEqualTo("rootstock-s3");
            }
            assertThat(Files.readString(Path.of("../" + service + "-service/pom.xml"))
                            .contains("rootstock-artifact-store-s3"))
                    .as(service)
                    .isEqualTo(services.contains(service));
        }
        NetworkPolicy policy = Rendered.base().named(NetworkPolicy.class, "services-call-s3");
        assertThat(policy.getSpec().getPodSelector().getMatchExpressions())
                .singleElement()
                .satisfies(term -> assertThat(term.getValues()).containsExactlyElementsOf(services));
    }

    @Test
    void isReadOverHttpByInferenceServicesInEveryInstallation() throws IOException {
        int port = ManifestsTest.port("registry", "quarkus.http.port");
        for (Rendered rendered : Rendered.everything()) {
            String scheme = rendered.settings(rendered.workload("registry")).containsKey("ROOTSTOCK_TLS_KEY_FILE")
                    ? "https"
                    : "http";
            for (String service : List.of("inference", "evaluator")) {
                assertThat(rendered.settings(rendered.workload(service)))
                        .as(rendered + ": " + service)
                        .containsEntry("ROOTSTOCK_INFERENCE_ARTIFACTS", scheme + "://registry:" + port + "/artifacts");
            }
        }
    }
}
