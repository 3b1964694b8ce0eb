package io.rootstock.checkpoint.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.sentencepiece.Piece;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** SentencePiece tokenizers in both forms of files, and those that llama.cpp would tokenize in another way. */
class PieceFilesTest {
    @TempDir
    private Path folder;

    @Test
    void bothFilesDescribeTheSameTokens() throws IOException {
        TokenizerFiles fast = TokenizerFiles.read(TinyPieces.tokenizer(folder.resolve("fast")));
        TokenizerFiles model = TokenizerFiles.read(TinyPieces.model(folder.resolve("model")));

        assertThat(fast.tokens()).isEqualTo(model.tokens()).hasSize(TinyPieces.VOCABULARY);
        assertThat(fast.rule()).isEqualTo(model.rule());
        assertThat(fast.rule().addBos()).isTrue();
        assertThat(fast.rule().addEos()).isFalse();
        assertThat(fast.rule().bosText()).isEqualTo("<s>");
        assertThat(fast.rule().eosId()).isEqualTo(2);
        assertThat(fast.addedTokens()).isEqualTo(model.addedTokens());
        assertThat(fast.preTokenizer()).isEqualTo("sentencepiece");
        assertThat(types(fast)).isEqualTo(types(model));
        assertThat(fast.pieces().orElseThrow().prefix()).isEqualTo(PieceForm.Prefix.EVERY_PART);
        assertThat(model.pieces().orElseThrow().prefix()).isEqualTo(PieceForm.Prefix.EVERY_PART);
        TokenizerFiles first = TokenizerFiles.read(TinyPieces.firstPart(folder.resolve("first")));
        assertThat(first.pieces().orElseThrow().prefix()).isEqualTo(PieceForm.Prefix.FIRST_PART);
        assertThat(fast.chatTemplate()).startsWith("{{ bos_token }}");
    }

    @Test
    void theScoresOfBothFilesMergeAsTheReferences() throws IOException {
        for (Path files :
                List.of(TinyPieces.tokenizer(folder.resolve("fast")), TinyPieces.model(folder.resolve("model")))) {
            TokenizerFiles tokenizer = TokenizerFiles.read(files);
            NaivePieces naive = new NaivePieces(tokenizer.pieces().orElseThrow());
            for (TinyPieces.Case example : TinyPieces.cases()) {
                assertThat(naive.encode(example.text()))
                        .as("tokens of '%s'", example.text())
                        .isEqualTo(example.ids());
                assertThat(tokenizer.text(example.ids()))
                        .as("text of the tokens of '%s'", example.text())
                        .isEqualTo(example.decoded());
            }
        }
    }

    @Test
    void bytesOfTokensAreThoseOfText() throws IOException {
        TokenizerFiles tokenizer = TokenizerFiles.read(TinyPieces.tokenizer(folder));
        List<byte[]> bytes = tokenizer.bytes();

        assertThat(bytes.get(1)).isEqualTo("<s>".getBytes(StandardCharsets.UTF_8));
        assertThat(bytes.get(3 + 0xE2)).containsExactly(0xE2);
        assertThat(bytes.get(tokenizer.tokens().indexOf(Piece.MARK + "the")))
                .isEqualTo(" the".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theFileWithMergesDecidesWhereBothExist() throws IOException {
        TinyPieces.tokenizer(folder);
        Files.writeString(folder.resolve(TokenizerFiles.SENTENCE_PIECE_MODEL), "damaged");

        assertThat(TokenizerFiles.names(folder))
                .containsExactly("tokenizer.json", "tokenizer.model", "tokenizer_config.json");
        assertThat(TokenizerFiles.definition(folder)).isEqualTo("tokenizer.json");
        assertThat(TokenizerFiles.read(folder).merges()).isNotEmpty();
    }

    static Stream<Arguments> unsupported() {
        return Stream.of(
                change(json -> model(json).put("type", "Unigram"), "model type 'Unigram'; model.type BPE is supported"),
                change(json -> model(json).put("byte_fallback", false), "model.byte_fallback is not true"),
                change(json -> model(json).put("ignore_merges", true), "model.ignore_merges is true"),
                change(json -> json.putObject("normalizer").put("type", "Precompiled"), "normalizer is ["),
                change(json -> json.putObject("normalizer").put("type", "NFKC"), "normalizer is ["),
                change(
                        json -> json.putObject("pre_tokenizer")
                                .put("type", "Metaspace")
                                .put("replacement", Piece.MARK)
                                .put("prepend_scheme", "always")
                                .put("split", false),
                        "prepend_scheme first or never and split false is supported"),
                change(
                        json -> json.putObject("pre_tokenizer")
                                .put("type", "Metaspace")
                                .put("replacement", Piece.MARK)
                                .put("prepend_scheme", "first")
                                .put("split", false),
                        "beside Metaspace; null is supported"),
                change(
                        json -> ((ObjectNode) json.at("/added_tokens/2")).put("normalized", true),
                        "added_tokens[2].normalized of '</s>' is true"),
                change(json -> model(json).withArray("merges").remove(4), "model.merges make the token"),
                change(
                        json -> model(json)
                                .withArray("merges")
                                .addArray()
                                .add("<0x41>")
                                .add("a"),
                        "has a merge whose sides or result are not tokens"),
                change(
                        json -> {
                            ObjectNode vocabulary = (ObjectNode) model(json).get("vocab");
                            vocabulary.remove(Piece.MARK + "an");
                            vocabulary.put("s>", 275);
                        },
                        "has a merge whose sides or result are not tokens"));
    }

    @ParameterizedTest
    @MethodSource("unsupported")
    void aTokenizerThatLlamaCppWouldReadInAnotherWayIsRefused(Consumer<ObjectNode> change, String reason)
            throws IOException {
        Path file = TinyPieces.tokenizer(folder).resolve(TokenizerFiles.TOKENIZER);
        ObjectNode json = (ObjectNode) Json.readObject(file);
        change.accept(json);
        Json.write(file, json);

        assertThatThrownBy(() -> TokenizerFiles.read(folder))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageContaining("tokenizer.json")
                .hasMessageContaining(reason);
    }

    @Test
    void aControlTokenThatTextCouldSpellIsRefused() throws IOException {
        Path file = TinyPieces.tokenizer(folder).resolve(TokenizerFiles.TOKENIZER);
        ObjectNode json = (ObjectNode) Json.readObject(file);
        json.withArray("added_tokens")
                .addObject()
                .put("id", TinyPieces.VOCABULARY)
                .put("content", "iner")
                .put("special", true);
        Json.write(file, json);

        assertThatThrownBy(() -> TokenizerFiles.read(folder))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageContaining("the token 480 'iner' of no other tokens, and llama.cpp")
                .hasMessageContaining("of 'in' and 'er'");
    }

    @Test
    void aTokenThatIsTooLongIsRefused() throws IOException {
        Path file = TinyPieces.tokenizer(folder).resolve(TokenizerFiles.TOKENIZER);
        ObjectNode json = (ObjectNode) Json.readObject(file);
        ((ObjectNode) model(json).get("vocab")).put("x".repeat(257), TinyPieces.VOCABULARY);
        Json.write(file, json);

        assertThatThrownBy(() -> TokenizerFiles.read(folder))
                .hasMessageContaining("the token 480 has 257 characters; SentencePiece tokens have at most 256");
    }

    @Test
    void aModelFileThatLlamaCppWouldReadInAnotherWayIsRefused() throws IOException {
        Path file = TinyPieces.model(folder).resolve(TokenizerFiles.CONFIGURATION);
        ObjectNode json = (ObjectNode) Json.readObject(file);
        json.putObject("added_tokens_decoder").putObject("480").put("content", "<pad>");
        Json.write(file, json);
        assertThatThrownBy(() -> TokenizerFiles.read(folder))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageContaining("tokenizer.model: has no piece of the token '<pad>'");

        // One piece "a", trainer_spec with model_type BPE and byte_fallback; blanks are collapsed by default.
        Files.write(
                folder.resolve(TokenizerFiles.SENTENCE_PIECE_MODEL),
                new byte[] {0x0A, 3, 0x0A, 1, 'a', 0x12, 5, 0x18, 2, (byte) 0x98, 2, 1});
        assertThatThrownBy(() -> TokenizerFiles.read(folder))
                .hasMessageContaining("normalizer_spec.remove_extra_whitespaces is true");
        Files.write(
                folder.resolve(TokenizerFiles.SENTENCE_PIECE_MODEL),
                new byte[] {0x0A, 3, 0x0A, 1, 'a', 0x12, 2, 0x18, 2});
        assertThatThrownBy(() -> TokenizerFiles.read(folder))
                .hasMessageContaining("trainer_spec.byte_fallback is not true");
        Files.write(
                folder.resolve(TokenizerFiles.SENTENCE_PIECE_MODEL),
                new byte[] {0x0A, 3, 0x0A, 1, 'a', 0x12, 2, 0x18, 1});
        assertThatThrownBy(() -> TokenizerFiles.read(folder))
                .hasMessageContaining("trainer_spec.model_type is not BPE");
    }

    private static List<Piece.Type> types(TokenizerFiles files) {
        return files.pieces().orElseThrow().pieces().stream().map(Piece::type).toList();
    }

    private static ObjectNode model(ObjectNode json) {
        return (ObjectNode) json.get("model");
    }

    private static Arguments change(Consumer<ObjectNode> change, String reason) {
        return Arguments.of(change, reason);
    }
}
