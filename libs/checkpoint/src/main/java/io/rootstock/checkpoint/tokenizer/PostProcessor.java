package io.rootstock.checkpoint.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule.Token;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tokens that {@code post_processor} of a {@code tokenizer.json} adds around a text: none, {@code ByteLevel} (adds
 * none), {@code TemplateProcessing}, or a {@code Sequence} of these.
 *
 * @param before tokens added before a text
 * @param after tokens added after a text
 */
record PostProcessor(Optional<Token> before, Optional<Token> after) {
    private static final PostProcessor NONE = new PostProcessor(Optional.empty(), Optional.empty());

    static PostProcessor read(Path file, JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return NONE;
        }
        String type = json.path("type").asText();
        return switch (type) {
            case "ByteLevel" -> NONE;
            case "TemplateProcessing" -> template(file, json);
            case "Sequence" -> {
                List<PostProcessor> adding = new ArrayList<>();
                for (JsonNode step : json.path("processors")) {
                    PostProcessor processor = read(file, step);
                    if (!processor.equals(NONE)) {
                        adding.add(processor);
                    }
                }
                require(adding.size() <= 1, file, "has a post_processor with two templates; one is supported");
                yield adding.isEmpty() ? NONE : adding.getFirst();
            }
            default ->
                throw new InvalidCheckpointException(file + " states the post_processor '" + type
                        + "'; ByteLevel, TemplateProcessing and a Sequence of them are supported");
        };
    }

    /** Writes ByteLevel, which only affects offsets, then a template of these tokens, if there are any. */
    static ObjectNode toJson(Optional<Token> before, Optional<Token> after) {
        ObjectNode byteLevel = Json.MAPPER
                .createObjectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", false);
        if (before.isEmpty() && after.isEmpty()) {
            return byteLevel;
        }
        ObjectNode template = Json.MAPPER.createObjectNode().put("type", "TemplateProcessing");
        putText(template.putArray("single"), "A", 0, before, after);
        ArrayNode pair = template.putArray("pair");
        putText(pair, "A", 0, before, after);
        putText(pair, "B", 1, before, after);
        ObjectNode tokens = template.putObject("special_tokens");
        Stream.concat(before.stream(), after.stream()).distinct().forEach(token -> {
            ObjectNode named = tokens.putObject(token.text()).put("id", token.text());
            named.putArray("ids").add(token.id());
            named.putArray("tokens").add(token.text());
        });
        ObjectNode sequence = Json.MAPPER.createObjectNode().put("type", "Sequence");
        sequence.putArray("processors").add(byteLevel).add(template);
        return sequence;
    }

    private static void putText(
            ArrayNode pieces, String text, int typeId, Optional<Token> before, Optional<Token> after) {
        before.ifPresent(token -> putPiece(pieces, "SpecialToken", token.text(), typeId));
        putPiece(pieces, "Sequence", text, typeId);
        after.ifPresent(token -> putPiece(pieces, "SpecialToken", token.text(), typeId));
    }

    private static void putPiece(ArrayNode pieces, String kind, String id, int typeId) {
        pieces.addObject().putObject(kind).put("id", id).put("type_id", typeId);
    }

    private static PostProcessor template(Path file, JsonNode json) {
        List<Token> before = new ArrayList<>();
        List<Token> after = new ArrayList<>();
        boolean text = false;
        for (JsonNode piece : json.path("single")) {
            if (piece.has("Sequence")) {
                require(!text, file, "has a post_processor whose template holds the text twice");
                text = true;
            } else {
                (text ? after : before)
                        .add(token(file, json, piece.at("/SpecialToken/id").asText()));
            }
        }
        require(
                text && before.size() <= 1 && after.size() <= 1,
                file,
                "has a post_processor whose template is not [BOS] text [EOS], with at most one token on each side: "
                        + json.path("single"));
        return new PostProcessor(before.stream().findFirst(), after.stream().findFirst());
    }

    private static Token token(Path file, JsonNode json, String name) {
        JsonNode token = json.path("special_tokens").path(name);
        require(
                token.path("ids").size() == 1 && token.path("ids").path(0).isInt(),
                file,
                "has a post_processor whose special token '" + name + "' is not one token");
        return new Token(
                token.path("ids").path(0).intValue(),
                token.path("tokens").path(0).asText(name));
    }

    private static void require(boolean condition, Path file, String otherwise) {
        if (!condition) {
            throw new InvalidCheckpointException(file + " " + otherwise);
        }
    }
}
