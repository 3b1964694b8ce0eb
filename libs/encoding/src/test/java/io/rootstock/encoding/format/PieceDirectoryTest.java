package io.rootstock.encoding.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.checkpoint.tokenizer.TinyPieces;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.encoding.SpecialTokenInTextException;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.TokenizedText;
import io.rootstock.encoding.bpe.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokenizers of directories with SentencePiece files, compared with frozen results of sentencepiece and tokenizers. */
class PieceDirectoryTest {
    @TempDir
    private Path folder;

    @Test
    void tokensAndTextsAreThoseOfSentencePieceAndTokenizers() throws IOException {
        for (Tokenizer tokenizer : both()) {
            assertThat(tokenizer.size()).isEqualTo(TinyPieces.VOCABULARY);
            assertThat(tokenizer.byteLevel()).isEmpty();
            for (TinyPieces.Case example : TinyPieces.cases()) {
                assertThat(tokenizer.encode(example.text(), SpecialTokenPolicy.AS_TEXT))
                        .as("tokens of '%s'", example.text())
                        .isEqualTo(example.ids());
                assertThat(tokenizer.encode(example.text(), SpecialTokenPolicy.AS_SPECIAL))
                        .as("tokens of '%s' with special tokens", example.text())
                        .isEqualTo(example.parsed());
                assertThat(new String(tokenizer.decode(example.ids(), true), StandardCharsets.UTF_8))
                        .as("text of the tokens of '%s'", example.text())
                        .isEqualTo(example.decoded());
            }
        }
    }

    @Test
    void aBlankBeforeTheFirstPartOnlyIsThatOfTokenizers() throws IOException {
        Tokenizer tokenizer = TokenizerReader.read(TinyPieces.firstPart(folder));
        for (TinyPieces.Case example : TinyPieces.cases()) {
            assertThat(tokenizer.encode(example.text(), SpecialTokenPolicy.AS_TEXT))
                    .as("tokens of '%s'", example.text())
                    .isEqualTo(example.first());
            assertThat(tokenizer.encode(example.text(), SpecialTokenPolicy.AS_SPECIAL))
                    .as("tokens of '%s' with special tokens", example.text())
                    .isEqualTo(example.firstParsed());
            assertThat(tokenizer.encodeWithOffsets(example.text()).tokens()).isEqualTo(example.first());
        }
        assertThat(tokenizer.encodeWithOffsets("the", true).tokens()).containsExactly(266);
        assertThat(tokenizer.encodeWithOffsets(" the", false).tokens()).containsExactly(266);
        assertThat(tokenizer.encodeWithOffsets("er", false).tokens()).containsExactly(265);
        assertThat(tokenizer.addsBlank(true)).isTrue();
        assertThat(tokenizer.addsBlank(false)).isFalse();
    }

    @Test
    void offsetsCoverTheTextAndTheAddedBlankBelongsToItsFirstCharacter() throws IOException {
        for (Tokenizer tokenizer : both()) {
            for (TinyPieces.Case example : TinyPieces.cases()) {
                TokenizedText tokenized = tokenizer.encodeWithOffsets(example.text());
                assertThat(tokenized.tokens()).isEqualTo(example.ids());
                int covered = 0;
                for (int i = 0; i < tokenized.tokens().length; i++) {
                    assertThat(tokenized.starts()[i]).isLessThanOrEqualTo(covered);
                    assertThat(tokenized.ends()[i]).isGreaterThan(tokenized.starts()[i]);
                    covered = Math.max(covered, tokenized.ends()[i]);
                }
                assertThat(covered).isEqualTo(example.text().length());
            }
            TokenizedText tokenized = tokenizer.encodeWithOffsets("\n a\uD83D\uDE42");
            assertThat(tokenized.starts()).containsExactly(0, 0, 1, 3, 3, 3, 3);
            assertThat(tokenized.ends()).containsExactly(1, 1, 3, 5, 5, 5, 5);
        }
    }

    @Test
    void bytesOfTokensAreTheirText() throws IOException {
        for (Tokenizer tokenizer : both()) {
            assertThat(tokenizer.bytes(3 + 0xE2)).containsExactly(0xE2);
            assertThat(new String(tokenizer.bytes(265), StandardCharsets.UTF_8)).isEqualTo("er");
            assertThat(new String(tokenizer.bytes(266), StandardCharsets.UTF_8)).isEqualTo(" the");
            assertThat(tokenizer.isSpecial(1)).isTrue();
            assertThat(tokenizer.isSpecial(266)).isFalse();
            assertThat(tokenizer.specialTokenId("</s>")).contains(2);
            assertThatThrownBy(() -> tokenizer.encode("a</s>", SpecialTokenPolicy.REFUSE))
                    .isInstanceOf(SpecialTokenInTextException.class);
        }
    }

    @Test
    void itsFilesAreNotWrittenAgain() throws IOException {
        Tokenizer tokenizer = both().getFirst();
        assertThatThrownBy(() -> TokenizerWriter.write(tokenizer, folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a SentencePiece tokenizer keeps its own files");
    }

    @Test
    void aDamagedModelFileIsRefused() throws IOException {
        Path directory = TinyPieces.model(folder.resolve("damaged"));
        Files.writeString(directory.resolve(TokenizerFiles.SENTENCE_PIECE_MODEL), "damaged");
        assertThatThrownBy(() -> TokenizerReader.read(directory))
                .isInstanceOf(InvalidTokenizerException.class)
                .hasMessageContaining("tokenizer.model");
    }

    private List<Tokenizer> both() throws IOException {
        return List.of(
                TokenizerReader.read(TinyPieces.tokenizer(folder.resolve("fast"))),
                TokenizerReader.read(TinyPieces.model(folder.resolve("model"))));
    }
}
