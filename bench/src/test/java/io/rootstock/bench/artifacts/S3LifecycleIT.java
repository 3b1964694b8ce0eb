package io.rootstock.bench.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.rootstock.artifacts.s3.S3Server;
import io.rootstock.bench.Lifecycle;
import io.rootstock.bench.interop.TinyBase;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.cli.installation.Service;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.registry.v1.Backup;
import io.rootstock.registry.v1.CreateBackupRequest;
import io.rootstock.registry.v1.CreateBackupResponse;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.VerifyRequest;
import io.rootstock.registry.v1.VerifyResponse;
import io.rootstock.storage.v1.PruneRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** The services with their artifacts in S3: from an uploaded file to answers of a promoted version. */
@Timeout(300)
@Tag("matrix")
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
            backedUpAndRestored(server, life, version);
        }
    }

    private void backedUpAndRestored(S3Server server, Lifecycle life, String version) {
        String location = server.address("backup").toString();
        for (int backup = 0; backup < 2; backup++) {
            List<CreateBackupResponse> responses = new ArrayList<>();
            life.clients()
                    .admin()
                    .createBackup(
                            CreateBackupRequest.newBuilder().setTo(location).build())
                    .forEachRemaining(responses::add);
            Backup made = responses.getLast().getBackup();
            assertThat(made.getDanglingTotal()).isZero();
            assertThat(made.getArtifacts()).isGreaterThan(5);
            assertThat(made.getCopiedArtifacts()).isEqualTo(backup == 0 ? made.getArtifacts() : 0);
        }
        assertThat(dangling(life.clients(), VerifyRequest.newBuilder().setFrom(location)))
                .isZero();
        assertThat(dangling(life.clients(), VerifyRequest.newBuilder())).isZero();
        GetVersionRequest named =
                GetVersionRequest.newBuilder().setName(version).build();
        Path home = folder.resolve("restored");
        try (Installation restored = new Installation(
                        home,
                        ProjectRoot.find(),
                        OptionalInt.of(0),
                        Map.of(
                                "rootstock.artifacts.url",
                                server.address("restored").toString()));
                Clients clients = new Clients(endpoints(restored, location))) {
            assertThat(clients.models().getVersion(named))
                    .isEqualTo(life.clients().models().getVersion(named));
            assertThat(dangling(clients, VerifyRequest.newBuilder())).isZero();
        }
    }

    /** Restores a backup and starts the registry. */
    private static Endpoints endpoints(Installation restored, String location) {
        assertThat(restored.restore(location, Optional.empty())).isZero();
        List<Service> _ = restored.start(List.of(Service.REGISTRY));
        return Endpoints.local(restored);
    }

    private static long dangling(Clients clients, VerifyRequest.Builder request) {
        List<VerifyResponse> responses = new ArrayList<>();
        clients.admin().verify(request.build()).forEachRemaining(responses::add);
        assertThat(responses.getLast().getResult().getArtifacts()).isPositive();
        return responses.getLast().getResult().getDanglingTotal();
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
