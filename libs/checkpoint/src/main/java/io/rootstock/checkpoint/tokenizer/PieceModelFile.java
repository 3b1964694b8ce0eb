package io.rootstock.checkpoint.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.sentencepiece.InvalidSentencePieceException;
import io.rootstock.checkpoint.sentencepiece.Piece;
import io.rootstock.checkpoint.sentencepiece.SentencePieceModel;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles.AddedToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a tokenizer without {@code tokenizer.json} from {@code tokenizer.model}, as transformers' LlamaTokenizer; rejects
 * models that llama.cpp would tokenize in another way.
 */
final class PieceModelFile {
    private static final String REMEDY = "; import the model with a tokenizer.json";

    private PieceModelFile() {}

    static TokenizerFiles read(Path file, JsonNode configuration, String chatTemplate) throws IOException {
        SentencePieceModel model;
        try {
            model = SentencePieceModel.read(file);
        } catch (InvalidSentencePieceException e) {
            throw new InvalidCheckpointException(e.getMessage(), e);
        }
        require(
                model.byteFallback(),
                file,
                "trainer_spec.byte_fallback is not true; llama.cpp ends its process at a character without a piece");
        require(
                !model.collapseBlanks(),
                file,
                "normalizer_spec.remove_extra_whitespaces is true; llama.cpp keeps all blanks of a text");
        List<String> tokens = new ArrayList<>();
        List<AddedToken> added = new ArrayList<>();
        for (Piece piece : model.pieces()) {
            int id = tokens.size();
            switch (piece.type()) {
                case CONTROL, UNKNOWN -> added.add(new AddedToken(piece.text(), id, true));
                case USER_DEFINED -> {
                    require(
                            !piece.text().contains(Piece.MARK),
                            file,
                            "pieces[" + id + "] '" + piece.text() + "' is USER_DEFINED and has a blank, which llama.cpp"
                                    + " searches before it marks blanks" + REMEDY);
                    added.add(new AddedToken(piece.text(), id, false));
                }
                case NORMAL, BYTE, UNUSED -> {}
            }
            tokens.add(piece.text());
        }
        Set<String> distinct = new HashSet<>(tokens);
        require(distinct.size() == tokens.size(), file, "has two pieces of the same text");
        configuration.path("added_tokens_decoder").properties().forEach(entry -> {
            String content = entry.getValue().path("content").asText();
            require(
                    distinct.contains(content) && tokens.indexOf(content) == Integer.parseInt(entry.getKey()),
                    file,
                    "has no piece of the token '" + content + "' that added_tokens_decoder in "
                            + TokenizerFiles.CONFIGURATION + " gives the id " + entry.getKey() + REMEDY);
        });
        new PieceScores(file, model.pieces()).requireServed();
        return new TokenizerFiles(
                tokens,
                List.of(),
                added,
                PieceForm.PRE_TOKENIZER,
                Optional.of(new PieceForm(
                        model.addPrefix() ? PieceForm.Prefix.EVERY_PART : PieceForm.Prefix.NONE, model.pieces())),
                false,
                false,
                chatTemplate,
                new SpecialTokenFiles(file, added, withDefaults(configuration)).ruleOfConfiguration());
    }

    /** Adds the tokens that LlamaTokenizer has where the configuration names none. */
    private static JsonNode withDefaults(JsonNode configuration) {
        ObjectNode complete = configuration.deepCopy();
        if (!complete.hasNonNull("bos_token")) {
            complete.put("bos_token", "<s>");
        }
        if (!complete.hasNonNull("eos_token")) {
            complete.put("eos_token", "</s>");
        }
        return complete;
    }

    private static void require(boolean condition, Path file, String otherwise) {
        if (!condition) {
            throw new InvalidCheckpointException(file + ": " + otherwise);
        }
    }
}
