package io.rootstock.trainer.imports;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.checkpoint.EarlierTokenizer;
import io.rootstock.checkpoint.HuggingFaceDirectory;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.LlamaConfig;
import io.rootstock.checkpoint.TokenizerFiles;
import io.rootstock.trainer.export.Exporter;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.v1.Artifact;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One import: files one after the other, then the check and the conversion. Nothing is stored before all of it is found
 * good. Used by one thread at a time; close it to remove the files.
 */
public final class ModelImport implements AutoCloseable {
    private static final String CONFIG = "config.json";

    /** Names that are read, none of which leads out of the folder. */
    private static final Pattern NAMES =
            Pattern.compile("config\\.json|generation_config\\.json|tokenizer\\.json|tokenizer_config\\.json"
                    + "|chat_template\\.jinja|model\\.safetensors\\.index\\.json"
                    + "|[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\\.safetensors");

    private final Path folder;
    private final Path upload;
    private final ArtifactStore store;
    private String name = "";
    private OutputStream file;

    ModelImport(Path folder, ArtifactStore store) {
        this.folder = folder;
        this.upload = folder.resolve("upload");
        this.store = store;
    }

    /**
     * What was imported.
     *
     * @param artifacts the model, as a run exports it
     * @param tokenizer digest of its tokenizer's directory
     * @param config its shape
     * @param chat whether it has a chat template
     */
    public record Imported(List<Artifact> artifacts, String tokenizer, LlamaConfig config, boolean chat) {}

    /** Begins the next file; the one before is looked at if it is the configuration, so that a refusal comes early. */
    public void file(String fileName) throws IOException {
        endFile();
        if (!NAMES.matcher(fileName).matches()) {
            throw new RefusedImportException("'" + fileName + "' is no file of a model; those are config.json,"
                    + " tokenizer.json, tokenizer_config.json, chat_template.jinja, generation_config.json,"
                    + " model.safetensors.index.json and *.safetensors");
        }
        Files.createDirectories(upload);
        Path target = upload.resolve(fileName);
        if (Files.exists(target)) {
            throw new RefusedImportException(fileName + " was sent twice");
        }
        name = fileName;
        file = Files.newOutputStream(target);
    }

    /** The open file, to which its bytes are written. */
    public OutputStream bytes() {
        if (file == null) {
            throw new RefusedImportException("a file's name must be sent before its bytes");
        }
        return file;
    }

    /** Checks and stores everything. */
    public Imported finish() throws IOException {
        endFile();
        updateTokenizer();
        try (HuggingFaceDirectory model = HuggingFaceDirectory.read(upload)) {
            if (!model.labels().isEmpty()) {
                throw new RefusedImportException(
                        "config.json states a classifier; language models are imported, and fine-tuned to classifiers");
            }
            TokenizerFiles tokenizer = TokenizerFiles.read(upload);
            LlamaConfig config = model.config();
            Exporter exporter = new Exporter(new RunDirectory(folder), store);
            List<Artifact> artifacts = exporter.export(new Exporter.Model(
                    config,
                    model.tensors(),
                    Optional.empty(),
                    upload,
                    HuggingFaceDirectory.generation(upload),
                    List.of(),
                    config.contextLength()));
            return new Imported(
                    artifacts,
                    storeTokenizer(),
                    config,
                    !tokenizer.chatTemplate().isEmpty());
        } catch (InvalidCheckpointException | IllegalArgumentException e) {
            throw refused(e);
        }
    }

    /** A model that an earlier version exported is exported again by importing it. */
    private void updateTokenizer() throws IOException {
        try {
            EarlierTokenizer.update(upload);
        } catch (InvalidCheckpointException e) {
            throw refused(e);
        }
    }

    private String storeTokenizer() throws IOException {
        Path copy = Files.createDirectories(folder.resolve("tokenizer"));
        for (String part : TokenizerFiles.names(upload)) {
            Files.copy(upload.resolve(part), copy.resolve(part));
        }
        return store.putDirectory(copy).value();
    }

    private void endFile() throws IOException {
        if (file == null) {
            return;
        }
        file.close();
        file = null;
        if (name.equals(CONFIG)) {
            try {
                HuggingFaceDirectory.readConfig(upload.resolve(CONFIG));
            } catch (InvalidCheckpointException e) {
                throw refused(e);
            }
        }
    }

    /** Files are named as the client named them. */
    private RefusedImportException refused(RuntimeException e) {
        String message =
                String.valueOf(e.getMessage()).replace(upload + "/", "").replace(upload.toString(), "the model");
        return new RefusedImportException(message);
    }

    @Override
    public void close() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + name, e);
        } finally {
            ModelImports.delete(folder);
        }
    }
}
