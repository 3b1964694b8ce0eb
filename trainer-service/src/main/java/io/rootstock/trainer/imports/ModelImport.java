package io.rootstock.trainer.imports;

import io.rootstock.artifacts.Digest;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.files.FileTree;
import io.rootstock.trainer.v1.ImportModelResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * One import: receives files one after the other, then validates and converts them. No artifact is stored before
 * validation succeeds. Not thread-safe. {@link #close} deletes the received files.
 */
public final class ModelImport implements AutoCloseable {
    static final String GGUF = ".gguf";
    private static final String CONFIG = "config.json";
    private static final long FIRST_HEADER_CHECK_BYTES = 1 << 20;

    /** Accepted file names; none contains a path separator. */
    private static final Pattern NAMES = Pattern.compile(
            "config\\.json|adapter_config\\.json|generation_config\\.json|tokenizer\\.json|tokenizer\\.model|tokenizer_config\\.json"
                    + "|chat_template\\.jinja|README\\.md|model\\.safetensors\\.index\\.json"
                    + "|[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\\.safetensors"
                    + "|[A-Za-z0-9_][A-Za-z0-9._+() -]{0,200}\\.gguf");

    private final Path folder;
    private final Path upload;
    private final ConfinedConversion conversion;
    private final ImportStorage storage;
    private final Consumer<ModelImport> ended;
    private final List<String> ggufs = new ArrayList<>();
    private ImportSettings settings = ImportSettings.DEFAULT;
    private String name = "";
    private FileChannel file;
    private long written;
    private long nextHeaderCheck;
    private boolean headerChecked;

    /**
     * Creates an import.
     *
     * @param ended called when the import is closed
     */
    ModelImport(Path folder, ConfinedConversion conversion, ImportStorage storage, Consumer<ModelImport> ended) {
        this.folder = folder;
        this.upload = folder.resolve(ModelConversion.UPLOAD);
        this.conversion = conversion;
        this.storage = storage;
        this.ended = ended;
    }

    /** Sets the options; must be called before the first file. */
    public void settings(ImportSettings given) {
        if (Files.exists(upload)) {
            throw new RefusedImportException("options must be sent before the first file");
        }
        settings = given;
    }

    /**
     * Starts the next file. Validates the previous file if it is config.json, so that an unsupported model is rejected
     * early.
     */
    public void file(String fileName) throws IOException {
        endFile();
        if (!NAMES.matcher(fileName).matches()) {
            throw new RefusedImportException(
                    "'" + fileName + "' is not a model file; accepted files are *.gguf, or config.json,"
                            + " adapter_config.json, tokenizer.json, tokenizer.model, tokenizer_config.json, chat_template.jinja,"
                            + " generation_config.json, README.md, model.safetensors.index.json and *.safetensors");
        }
        Files.createDirectories(upload);
        Path target = upload.resolve(fileName);
        if (Files.exists(target)) {
            throw new RefusedImportException(fileName + " was sent twice");
        }
        name = fileName;
        file = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        written = 0;
        nextHeaderCheck = FIRST_HEADER_CHECK_BYTES;
        headerChecked = !fileName.endsWith(GGUF)
                || !ggufs.isEmpty()
                || settings.adapterBase().isPresent();
        if (fileName.endsWith(GGUF)) {
            ggufs.add(fileName);
        }
    }

    /** Appends bytes to the current file; validates the header of a GGUF file as soon as it is complete. */
    public void write(ByteBuffer bytes) throws IOException {
        if (file == null) {
            throw new RefusedImportException("a file's name must be sent before its bytes");
        }
        written += bytes.remaining();
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
        if (!headerChecked && written >= nextHeaderCheck) {
            checkHeader();
            nextHeaderCheck = written * 4;
        }
    }

    /**
     * Validates, converts and stores the model.
     *
     * @param stage receives the name of each stage
     * @param wanted polled regularly; false cancels the import
     * @return empty if the import was cancelled
     */
    public Optional<ImportModelResponse> finish(Consumer<String> stage, BooleanSupplier wanted) throws IOException {
        endFile();
        if (!Files.exists(upload)) {
            throw new RefusedImportException("no file was sent");
        }
        try {
            Optional<Digest> base = settings.adapterBase();
            Optional<Path> baseFile = base.map(storage::base);
            Optional<ImportModelResponse> converted =
                    conversion.convert(folder, ggufs, settings, baseFile, stage, wanted);
            if (converted.isEmpty()) {
                return Optional.empty();
            }
            return base.isPresent()
                    ? Optional.of(storage.adapter(folder, converted.get(), base.get(), baseFile.orElseThrow(), stage))
                    : storage.model(folder, converted.get(), ggufs, settings, stage, wanted);
        } catch (InvalidCheckpointException | IllegalArgumentException e) {
            throw refused(e);
        }
    }

    private void endFile() throws IOException {
        if (file == null) {
            return;
        }
        file.close();
        file = null;
        if (name.equals(CONFIG)) {
            try {
                conversion.checkConfig(folder, upload.resolve(CONFIG));
            } catch (InvalidCheckpointException e) {
                throw refused(e);
            }
        }
    }

    private void checkHeader() throws IOException {
        try {
            headerChecked = conversion.checkHeader(folder, upload.resolve(name));
        } catch (InvalidCheckpointException e) {
            throw new RefusedImportException(name + ": " + e.getMessage());
        }
    }

    /** Creates a rejection whose message contains the client's file names. */
    private RefusedImportException refused(RuntimeException e) {
        String message =
                String.valueOf(e.getMessage()).replace(upload + "/", "").replace(upload.toString(), "the model");
        boolean named = ggufs.isEmpty() || ggufs.stream().anyMatch(message::contains);
        return new RefusedImportException(named ? message : ggufs.getFirst() + ": " + message);
    }

    @Override
    public void close() {
        try {
            if (file != null) {
                file.close();
                file = null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + name, e);
        } finally {
            FileTree.delete(folder);
            ended.accept(this);
        }
    }
}
