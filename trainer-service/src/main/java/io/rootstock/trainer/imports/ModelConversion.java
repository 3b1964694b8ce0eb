package io.rootstock.trainer.imports;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.gguf.Gguf;
import io.rootstock.checkpoint.gguf.GgufModel;
import io.rootstock.checkpoint.gguf.GgufSplit;
import io.rootstock.checkpoint.gguf.GgufValidator;
import io.rootstock.checkpoint.huggingface.HuggingFaceDirectory;
import io.rootstock.checkpoint.tokenizer.LegacyTokenizer;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.files.FileTree;
import io.rootstock.llama.Llama;
import io.rootstock.trainer.export.Exporter;
import io.rootstock.trainer.export.Variant;
import io.rootstock.trainer.export.VariantExport;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Converts received files to the artifacts that a run exports: a Hugging Face directory, a GGUF file with float32
 * weights and its quantizations, plus the original file of a GGUF model. Tensors are converted in chunks, so memory use
 * does not depend on the model's size.
 */
final class ModelConversion {
    private final ArtifactStore store;
    private final int threads;
    private final Set<Variant> standard;

    /** @param standard GGUF files to store by default */
    ModelConversion(ArtifactStore store, int threads, Set<Variant> standard) {
        this.standard = Set.copyOf(standard);
        this.store = store;
        this.threads = threads;
    }

    Optional<ImportedModel> convert(
            Path folder,
            Path upload,
            List<String> ggufs,
            ImportSettings settings,
            Consumer<String> stage,
            BooleanSupplier wanted)
            throws IOException {
        Path model = folder.resolve("model");
        Optional<Path> original = original(folder, upload, ggufs);
        stage.accept("convert the weights to float32");
        if (original.isPresent()) {
            GgufModel.writeHuggingFace(original.get(), model, ModelConversion::toFloat);
        } else {
            // Models exported by earlier versions are upgraded.
            LegacyTokenizer.update(upload);
            HuggingFaceDirectory.copyAsFloat32(upload, model);
        }
        Path exact = folder.resolve("model.gguf");
        TokenizerFiles tokenizer = TokenizerFiles.read(model);
        ModelConfig config;
        try (HuggingFaceDirectory converted = HuggingFaceDirectory.read(model)) {
            if (!converted.labels().isEmpty()) {
                throw new RefusedImportException(
                        "config.json describes a classifier; only language models can be imported");
            }
            config = converted.config();
            stage.accept("write the GGUF file");
            Gguf.writeLlama(exact, config, converted.tensors(), tokenizer, settings.name());
        }
        Set<Variant> stored = settings.quantizations().orElse(standard);
        Set<Variant> variants =
                stored.stream().filter(variant -> variant != Variant.F32).collect(Collectors.toSet());
        Optional<VariantExport.Quantized> quantized = new VariantExport(
                        store, threads, wanted, progress -> stage.accept(progress.getStage()))
                .quantize(exact, variants, folder.resolve("quantized"));
        if (quantized.isEmpty() || !wanted.getAsBoolean()) {
            return Optional.empty();
        }
        stage.accept("store the files");
        List<Artifact> artifacts = new ArrayList<>();
        artifacts.add(
                artifact(ArtifactKind.ARTIFACT_KIND_HUGGING_FACE, store.putDirectory(model), FileTree.size(model))
                        .toBuilder()
                        .setSpecialTokens(Exporter.specialTokens(tokenizer.rule()))
                        .build());
        boolean none = quantized.get().files().isEmpty() && original.isEmpty();
        if (stored.contains(Variant.F32) || none) {
            artifacts.add(stored(ArtifactKind.ARTIFACT_KIND_GGUF_F32, exact));
        }
        for (Map.Entry<Variant, Path> file : quantized.get().files().entrySet()) {
            artifacts.add(stored(file.getKey().kind(), file.getValue()));
        }
        if (original.isPresent()) {
            artifacts.add(stored(ArtifactKind.ARTIFACT_KIND_GGUF_ORIGINAL, original.get()));
        }
        return Optional.of(new ImportedModel(
                artifacts,
                storeTokenizer(folder, original.isPresent() ? model : upload),
                config.shape(),
                !tokenizer.chatTemplate().isEmpty(),
                original.isPresent() ? ModelLicense.ofGguf(original.get()) : ModelLicense.ofDirectory(upload),
                quantized.get().messages()));
    }

    private static void toFloat(int type, MemorySegment source, MemorySegment target, long elements) {
        Llama.shared().type(type).toFloat(source, target, elements);
    }

    /** Returns the received GGUF file, joined if it was split; empty if a Hugging Face directory was received. */
    private static Optional<Path> original(Path folder, Path upload, List<String> ggufs) throws IOException {
        if (ggufs.isEmpty()) {
            return Optional.empty();
        }
        List<String> received;
        try (Stream<Path> files = Files.list(upload)) {
            received = files.map(file -> file.getFileName().toString()).toList();
        }
        List<String> parts = GgufSplit.names(ggufs.getFirst());
        for (String part : parts) {
            if (!received.contains(part)) {
                throw new RefusedImportException(part + " is missing: " + ggufs.getFirst() + " is one of "
                        + parts.size() + " parts of a model, and all are needed");
            }
        }
        if (received.size() > parts.size()) {
            throw new RefusedImportException("a GGUF model is one file, or all parts of one split model; other files"
                    + " were sent beside " + ggufs.getFirst());
        }
        if (parts.size() == 1) {
            Path file = upload.resolve(parts.getFirst());
            GgufValidator.validate(file);
            return Optional.of(file);
        }
        Path joined = folder.resolve("joined.gguf");
        GgufSplit.join(parts.stream().map(upload::resolve).toList(), joined);
        for (String part : parts) {
            Files.delete(upload.resolve(part));
        }
        GgufValidator.validate(joined);
        return Optional.of(joined);
    }

    /**
     * Creates and stores a GGUF file of a stored Hugging Face directory.
     *
     * @param folder an existing, empty directory
     * @return empty if the call was cancelled
     */
    Optional<Artifact> createGguf(
            Path folder,
            Digest huggingFace,
            Variant variant,
            String name,
            Consumer<String> stage,
            BooleanSupplier wanted)
            throws IOException {
        Path model = store.materialize(huggingFace, folder.resolve("model"));
        Path exact = folder.resolve("model.gguf");
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
        if (variant == Variant.F32) {
            return wanted.getAsBoolean() ? Optional.of(stored(variant.kind(), exact)) : Optional.empty();
        }
        Optional<VariantExport.Quantized> quantized = new VariantExport(
                        store, threads, wanted, progress -> stage.accept(progress.getStage()))
                .quantize(exact, Set.of(variant), folder.resolve("quantized"));
        if (quantized.isEmpty() || !wanted.getAsBoolean()) {
            return Optional.empty();
        }
        Path file = quantized.get().files().get(variant);
        if (file == null) {
            throw new RefusedImportException(String.join("; ", quantized.get().messages()));
        }
        return Optional.of(stored(variant.kind(), file));
    }

    private String storeTokenizer(Path folder, Path files) throws IOException {
        Path copy = Files.createDirectories(folder.resolve("tokenizer"));
        for (String part : TokenizerFiles.names(files)) {
            Files.copy(files.resolve(part), copy.resolve(part));
        }
        return store.putDirectory(copy).value();
    }

    private Artifact stored(ArtifactKind kind, Path file) throws IOException {
        return artifact(kind, store.putFile(file), Files.size(file));
    }

    private static Artifact artifact(ArtifactKind kind, Digest digest, long bytes) {
        return Artifact.newBuilder()
                .setKind(kind)
                .setDigest(digest.value())
                .setBytes(bytes)
                .build();
    }
}
