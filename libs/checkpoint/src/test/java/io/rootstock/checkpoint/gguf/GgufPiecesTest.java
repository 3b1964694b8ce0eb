package io.rootstock.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.sentencepiece.Piece;
import io.rootstock.checkpoint.tokenizer.PieceForm;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule;
import io.rootstock.checkpoint.tokenizer.TinyModel;
import io.rootstock.checkpoint.tokenizer.TinyPieces;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GGUF files with a SentencePiece tokenizer. */
class GgufPiecesTest {
    @TempDir
    private Path folder;

    private TokenizerFiles tokenizer;

    @BeforeEach
    void read() throws IOException {
        tokenizer = TokenizerFiles.read(TinyPieces.tokenizer(folder.resolve("tokenizer")));
    }

    @Test
    void theFileHasPiecesWithScoresAndTypes() throws IOException {
        Path file = write(tokenizer);

        ModelConfig config = GgufValidator.validate(file);
        assertThat(config.shape().vocabularySize()).isEqualTo(TinyPieces.VOCABULARY);
        SpecialTokenRule rule = GgufSpecialTokens.read(file);
        assertThat(rule.addBos()).isTrue();
        assertThat(rule.bosText()).isEqualTo("<s>");
        assertThat(rule.eosId()).isEqualTo(2);
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file)) {
            GgufHeader header = GgufReader.read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
            assertThat(header.text("tokenizer.ggml.model")).isEqualTo("llama");
            assertThat(header.text("tokenizer.ggml.pre")).isEqualTo("default");
            assertThat(header.texts("tokenizer.ggml.tokens")).isEqualTo(tokenizer.tokens());
            assertThat(header.keys()).containsEntry("tokenizer.ggml.add_space_prefix", true);
            assertThat(header.integer("tokenizer.ggml.unknown_token_id")).contains(0L);
            assertThat(header.integers("tokenizer.ggml.token_type").subList(0, 5))
                    .containsExactly(3L, 3L, 3L, 6L, 6L);
            List<Double> scores = header.reals("tokenizer.ggml.scores");
            List<Piece> pieces = tokenizer.pieces().orElseThrow().pieces();
            for (int id = 0; id < scores.size(); id++) {
                assertThat(scores.get(id)).isEqualTo(pieces.get(id).score());
            }
            assertThat(header.has("tokenizer.ggml.merges")).isFalse();
        }
    }

    @Test
    void theFileStatesABlankBeforeTheFirstPartOnly() throws IOException {
        assertThat(GgufSpecialTokens.blankBeforeFirstPart(write(tokenizer))).isFalse();
        Path first = write(TokenizerFiles.read(TinyPieces.firstPart(folder.resolve("first"))));
        assertThat(GgufSpecialTokens.blankBeforeFirstPart(first)).isTrue();
    }

    @Test
    void rowsWithoutATokenAreUnused() throws IOException {
        TokenizerFiles shorter = TokenizerFiles.read(folder.resolve("tokenizer"));
        ModelConfig wider = new ModelConfig(
                new ModelShape(TinyPieces.VOCABULARY + 3, 64, 2, 4, 2, 128, 256, 1e-5, 10_000, false, 0), 1, 2);
        Path file = folder.resolve("wider.gguf");
        Gguf.writeLlama(file, wider, TinyModel.tensors(wider.shape()), shorter, "tiny");
        assertThat(GgufValidator.validate(file).shape().vocabularySize()).isEqualTo(TinyPieces.VOCABULARY + 3);
    }

    @Test
    void aFileWithoutAByteIsRefusedBeforeNativeCodeReadsIt() throws IOException {
        Path file = write(
                changed(piece -> piece.text().equals("<0x0A>") ? new Piece("newline", 0, Piece.Type.NORMAL) : piece));
        assertThatThrownBy(() -> GgufValidator.validate(file))
                .isInstanceOf(InvalidGgufException.class)
                .hasMessage("token not found for the byte <0x0A>");
    }

    @Test
    void aScoreThatIsNotANumberIsRefused() throws IOException {
        Path file = write(changed(
                piece -> piece.type() == Piece.Type.NORMAL ? new Piece(piece.text(), Float.NaN, piece.type()) : piece));
        assertThatThrownBy(() -> GgufValidator.validate(file))
                .isInstanceOf(InvalidGgufException.class)
                .hasMessageContaining("has the score NaN");
    }

    @Test
    void aFileIsNotImported() throws IOException {
        Path file = write(tokenizer);
        assertThatThrownBy(() -> GgufModel.checkHeader(file))
                .isInstanceOf(InvalidGgufException.class)
                .hasMessageContaining("imported from the model's Hugging Face directory");
        assertThatThrownBy(
                        () -> GgufModel.writeHuggingFace(file, folder.resolve("copy"), (type, from, to, count) -> {}))
                .isInstanceOf(InvalidGgufException.class)
                .hasMessageContaining("tokenizer.ggml.model is llama");
    }

    private TokenizerFiles changed(UnaryOperator<Piece> change) {
        List<Piece> pieces =
                tokenizer.pieces().orElseThrow().pieces().stream().map(change).toList();
        return new TokenizerFiles(
                pieces.stream().map(Piece::text).toList(),
                tokenizer.merges(),
                tokenizer.addedTokens(),
                tokenizer.preTokenizer(),
                Optional.of(new PieceForm(PieceForm.Prefix.EVERY_PART, pieces)),
                false,
                false,
                "",
                tokenizer.rule());
    }

    private Path write(TokenizerFiles files) throws IOException {
        Path file = folder.resolve("model.gguf");
        Gguf.writeLlama(file, TinyPieces.CONFIG, TinyModel.tensors(TinyPieces.SHAPE), files, "tiny");
        return file;
    }
}
