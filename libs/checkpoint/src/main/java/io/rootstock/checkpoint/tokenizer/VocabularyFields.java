package io.rootstock.checkpoint.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles.AddedToken;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code added_tokens}, {@code model.vocab} and {@code model.merges} of a {@code tokenizer.json}. */
final class VocabularyFields {
    private VocabularyFields() {}

    static List<AddedToken> addedTokens(Path file, JsonNode list) {
        List<AddedToken> added = new ArrayList<>();
        for (JsonNode token : list) {
            String content = token.path("content").asText();
            require(!content.isEmpty() && token.path("id").isInt(), file, "has an added token without content or id");
            for (String rule : List.of("lstrip", "rstrip", "single_word")) {
                require(
                        !token.path(rule).asBoolean(false),
                        file,
                        "states " + rule + " for the added token '" + content + "', which is not supported");
            }
            added.add(new AddedToken(
                    content, token.path("id").intValue(), token.path("special").asBoolean(true)));
        }
        added.sort((a, b) -> Integer.compare(a.id(), b.id()));
        return added;
    }

    static List<String> tokens(Path file, JsonNode vocabulary, List<AddedToken> added) {
        require(vocabulary.isObject(), file, "has no vocab");
        List<String> names = new ArrayList<>();
        List<Integer> ids = new ArrayList<>();
        vocabulary.properties().forEach(field -> {
            require(field.getValue().isInt(), file, "gives token '" + field.getKey() + "' no id");
            names.add(field.getKey());
            ids.add(field.getValue().intValue());
        });
        for (AddedToken token : added) {
            JsonNode known = vocabulary.path(token.content());
            if (known.isMissingNode()) {
                names.add(token.content());
                ids.add(token.id());
            } else {
                require(known.intValue() == token.id(), file, "gives '" + token.content() + "' two ids");
            }
        }
        String[] byId = new String[ids.size()];
        for (int i = 0; i < byId.length; i++) {
            int id = ids.get(i);
            require(
                    id >= 0 && id < byId.length && byId[id] == null,
                    file,
                    "has ids that are not 0.." + (byId.length - 1) + ", each once: " + id);
            byId[id] = names.get(i);
        }
        return List.of(byId);
    }

    /** Rejects a vocabulary in the byte alphabet that lacks a necessary byte. */
    static void requireBytes(Path file, List<String> tokens) {
        Set<String> known = Set.copyOf(tokens);
        Optional<String> missing = ByteAlphabet.letters().stream()
                .filter(letter -> ByteAlphabet.necessary(letter) && !known.contains(letter))
                .findFirst();
        require(missing.isEmpty(), file, "has no token for the byte " + missing.orElse(""));
    }

    static List<String> merges(Path file, JsonNode list, Set<String> tokens) {
        List<String> merges = new ArrayList<>();
        for (JsonNode merge : list) {
            String[] sides = merge.isArray() && merge.size() == 2
                    ? new String[] {merge.get(0).asText(), merge.get(1).asText()}
                    : merge.asText().split(" ", -1);
            require(
                    sides.length == 2
                            && tokens.contains(sides[0])
                            && tokens.contains(sides[1])
                            && tokens.contains(sides[0] + sides[1]),
                    file,
                    "has a merge whose sides or result are not tokens: " + merge);
            merges.add(sides[0] + " " + sides[1]);
        }
        return merges;
    }

    private static void require(boolean condition, Path file, String otherwise) {
        if (!condition) {
            throw new InvalidCheckpointException(file + " " + otherwise);
        }
    }
}
