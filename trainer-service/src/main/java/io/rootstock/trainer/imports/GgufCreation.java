package io.rootstock.trainer.imports;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.checkpoint.huggingface.HuggingFaceDirectory;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.sandbox.SandboxMode;
import io.rootstock.trainer.export.Exporter;
import io.rootstock.trainer.export.VariantExport;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.GgufFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Creates GGUF files of stored Hugging Face directories.
 *
 * @param threads threads for quantization
 * @param sandbox confinement of the process that quantizes
 */
record GgufCreation(ArtifactStore store, int threads, SandboxMode sandbox) {
    /**
     * Creates and stores a file.
     *
     * @param folder an existing, empty directory
     * @return empty if the call was cancelled
     */
    Optional<Artifact> create(
            Path folder,
            Digest huggingFace,
            GgufFile variant,
            String name,
            Consumer<String> stage,
            BooleanSupplier wanted)
            throws IOException {
        Path model = store.materialize(huggingFace, folder.resolve(ModelConversion.MODEL));
        Path exact = folder.resolve(ModelConversion.EXACT);
        stage.accept("write the GGUF file");
        try (HuggingFaceDirectory directory = HuggingFaceDirectory.read(model)) {
            Exporter.writeGguf(
                    exact,
                    directory.config(),
                    directory.tensors(),
                    !directory.labels().isEmpty(),
                    TokenizerFiles.read(model),
                    name);
        }
        if (variant == GgufFile.F32) {
            return wanted.getAsBoolean()
                    ? Optional.of(ImportStorage.stored(store, variant.kind(), exact))
                    : Optional.empty();
        }
        Optional<VariantExport.QuantizedFiles> quantized = new VariantExport(
                        store, threads, sandbox, wanted, progress -> stage.accept(progress.getStage()))
                .quantize(exact, Set.of(variant), folder.resolve("quantized"));
        if (quantized.isEmpty() || !wanted.getAsBoolean()) {
            return Optional.empty();
        }
        Path file = quantized.get().files().get(variant);
        if (file == null) {
            throw new RefusedImportException(String.join("; ", quantized.get().messages()));
        }
        return Optional.of(ImportStorage.stored(store, variant.kind(), file));
    }
}
