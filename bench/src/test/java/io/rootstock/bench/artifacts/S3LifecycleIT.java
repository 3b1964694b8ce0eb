package io.rootstock.bench.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.rootstock.artifacts.s3.S3Server;
import io.rootstock.bench.Lifecycle;
import io.rootstock.bench.interop.TinyBase;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.cli.installation.Service;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.storage.v1.PruneRequest;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** The services with their artifacts in S3: from an uploaded file to answers of a promoted version. */
@Timeout(300)
class S3LifecycleIT {
    @TempDir
    Path folder;

    @Test
    void aModelIsTrainedAndServedWithoutASharedDirectory() throws Exception {
        Path root = ProjectRoot.find();
        Path jar = root.resolve("libs/artifact-store-s3/target/s3proxy/s3proxy.jar");
        assumeThat(jar).exists();
        for (Service service : Service.values()) {
            assumeThat(service.jar(root)).exists();
        }
        try (S3Server server = S3Server.start(jar, folder);
                Lifecycle life = Lifecycle.start(
                        "s3-it",
                        Map.of(
                                "rootstock.artifacts.url",
                                server.address("installation").toString(),
                                "rootstock.trainer.nice",
                                "0"))) {
            String version = TinyBase.train(life);
            life.promote(version);
            String answer = life.clients()
                    .inference()
                    .generate(GenerateRequest.newBuilder()
                            .setModel(TinyBase.MODEL)
                            .setPrompt("The house")
                            .setOptions(GenerationOptions.newBuilder().setMaxTokens(8))
                            .build())
                    .getCompletions(0)
                    .getText();
            assertThat(answer).isNotEmpty();
            assertThat(life.home().resolve("artifacts/sha256")).doesNotExist();
            long objects = objects(server);
            assertThat(objects)
                    .isGreaterThan(life.clients()
                            .models()
                            .getVersion(GetVersionRequest.newBuilder()
                                    .setName(version)
                                    .build())
                            .getVersion()
                            .getArtifactsCount());
            assertThat(life.clients()
                            .storage(Service.REGISTRY)
                            .prune(PruneRequest.newBuilder().setApply(true).build())
                            .getGroups(0)
                            .getItems())
                    .isZero();
            assertThat(objects(server)).isEqualTo(objects);
        }
    }

    private static long objects(S3Server server) {
        try (S3Client client = server.client()) {
            return client
                    .listObjectsV2Paginator(
                            request -> request.bucket(S3Server.BUCKET).prefix("installation/objects/"))
                    .contents()
                    .stream()
                    .count();
        }
    }
}
