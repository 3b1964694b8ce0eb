package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.rootstock.access.v1.Role;
import io.rootstock.client.TokenCredentials;
import io.rootstock.inference.v1.GetLoadRequest;
import io.rootstock.inference.v1.GetLoadResponse;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.inference.v1.ModelLoad;
import io.rootstock.inference.v1.ServedModel;
import io.rootstock.inference.v1.WatchServingRequest;
import io.rootstock.inference.v1.WatchServingResponse;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.VersionKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a caller with a role for some models learns of the others. */
@Timeout(120)
class VisibleModelsIT {
    private static final String INSTALLATION = "the-token-of-the-installation";

    @TempDir
    Path home;

    @TempDir
    Path scratch;

    @Test
    void theLoadAndTheServedAliasesAreThoseOfTheCallersModels() throws IOException {
        Path token = Files.writeString(scratch.resolve("token"), INSTALLATION);
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        try (ServingFixture serving = new ServingFixture(home, scratch, "rootstock.auth.token-file=" + token)) {
            serving.registry.admit("users/alice", Role.ROLE_VIEWER, "models/support-");
            for (String model : List.of("support-base", "sales-base")) {
                serving.registry.promote(
                        serving.version(model, 1, VersionKind.VERSION_KIND_BASE, TinyModel.reciting("abcd")));
            }
            String all = INSTALLATION;
            await(() -> loaded(load(serving, all)).size() == 2);
            assertThat(loaded(load(serving, all)))
                    .containsExactly("models/sales-base/versions/1", "models/support-base/versions/1");

            String alice = "alices";
            List<String> hers = List.of("models/support-base/versions/1");
            assertThat(loaded(load(serving, alice))).isEqualTo(hers);
            WatchServingResponse watched = as(alice, serving.control())
                    .watchServing(WatchServingRequest.getDefaultInstance())
                    .next();
            assertThat(loaded(watched.getLoad())).isEqualTo(hers);
            assertThat(watched.getServed().getModelsList())
                    .extracting(ServedModel::getVersion)
                    .isEqualTo(hers);
            assertThat(as(alice, serving.service.calls())
                            .listServedModels(ListServedModelsRequest.getDefaultInstance())
                            .getModelsList())
                    .extracting(ServedModel::getVersion)
                    .isEqualTo(hers);
        }
    }

    private static GetLoadResponse load(ServingFixture serving, String token) {
        return as(token, serving.control()).getLoad(GetLoadRequest.getDefaultInstance());
    }

    private static List<String> loaded(GetLoadResponse load) {
        return load.getModelsList().stream().map(ModelLoad::getVersion).toList();
    }

    private static <S extends AbstractStub<S>> S as(String token, S stub) {
        Metadata headers = new Metadata();
        headers.put(TokenCredentials.AUTHORIZATION, TokenCredentials.SCHEME + token);
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }
}
