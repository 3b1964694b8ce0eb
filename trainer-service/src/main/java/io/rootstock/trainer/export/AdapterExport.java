package io.rootstock.trainer.export;

import static io.rootstock.trainer.export.Exporter.artifact;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.gguf.GgufAdapter;
import io.rootstock.checkpoint.huggingface.PeftAdapter;
import io.rootstock.files.FileTree;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Writes and stores the files of an adapter: a PEFT directory and a GGUF file.
 *
 * @param folder work directory
 */
public record AdapterExport(ArtifactStore store, Path folder) {
    /**
     * PEFT resolves the base relative to the current directory: {@code rootstock models export} writes the base there
     * and sets its absolute path.
     */
    private static final String BASE_FOLDER = "base";

    private static final String PEFT = "adapter";
    private static final String GGUF = "adapter.gguf";

    /**
     * Stores an adapter.
     *
     * @param shape shape of the model with the adapter
     * @param name value of {@code general.name}
     * @param base GGUF file of the quantized base that the adapter is served with; empty: it is merged into the weights
     */
    public List<Artifact> export(PeftAdapter adapter, ModelShape shape, String name, Optional<Digest> base)
            throws IOException {
        write(folder, adapter, shape, name, base.map(Digest::value));
        return stored();
    }

    /**
     * Writes the files of an adapter without storing them.
     *
     * @param base digest of the GGUF file that the adapter is served with; empty: it is merged into the weights
     */
    public static void write(Path folder, PeftAdapter adapter, ModelShape shape, String name, Optional<String> base)
            throws IOException {
        adapter.write(Files.createDirectories(folder.resolve(PEFT)), BASE_FOLDER);
        GgufAdapter.write(folder.resolve(GGUF), shape, adapter, name, base);
    }

    /** Stores the files that {@link #write} has written. */
    public List<Artifact> stored() throws IOException {
        Path peft = folder.resolve(PEFT);
        Path gguf = folder.resolve(GGUF);
        return List.of(
                artifact(ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER, store.putDirectory(peft), FileTree.size(peft)),
                artifact(ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER, store.putFile(gguf), Files.size(gguf)));
    }
}
