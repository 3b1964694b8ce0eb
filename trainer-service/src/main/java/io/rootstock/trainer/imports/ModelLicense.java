package io.rootstock.trainer.imports;

import io.rootstock.checkpoint.gguf.GgufModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The license identifier that the files of a model state. */
final class ModelLicense {
    /** Model card of Hugging Face; its metadata is YAML between two lines of three hyphens. */
    private static final String CARD = "README.md";

    private static final int CARD_BYTES = 1 << 20;
    private static final Pattern METADATA =
            Pattern.compile("\\A\\uFEFF?---\\R(.*?)^---\\s*$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern LICENSE =
            Pattern.compile("^license:(?:\\s*\\R\\s*-)?[ \\t]*[\"']?([^\"'\\s#]+)", Pattern.MULTILINE);
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9.+-]{1,64}");

    private ModelLicense() {}

    /** Reads the model card of a directory; empty without a card or an identifier in it. */
    static Optional<String> ofDirectory(Path directory) throws IOException {
        Path card = directory.resolve(CARD);
        if (!Files.exists(card)) {
            return Optional.empty();
        }
        try (InputStream input = Files.newInputStream(card)) {
            Matcher metadata = METADATA.matcher(new String(input.readNBytes(CARD_BYTES), StandardCharsets.UTF_8));
            Matcher license = LICENSE.matcher(metadata.find() ? metadata.group(1) : "");
            return license.find() ? identifier(license.group(1)) : Optional.empty();
        }
    }

    /** Reads {@code general.license}; empty without an identifier. */
    static Optional<String> ofGguf(Path file) throws IOException {
        return GgufModel.license(file).flatMap(ModelLicense::identifier);
    }

    private static Optional<String> identifier(String text) {
        return IDENTIFIER.matcher(text).matches() ? Optional.of(text) : Optional.empty();
    }
}
