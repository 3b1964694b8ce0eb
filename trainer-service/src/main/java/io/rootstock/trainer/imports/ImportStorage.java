package io.rootstock.trainer.imports;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.files.FileTree;
import io.rootstock.sandbox.SandboxMode;
import io.rootstock.trainer.export.AdapterExport;
import io.rootstock.trainer.export.VariantExport;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.GgufFile;
import io.rootstock.trainer.v1.ImportModelResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Quantizes a converted model and stores its files as the artifacts that a run exports, plus the original file of a GGUF
 * model. It reads no file except to hash it.
 *
 * @param threads threads for quantization
 * @param quantizations GGUF files to store by default
 * @param sandbox confinement of the process that quantizes
 */
record ImportStorage(ArtifactStore store, int threads, Set<GgufFile> quantizations, SandboxMode sandbox) {
    ImportStorage {
        quantizations = Set.copyOf(quantizations);
    }

    /**
     * Returns the verified file of an adapter's base.
     *
     * @throws RefusedImportException if it is not in the store
     */
    Path base(Digest digest) {
        try {
            return store.verified(digest);
        } catch (NoSuchArtifactException e) {
            throw new RefusedImportException("the base's GGUF file " + digest + " is not in the artifact store");
        }
    }

    /** Stores an adapter. */
    ImportModelResponse adapter(
            Path folder, ImportModelResponse converted, Digest base, Path baseFile, Consumer<String> stage)
            throws IOException {
        stage.accept("store the files");
        return converted.toBuilder()
                .addArtifacts(Artifact.newBuilder()
                        .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_BASE)
                        .setDigest(base.value())
                        .setBytes(Files.size(baseFile)))
                .addAllArtifacts(new AdapterExport(store, folder).stored())
                .build();
    }

    /**
     * Quantizes and stores a model.
     *
     * @param ggufs names of the received GGUF files
     * @return empty if the import was cancelled
     */
    Optional<ImportModelResponse> model(
            Path folder,
            ImportModelResponse converted,
            List<String> ggufs,
            ImportSettings settings,
            Consumer<String> stage,
            BooleanSupplier wanted)
            throws IOException {
        Path exact = folder.resolve(ModelConversion.EXACT);
        Set<GgufFile> stored = settings.quantizations().orElse(quantizations);
        Set<GgufFile> variants = EnumSet.noneOf(GgufFile.class);
        variants.addAll(stored);
        variants.remove(GgufFile.F32);
        Optional<VariantExport.QuantizedFiles> quantized = new VariantExport(
                        store, threads, sandbox, wanted, progress -> stage.accept(progress.getStage()))
                .quantize(exact, variants, folder.resolve("quantized"));
        if (quantized.isEmpty() || !wanted.getAsBoolean()) {
            return Optional.empty();
        }
        stage.accept("store the files");
        Path model = folder.resolve(ModelConversion.MODEL);
        List<Artifact> artifacts = new ArrayList<>();
        artifacts.add(converted.getArtifacts(0).toBuilder()
                .setDigest(store.putDirectory(model).value())
                .setBytes(FileTree.size(model))
                .build());
        boolean none = quantized.get().files().isEmpty() && ggufs.isEmpty();
        if (stored.contains(GgufFile.F32) || none) {
            artifacts.add(stored(store, ArtifactKind.ARTIFACT_KIND_GGUF_F32, exact));
        }
        for (Map.Entry<GgufFile, Path> file : quantized.get().files().entrySet()) {
            artifacts.add(stored(store, file.getKey().kind(), file.getValue()));
        }
        if (!ggufs.isEmpty()) {
            Path joined = folder.resolve(ModelConversion.JOINED);
            artifacts.add(stored(
                    store,
                    ArtifactKind.ARTIFACT_KIND_GGUF_ORIGINAL,
                    Files.exists(joined)
                            ? joined
                            : folder.resolve(ModelConversion.UPLOAD).resolve(ggufs.getFirst())));
        }
        return Optional.of(converted.toBuilder()
                .clearArtifacts()
                .addAllArtifacts(artifacts)
                .setTokenizerDigest(store.putDirectory(folder.resolve(ModelConversion.TOKENIZER))
                        .value())
                .addAllMessages(quantized.get().messages())
                .build());
    }

    /** Stores a file. */
    static Artifact stored(ArtifactStore store, ArtifactKind kind, Path file) throws IOException {
        return Artifact.newBuilder()
                .setKind(kind)
                .setDigest(store.putFile(file).value())
                .setBytes(Files.size(file))
                .build();
    }
}
