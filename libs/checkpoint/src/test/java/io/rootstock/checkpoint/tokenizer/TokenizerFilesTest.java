package io.rootstock.checkpoint.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenizerFilesTest {
    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        TinyModel.tokenizer(folder);
    }

    @Test
    void readsTokensMergesAndIds() throws IOException {
        TokenizerFiles files = TokenizerFiles.read(folder);

        assertThat(files.vocabularySize()).isEqualTo(TinyModel.VOCABULARY);
        assertThat(files.tokens().get(0)).isEqualTo("Ā");
        assertThat(files.tokens().get('A')).isEqualTo("A");
        assertThat(files.merges()).containsExactly("t h", "th e");
        assertThat(files.specialTokens())
                .extracting(TokenizerFiles.AddedToken::content)
                .isEqualTo(TinyModel.SPECIAL);
        assertThat(files.isSpecial(261)).isTrue();
        assertThat(files.isSpecial(257)).isFalse();
        assertThat(files.preTokenizer()).isEqualTo("gpt2");
        assertThat(files.chatTemplate()).isEqualTo("{{ messages }}");
    }

    @Test
    void tokensAreTextAgain() throws IOException {
        TokenizerFiles files = TokenizerFiles.read(folder);
        // Tokens 0 to 255 are the bytes; 0xC3 0xA9 is an e with an acute, 0xA9 alone is no UTF-8.
        assertThat(files.text(new int[] {'A', ' ', 0xC3, 0xA9, '\n', 0xA9, 261}))
                .isEqualTo("A \u00e9\n\ufffd<|im_end|>");
    }

    @Test
    void readsMergesAsPairsAndSpecialTokensOutsideTheVocabulary() throws IOException {
        change(json -> {
            ObjectNode model = (ObjectNode) json.get("model");
            model.putArray("merges").addArray().add("t").add("h");
            TinyModel.SPECIAL.forEach(special -> ((ObjectNode) model.get("vocab")).remove(special));
        });
        TokenizerFiles files = TokenizerFiles.read(folder);

        assertThat(files.merges()).containsExactly("t h");
        assertThat(files.tokens().get(261)).isEqualTo("<|im_end|>");
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                damage(json -> json.remove("model"), "type BPE"),
                damage(json -> vocabulary(json).remove("A"), "0..261"),
                damage(json -> vocabulary(json).put("A", 66), "each once"),
                damage(json -> vocabulary(json).put("A", -1), "each once"),
                damage(json -> vocabulary(json).put("A", "x"), "no id"),
                damage(json -> vocabulary(json).put("B", 300), "each once"),
                damage(
                        json -> {
                            vocabulary(json).remove("A");
                            vocabulary(json).put("other", 65);
                        },
                        "no token for the byte A"),
                damage(
                        json -> ((ObjectNode) json.get("model"))
                                .putArray("merges")
                                .add("x yz"),
                        "not tokens"),
                damage(
                        json -> ((ObjectNode) json.get("model"))
                                .putArray("merges")
                                .add("xy"),
                        "not tokens"),
                damage(json -> ((ObjectNode) json.get("added_tokens").get(0)).put("id", 3), "two ids"),
                damage(json -> json.putArray("added_tokens"), "no special token"),
                damage(
                        json -> ((ObjectNode) json.get("model")).put("byte_fallback", true),
                        "of SentencePiece tokenizers"),
                damage(json -> json.putObject("normalizer").put("type", "NFKC"), "the normalizer 'NFKC'"),
                damage(
                        json -> ((ObjectNode) json.get("added_tokens").get(1)).put("lstrip", true),
                        "states lstrip for the added token '<|end_of_text|>'"));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void refusesADamagedTokenizer(Consumer<ObjectNode> damage, String reason) throws IOException {
        change(damage);

        assertThatThrownBy(() -> TokenizerFiles.read(folder))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageContaining("tokenizer.json")
                .hasMessageContaining(reason);
    }

    private void change(Consumer<ObjectNode> change) throws IOException {
        Path file = folder.resolve(TokenizerFiles.TOKENIZER);
        ObjectNode json = (ObjectNode) Json.readObject(file);
        change.accept(json);
        Json.write(file, json);
    }

    private static ObjectNode vocabulary(ObjectNode json) {
        return (ObjectNode) json.get("model").get("vocab");
    }

    private static Arguments damage(Consumer<ObjectNode> damage, String reason) {
        return Arguments.of(damage, reason);
    }
}
