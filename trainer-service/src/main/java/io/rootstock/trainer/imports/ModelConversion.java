package io.rootstock.trainer.imports;

import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.gguf.Gguf;
import io.rootstock.checkpoint.gguf.GgufModel;
import io.rootstock.checkpoint.gguf.GgufSplit;
import io.rootstock.checkpoint.gguf.GgufValidator;
import io.rootstock.checkpoint.huggingface.HuggingFaceDirectory;
import io.rootstock.checkpoint.tokenizer.LegacyTokenizer;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.llama.Llama;
import io.rootstock.trainer.export.Exporter;
import io.rootstock.trainer.imports.ImportProcess.Stage;
import io.rootstock.trainer.plan.Shapes;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.ImportModelResponse;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Converts received files to a Hugging Face directory, its tokenizer's directory and a GGUF file with float32 weights,
 * in the import's folder. Tensors are converted in chunks, so memory use does not depend on the model's size.
 *
 * @param folder the import's folder
 */
record ModelConversion(Path folder) {
    /** Directory of the received files. */
    static final String UPLOAD = "upload";
    /** Directory of the converted model. */
    static final String MODEL = "model";
    /** Directory of the tokenizer. */
    static final String TOKENIZER = "tokenizer";
    /** GGUF file with float32 weights. */
    static final String EXACT = "model.gguf";
    /** The received file, if it was split. */
    static final String JOINED = "joined.gguf";

    /**
     * Converts a model.
     *
     * @param name value of {@code general.name}
     * @param ggufs names of the received GGUF files; empty: a Hugging Face directory was received
     * @return architecture, chat template, license and the artifact with the special tokens, without its digest
     */
    ImportModelResponse convert(String name, List<String> ggufs) throws IOException {
        Path upload = folder.resolve(UPLOAD);
        Path model = folder.resolve(MODEL);
        Optional<Path> original = original(upload, ggufs);
        ImportProcess.begin(Stage.CONVERT_WEIGHTS);
        if (original.isPresent()) {
            GgufModel.writeHuggingFace(original.get(), model, ModelConversion::toFloat);
        } else {
            // Models exported by earlier versions are upgraded.
            LegacyTokenizer.update(upload);
            HuggingFaceDirectory.copyAsFloat32(upload, model);
        }
        TokenizerFiles tokenizer = TokenizerFiles.read(model);
        ModelConfig config;
        try (HuggingFaceDirectory converted = HuggingFaceDirectory.read(model)) {
            if (!converted.labels().isEmpty()) {
                throw new RefusedImportException(
                        "config.json describes a classifier; only language models can be imported");
            }
            config = converted.config();
            ImportProcess.begin(Stage.WRITE_GGUF);
            Gguf.writeLlama(folder.resolve(EXACT), config, converted.tensors(), tokenizer, name);
        }
        copyTokenizer(original.isPresent() ? model : upload);
        return ImportProcess.result(
                        original.isPresent() ? ModelLicense.ofGguf(original.get()) : ModelLicense.ofDirectory(upload))
                .setArchitecture(Shapes.architecture(config.shape()))
                .setChatTemplate(!tokenizer.chatTemplate().isEmpty())
                .addArtifacts(Artifact.newBuilder()
                        .setKind(ArtifactKind.ARTIFACT_KIND_HUGGING_FACE)
                        .setSpecialTokens(Exporter.specialTokens(tokenizer.rule())))
                .build();
    }

    private static void toFloat(int type, MemorySegment source, MemorySegment target, long elements) {
        Llama.shared().type(type).toFloat(source, target, elements);
    }

    /** Returns the received GGUF file, joined if it was split; empty if a Hugging Face directory was received. */
    private Optional<Path> original(Path upload, List<String> ggufs) throws IOException {
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
        Path joined = folder.resolve(JOINED);
        GgufSplit.join(parts.stream().map(upload::resolve).toList(), joined);
        for (String part : parts) {
            Files.delete(upload.resolve(part));
        }
        GgufValidator.validate(joined);
        return Optional.of(joined);
    }

    private void copyTokenizer(Path files) throws IOException {
        Path copy = Files.createDirectories(folder.resolve(TOKENIZER));
        for (String part : TokenizerFiles.names(files)) {
            Files.copy(files.resolve(part), copy.resolve(part));
        }
    }
}
