package io.rootstock.trainer.imports;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.gguf.GgufAdapterReader;
import io.rootstock.checkpoint.gguf.GgufValidator;
import io.rootstock.checkpoint.huggingface.PeftAdapter;
import io.rootstock.files.FileTree;
import io.rootstock.trainer.export.AdapterExport;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Converts a received adapter, a PEFT directory or a GGUF file, to both formats. The version shares its base's GGUF
 * file, as after a run with quantized base weights.
 */
record AdapterConversion(ArtifactStore store) {
    ImportedModel convert(Path folder, Path upload, List<String> ggufs, ImportSettings settings, Consumer<String> stage)
            throws IOException {
        Digest base = settings.adapterBase().orElseThrow();
        stage.accept("check the adapter against its base");
        Path baseFile = baseFile(base);
        ModelConfig config = GgufValidator.validate(baseFile);
        PeftAdapter adapter =
                ggufs.isEmpty() ? peft(upload) : GgufAdapterReader.read(gguf(upload, ggufs), config.shape());
        if (adapter.classifier()) {
            throw new RefusedImportException(
                    "the adapter has a classification head; only adapters of language models can be imported");
        }
        adapter.inOrder(config.shape());
        adapter.tensors().forEach(AdapterConversion::requireFinite);
        stage.accept("store the files");
        List<Artifact> artifacts = new ArrayList<>();
        artifacts.add(Artifact.newBuilder()
                .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_BASE)
                .setDigest(base.value())
                .setBytes(Files.size(baseFile))
                .build());
        artifacts.addAll(
                new AdapterExport(store, folder).export(adapter, config.shape(), settings.name(), Optional.of(base)));
        Optional<String> license =
                ggufs.isEmpty() ? ModelLicense.ofDirectory(upload) : ModelLicense.ofGguf(gguf(upload, ggufs));
        return new ImportedModel(artifacts, "", config.shape(), false, license, List.of());
    }

    private Path baseFile(Digest base) {
        try {
            return store.verified(base);
        } catch (NoSuchArtifactException e) {
            throw new RefusedImportException("the base's GGUF file " + base + " is not in the artifact store");
        }
    }

    private static PeftAdapter peft(Path upload) throws IOException {
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
            if (!Files.exists(upload.resolve(name))) {
                throw new RefusedImportException(name + " is missing: an adapter is a PEFT directory or a GGUF file");
            }
        }
        return PeftAdapter.read(upload);
    }

    private static void requireFinite(NamedTensor tensor) {
        for (float value : tensor.toArray()) {
            if (!Float.isFinite(value)) {
                throw new RefusedImportException("tensor " + tensor.name() + " holds a NaN or an infinity");
            }
        }
    }

    private static Path gguf(Path upload, List<String> ggufs) throws IOException {
        if (ggufs.size() > 1 || FileTree.size(upload) > Files.size(upload.resolve(ggufs.getFirst()))) {
            throw new RefusedImportException(
                    "an adapter is one GGUF file; other files were sent beside " + ggufs.getFirst());
        }
        return upload.resolve(ggufs.getFirst());
    }
}
