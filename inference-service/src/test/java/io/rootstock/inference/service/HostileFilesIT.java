package io.rootstock.inference.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.ServedModel;
import io.rootstock.inference.v1.ServedState;
import io.rootstock.llama.HostileGguf;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promotions of hostile files of outside origin while another model is served: of every twelfth file, and of every third with
 * the tag matrix; {@code bench/faults/hostile-files} promotes all.
 */
@Timeout(600)
class HostileFilesIT {
    private static final boolean ALL = Boolean.getBoolean("rootstock.all-hostile-files");

    @TempDir
    Path scratch;

    @Test
    void everyHostileFileIsRefusedWithAReasonAndTheServedModelAnswers() throws IOException {
        expectRefusals(ALL ? 1 : 12);
    }

    @Tag("matrix")
    @Test
    void everyThirdHostileFileIsRefused() throws IOException {
        assumeFalse(ALL, "the other test promotes all");
        expectRefusals(3);
    }

    private void expectRefusals(int step) throws IOException {
        byte[] valid = Files.readAllBytes(TinyModel.random(1).write(scratch.resolve("valid.gguf")));
        List<HostileGguf> files = HostileGguf.all(valid);
        SoftAssertions softly = new SoftAssertions();
        try (ServingFixture serving = ServingFixture.shared(scratch)) {
            serving.serve("m", TinyModel.reciting("abcd"));
            for (int i = 0; i < files.size(); i += step) {
                HostileGguf hostile = files.get(i);
                String model = "models/h" + i;
                serving.registry.promote(version(serving, model + "/versions/1", hostile.file()));
                ServedModel served = serving.service.await(
                        model, candidate -> candidate.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
                softly.assertThat(served.getError())
                        .as(hostile.name())
                        .startsWith(model + "/versions/1 cannot be served: ")
                        .contains(hostile.reason())
                        .doesNotContain("exit code");
                softly.assertThat(text(serving)).isEqualTo("bcd");
            }
            softly.assertAll();
            serving.registry.promote(version(serving, "models/valid/versions/1", ByteBuffer.wrap(valid)));
            serving.service.await("models/valid", model -> model.getState() == ServedState.SERVED_STATE_READY);
            assertThat(serving.hasLogged("sandbox of first loads: ")).isTrue();
        }
        System.out.printf("promoted=%d%n", (files.size() + step - 1) / step);
    }

    private static String text(ServingFixture serving) {
        return serving.service
                .calls()
                .generate(GenerateRequest.newBuilder()
                        .setModel("m")
                        .setPrompt("a")
                        .setOptions(ServingFixture.options(10))
                        .build())
                .getCompletions(0)
                .getText();
    }

    /** An external version: one without a job. */
    private Version version(ServingFixture serving, String name, ByteBuffer bytes) throws IOException {
        Path file = scratch.resolve(name.replace('/', '-'));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(bytes.duplicate());
        }
        return Version.newBuilder()
                .setName(name)
                .setKind(VersionKind.VERSION_KIND_BASE)
                .addArtifacts(Artifact.newBuilder()
                        .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_F32)
                        .setDigest(serving.store.putFile(file).value()))
                .build();
    }
}
