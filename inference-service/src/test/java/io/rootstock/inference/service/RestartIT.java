package io.rootstock.inference.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.inference.v1.ServedState;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class RestartIT {
    @TempDir
    Path home;

    @TempDir
    Path scratch;

    private Version version(TinyModel model) {
        ArtifactStore store = new DirectoryArtifactStore(home.resolve("artifacts"));
        return Version.newBuilder()
                .setName("models/base/versions/1")
                .setKind(VersionKind.VERSION_KIND_BASE)
                .setJob("jobs/made-here")
                .addArtifacts(Artifact.newBuilder()
                        .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_F32)
                        .setDigest(store.putFile(model.write(scratch.resolve("model.gguf")))
                                .value()))
                .build();
    }

    private static Iterator<GenerateStreamResponse> generate(ServiceProcess service, int tokens) {
        return service.calls()
                .generateStream(GenerateStreamRequest.newBuilder()
                        .setModel("base")
                        .setPrompt("a")
                        .setOptions(GenerationOptions.newBuilder()
                                .setMaximumTokens(tokens)
                                .setSampling(Sampling.newBuilder().setTemperature(0)))
                        .build());
    }

    private static String text(Iterator<GenerateStreamResponse> responses) {
        StringBuilder text = new StringBuilder();
        responses.forEachRemaining(response -> text.append(response.getText()));
        return text.toString();
    }

    @Test
    void aKilledServiceServesAgainWithTheRegistryAway() throws IOException, InterruptedException {
        try (PlayedRegistry registry = new PlayedRegistry();
                ServiceProcess service = new ServiceProcess(home, registry.port(), "rootstock.inference.threads=1")) {
            registry.promote(version(TinyModel.reciting("abcd")));
            service.await("models/base", model -> model.getState() == ServedState.SERVED_STATE_READY);
            registry.goAway();
            assertThat(text(generate(service, 10))).isEqualTo("bcd");
            service.kill();
        }
        try (ServiceProcess service = new ServiceProcess(home, ServiceProcess.freePort())) {
            service.await("models/base", model -> model.getState() == ServedState.SERVED_STATE_READY);
            assertThat(text(generate(service, 10))).isEqualTo("bcd");
        }
    }

    @Test
    void aStoppingServiceLetsStreamsInFlightFinish() throws IOException, InterruptedException {
        int tokens = 3000;
        try (PlayedRegistry registry = new PlayedRegistry();
                ServiceProcess service = new ServiceProcess(home, registry.port(), "rootstock.inference.threads=1")) {
            registry.promote(version(TinyModel.repeating("abcdefg").contextLength(4096)));
            service.await("models/base", model -> model.getState() == ServedState.SERVED_STATE_READY);
            Iterator<GenerateStreamResponse> inFlight = generate(service, tokens);
            String begin = inFlight.next().getText();
            service.terminate();
            assertThat(begin + text(inFlight)).hasSize(tokens);
            assertThat(service.ended()).isTrue();
        }
    }
}
