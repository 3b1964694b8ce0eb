package io.rootstock.tokenizer.catalogue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Imports the catalogue of an earlier release: files {@code <kind>/<id>.json} in the home's {@code tokenizer} folder. A file
 * is moved to {@code imported/<kind>} after its row is durable; a file that cannot be imported stays and is logged.
 */
final class FileImport {
    private static final Logger LOG = Logger.getLogger(FileImport.class);
    private static final String ENDING = ".json";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path folder;

    /** @param folder the home's {@code tokenizer} folder, which need not exist */
    FileImport(Path folder) {
        this.folder = folder;
    }

    /** Imports all files of a kind and returns their number. */
    <M extends Message> int run(String kind, Catalogue<M> catalogue) throws IOException, SQLException {
        Path files = folder.resolve(kind);
        if (!Files.isDirectory(files)) {
            return 0;
        }
        Path imported = Files.createDirectories(folder.resolve("imported").resolve(kind));
        int count = 0;
        for (Path file : list(files)) {
            if (restore(file, catalogue)) {
                Files.move(file, imported.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                count++;
            }
        }
        return count;
    }

    private static List<Path> list(Path files) throws IOException {
        try (Stream<Path> all = Files.list(files)) {
            return all.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.endsWith(ENDING) && !name.startsWith(".");
                    })
                    .sorted()
                    .toList();
        }
    }

    private static <M extends Message> boolean restore(Path file, Catalogue<M> catalogue)
            throws IOException, SQLException {
        String name = file.getFileName().toString();
        Catalogue.Entry<M> entry;
        try {
            entry = read(file, catalogue.prototype());
        } catch (JsonProcessingException | InvalidProtocolBufferException e) {
            LOG.errorf("%s is damaged and not imported into the database; repair it and restart the service", file);
            return false;
        }
        Catalogue.Entry<M> stored = catalogue.restore(
                name.substring(0, name.length() - ENDING.length()),
                entry,
                Files.getLastModifiedTime(file).toInstant());
        if (!stored.resource().equals(entry.resource())) {
            LOG.errorf("%s is not imported: the database has another resource of this id", file);
            return false;
        }
        return true;
    }

    @SuppressWarnings("unchecked") // A builder of the prototype's type builds that type.
    private static <M extends Message> Catalogue.Entry<M> read(Path file, M prototype) throws IOException {
        JsonNode root = JSON.readTree(Files.readAllBytes(file));
        Message.Builder builder = prototype.newBuilderForType();
        JsonFormat.parser().ignoringUnknownFields().merge(root.path("resource").toString(), builder);
        return new Catalogue.Entry<>(
                root.path("fingerprint").asText(), root.path("requestId").asText(), (M) builder.build());
    }
}
