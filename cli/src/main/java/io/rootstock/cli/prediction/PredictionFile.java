package io.rootstock.cli.prediction;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.cli.error.CliException;
import io.rootstock.tokenizer.v1.SourceMessage;
import io.rootstock.tokenizer.v1.SourceRow;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A file with one prediction per line, as tab-separated values with a header, or as JSON Lines. */
public final class PredictionFile implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> FIELDS = List.of("file", "line", "expected", "predicted", "probability", "text");

    private final Path file;
    private final BufferedWriter writer;
    private final boolean tsv;

    private PredictionFile(Path file, BufferedWriter writer, boolean tsv) {
        this.file = file;
        this.writer = writer;
        this.tsv = tsv;
    }

    /** Whether the name has a supported extension. */
    public static boolean isSupported(Path file) {
        return isTsv(file) || file.toString().endsWith(".jsonl");
    }

    private static boolean isTsv(Path file) {
        return file.toString().endsWith(".tsv");
    }

    /**
     * Creates the file.
     *
     * @throws CliException if it exists or cannot be created
     */
    public static PredictionFile create(Path file) {
        try {
            PredictionFile predictions =
                    new PredictionFile(file, Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW), isTsv(file));
            if (predictions.tsv) {
                predictions.writer.write(String.join("\t", FIELDS) + "\n");
            }
            return predictions;
        } catch (FileAlreadyExistsException e) {
            throw new CliException(
                    "--output-file " + file + " already exists", "choose another name or remove the file");
        } catch (IOException e) {
            throw new CliException("cannot write --output-file " + file + ": " + e.getMessage(), "check the path");
        }
    }

    /** Writes a prediction. */
    public void write(Prediction.Answered prediction) {
        try {
            writer.write(tsv ? tsv(prediction) : JSON.writeValueAsString(fields(prediction)));
            writer.write('\n');
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static Map<String, Object> fields(Prediction.Answered prediction) {
        SourceRow row = prediction.row();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("file", row.getFile());
        fields.put("line", row.getLine());
        if (row.hasExpected()) {
            fields.put("expected", row.getExpected());
        }
        fields.put("predicted", prediction.text());
        prediction.probability().ifPresent(probability -> fields.put("probability", probability));
        if (row.getMessagesCount() == 0) {
            fields.put("text", row.getText());
        } else {
            fields.put(
                    "messages",
                    row.getMessagesList().stream().map(PredictionFile::fields).toList());
        }
        return fields;
    }

    private static Map<String, String> fields(SourceMessage message) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("role", message.getRole());
        fields.put("content", message.getContent());
        return fields;
    }

    private static String tsv(Prediction.Answered prediction) {
        Map<String, Object> fields = fields(prediction);
        fields.computeIfAbsent(
                "text",
                name -> prediction.row().getMessagesList().stream()
                        .map(SourceMessage::getContent)
                        .collect(Collectors.joining(" ")));
        return FIELDS.stream()
                .map(name -> String.valueOf(fields.getOrDefault(name, "")).replaceAll("[\\t\\r\\n]+", " "))
                .collect(Collectors.joining("\t"));
    }

    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
