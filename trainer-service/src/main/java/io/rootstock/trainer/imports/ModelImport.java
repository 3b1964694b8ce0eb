package io.rootstock.trainer.imports;

import io.rootstock.checkpoint.GgufModel;
import io.rootstock.checkpoint.HuggingFaceDirectory;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.trainer.export.Variant;
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
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * One import: receives files one after the other, then checks and converts them. Nothing is stored before all of it is found
 * good. Used by one thread at a time; close it to remove the files.
 */
public final class ModelImport implements AutoCloseable {
    static final String GGUF = ".gguf";
    private static final String CONFIG = "config.json";
    private static final long FIRST_HEADER_CHECK_BYTES = 1 << 20;

    /** Names that are read, none of which leads out of the folder. */
    private static final Pattern NAMES =
            Pattern.compile("config\\.json|generation_config\\.json|tokenizer\\.json|tokenizer_config\\.json"
                    + "|chat_template\\.jinja|model\\.safetensors\\.index\\.json"
                    + "|[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\\.safetensors"
                    + "|[A-Za-z0-9_][A-Za-z0-9._+() -]{0,200}\\.gguf");

    private final Path folder;
    private final Path upload;
    private final ModelConversion conversion;
    private final List<String> ggufs = new ArrayList<>();
    private Optional<Set<Variant>> quantizations = Optional.empty();
    private String name = "";
    private FileChannel file;
    private long written;
    private long nextHeaderCheck;
    private boolean headerChecked;

    ModelImport(Path folder, ModelConversion conversion) {
        this.folder = folder;
        this.upload = folder.resolve("upload");
        this.conversion = conversion;
    }

    /** States which quantizations to make; before the first file. */
    public void quantizations(Set<Variant> variants) {
        if (Files.exists(upload)) {
            throw new RefusedImportException("options must be sent before the first file");
        }
        quantizations = Optional.of(Set.copyOf(variants));
    }

    /** Begins the next file; the one before is checked if it is the configuration, so that a refusal comes early. */
    public void file(String fileName) throws IOException {
        endFile();
        if (!NAMES.matcher(fileName).matches()) {
            throw new RefusedImportException(
                    "'" + fileName + "' is no file of a model; those are *.gguf, or config.json,"
                            + " tokenizer.json, tokenizer_config.json, chat_template.jinja, generation_config.json,"
                            + " model.safetensors.index.json and *.safetensors");
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
        headerChecked = !fileName.endsWith(GGUF) || !ggufs.isEmpty();
        if (fileName.endsWith(GGUF)) {
            ggufs.add(fileName);
        }
    }

    /** Writes bytes of the open file; of a GGUF file the header is checked as soon as it is there. */
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
            nextHeaderCheck = written * 2;
        }
    }

    /**
     * Checks, converts and stores everything.
     *
     * @param stage is told what is being done
     * @param wanted asked now and then; false ends it
     * @return none where it is not wanted any more
     */
    public Optional<ImportedModel> finish(Consumer<String> stage, BooleanSupplier wanted) throws IOException {
        endFile();
        if (!Files.exists(upload)) {
            throw new RefusedImportException("no file was sent");
        }
        try {
            return conversion.convert(folder, upload, ggufs, quantizations, stage, wanted);
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
                HuggingFaceDirectory.readConfig(upload.resolve(CONFIG));
            } catch (InvalidCheckpointException e) {
                throw refused(e);
            }
        }
    }

    private void checkHeader() throws IOException {
        try {
            headerChecked = GgufModel.checkHeader(upload.resolve(name));
        } catch (InvalidCheckpointException e) {
            throw new RefusedImportException(name + ": " + e.getMessage());
        }
    }

    /** Files are named as the client named them. */
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
            ModelImports.delete(folder);
        }
    }
}
