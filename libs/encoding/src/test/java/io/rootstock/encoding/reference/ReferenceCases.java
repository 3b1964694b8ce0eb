package io.rootstock.encoding.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** Frozen results of other tokenizers, in the resources of this package. */
public final class ReferenceCases {
    private ReferenceCases() {}

    /**
     * A text with its tokens and their text.
     *
     * @param ids tokens of the text
     * @param decoded text of the tokens, without special tokens
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Case(String text, int[] ids, String decoded) {}

    /** Returns the path of a file. */
    public static Path file(String name) {
        try {
            return Path.of(ReferenceCases.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads cases. */
    public static List<Case> read(String name) throws IOException {
        JsonMapper json = JsonMapper.builder().build();
        List<Case> cases = new ArrayList<>();
        for (String line : Files.readAllLines(file(name))) {
            JsonNode node = json.readTree(line);
            cases.add(new Case(
                    node.path("text").textValue(),
                    StreamSupport.stream(node.path("ids").spliterator(), false)
                            .mapToInt(JsonNode::intValue)
                            .toArray(),
                    node.path("decoded").textValue()));
        }
        return cases;
    }
}
