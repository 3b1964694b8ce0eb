package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.options;
import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.ServedState;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service with the setting {@code variant=ORIGINAL}. */
@Timeout(180)
class OriginalVariantIT {
    @TempDir
    static Path home;

    @TempDir
    static Path scratch;

    @Test
    void theOriginalGgufFileOfAnImportedModelIsServedUnchanged() throws IOException {
        try (ServingFixture serving = new ServingFixture(home, scratch, "rootstock.inference.variant=ORIGINAL")) {
            Version imported = Version.newBuilder()
                    .setName("models/imported/versions/1")
                    .setKind(VersionKind.VERSION_KIND_BASE)
                    .addArtifacts(artifact(serving, ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0, "abcde"))
                    .addArtifacts(artifact(serving, ArtifactKind.ARTIFACT_KIND_GGUF_ORIGINAL, "axyz"))
                    .build();
            serving.registry.promote(imported);
            serving.service.await("models/imported", served -> served.getState() == ServedState.SERVED_STATE_READY);

            assertThat(serving.service
                            .calls()
                            .generate(GenerateRequest.newBuilder()
                                    .setModel("imported")
                                    .setPrompt("a")
                                    .setOptions(options(32))
                                    .build())
                            .getCompletions(0)
                            .getText())
                    .isEqualTo("xyz");
        }
    }

    private static Artifact artifact(ServingFixture serving, ArtifactKind kind, String text) {
        Path file = TinyModel.reciting(text).write(scratch.resolve(kind + ".gguf"));
        return Artifact.newBuilder()
                .setKind(kind)
                .setDigest(serving.store.putFile(file).value())
                .build();
    }
}
