package io.rootstock.encoding.sentencepiece;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.checkpoint.sentencepiece.InvalidSentencePieceException;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.reference.ReferenceCases;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentencePieceFileTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"llama", "unknown", "plain"})
    void idsAndTextsAreThoseOfSentencePiece(String name) throws IOException {
        PieceTokenizer tokenizer = SentencePieceFile.read(ReferenceCases.file(name + ".model"));
        for (ReferenceCases.Case example : ReferenceCases.read(name + ".jsonl")) {
            assertThat(tokenizer.encode(example.text(), SpecialTokenPolicy.AS_TEXT))
                    .as("tokens of '%s'", example.text())
                    .isEqualTo(example.ids());
            assertThat(new String(tokenizer.decode(example.ids(), true), StandardCharsets.UTF_8))
                    .as("text of the tokens of '%s'", example.text())
                    .isEqualTo(example.decoded());
        }
    }

    @Test
    void bytesThatAreNotUtf8ComeBack() throws IOException {
        PieceTokenizer tokenizer = SentencePieceFile.read(ReferenceCases.file("llama.model"));
        byte[] bytes = {'k', 'a', (byte) 0xFF, (byte) 0xE2, (byte) 0x82, ' ', (byte) 0xC0, 't', 'o'};
        assertThat(tokenizer.decode(tokenizer.encode(bytes, SpecialTokenPolicy.AS_TEXT), true))
                .isEqualTo(bytes);
    }

    @Test
    void damagedFilesAreRefused() throws IOException {
        byte[] model = Files.readAllBytes(ReferenceCases.file("llama.model"));
        Path file = folder.resolve("damaged.model");
        for (int length : new int[] {0, 1, 100, model.length / 2}) {
            Files.write(file, Arrays.copyOf(model, length));
            assertThatThrownBy(() -> SentencePieceFile.read(file))
                    .isInstanceOf(InvalidSentencePieceException.class)
                    .hasMessageContaining("damaged.model");
        }
    }

    @Test
    void aModelThatIsNotBpeIsRefusedByItsField() throws IOException {
        Path file = folder.resolve("unigram.model");
        // One piece "a" and a trainer_spec of model_type UNIGRAM.
        Files.write(file, new byte[] {0x0A, 3, 0x0A, 1, 'a', 0x12, 2, 0x18, 1});
        assertThatThrownBy(() -> SentencePieceFile.read(file))
                .hasMessageContaining("trainer_spec.model_type is not BPE; train with --model_type=bpe");
    }

    @Test
    void aModelThatChangesCharactersIsRefusedByItsField() throws IOException {
        Path file = folder.resolve("nmt.model");
        Files.write(file, new byte[] {0x0A, 3, 0x0A, 1, 'a', 0x12, 2, 0x18, 2, 0x1A, 3, 0x12, 1, 7});
        assertThatThrownBy(() -> SentencePieceFile.read(file))
                .hasMessageContaining("normalizer_spec.precompiled_charsmap changes characters");
    }
}
