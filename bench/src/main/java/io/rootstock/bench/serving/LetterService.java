package io.rootstock.bench.serving;

import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.bench.service.FixedRegistry;
import io.rootstock.bench.service.Form;
import io.rootstock.bench.service.RunningService;
import io.rootstock.files.FileTree;
import io.rootstock.inference.v1.ControlServiceGrpc;
import io.rootstock.inference.v1.GetLoadRequest;
import io.rootstock.inference.v1.ModelLoad;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The inference service with a model that only generates the letter a. */
final class LetterService implements AutoCloseable {
    static final String MODEL = "letters";
    static final String LETTER = "a";

    private final Form form = Form.best();
    private final Path home;
    private final FixedRegistry registry;
    private final RunningService service;

    LetterService(String... settings) throws IOException {
        home = Files.createTempDirectory("rootstock-letters-");
        DirectoryArtifactStore store = new DirectoryArtifactStore(home.resolve("artifacts"));
        Path scratch = Files.createDirectories(home.resolve("letters"));
        Digest digest = store.putFile(LetterModel.write(scratch, LETTER.charAt(0)));
        registry =
                new FixedRegistry(List.of(ServingModel.version(MODEL, 1, ArtifactKind.ARTIFACT_KIND_GGUF_F32, digest)));
        service = new RunningService(form, home, registry.port(), settings);
        service.firstToken(MODEL);
    }

    Form form() {
        return form;
    }

    RunningService running() {
        return service;
    }

    /** Load of the model, as reported by the service. */
    ModelLoad load() {
        return ControlServiceGrpc.newBlockingStub(service.channel())
                .getLoad(GetLoadRequest.getDefaultInstance())
                .getModels(0);
    }

    /** Number of requests that have a slot or wait for one. */
    int requests() {
        ModelLoad load = load();
        return load.getActiveRequests() + load.getQueuedRequests();
    }

    @Override
    public void close() throws IOException {
        service.close();
        registry.close();
        FileTree.delete(home);
    }
}
