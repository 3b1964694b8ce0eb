package io.rootstock.inference.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.chat.ChatTemplate;
import io.rootstock.chat.Conversation;
import io.rootstock.chat.Turn;
import io.rootstock.checkpoint.gguf.Gguf;
import io.rootstock.checkpoint.gguf.GgufSpecialTokens;
import io.rootstock.checkpoint.gguf.GgufValidator;
import io.rootstock.checkpoint.tokenizer.TinyModel;
import io.rootstock.checkpoint.tokenizer.TinyPieces;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** llama.cpp tokenizes exported SentencePiece models as sentencepiece and Hugging Face tokenizers. */
class PieceTokenizationTest {
    /** Tokens of sentencepiece 0.2.3, with BOS and EOS, of "[INST]   the &lt;/s> token [/INST] decision". */
    private static final int[] CONVERSATION = {
        1, 401, 479, 454, 462, 456, 439, 96, 286, 266, 401, 63, 455, 405, 65, 350, 401, 479, 455, 454, 462, 456, 439,
        96, 311, 306, 285, 292, 2
    };

    @TempDir
    private Path folder;

    @Test
    void tokensOfAModelWithMergesAreThoseOfTheReferences() throws IOException {
        tokensAreThoseOfTheReferences(TinyPieces.tokenizer(folder.resolve("tokenizer")));
    }

    @Test
    void tokensOfAModelWithScoresAreThoseOfTheReferences() throws IOException {
        tokensAreThoseOfTheReferences(TinyPieces.model(folder.resolve("tokenizer")));
    }

    @Test
    void promptsAndConversationsHaveTheTokensOfTokenizers() throws IOException {
        try (LlamaModel model = load(TinyPieces.tokenizer(folder.resolve("tokenizer")))) {
            ModelTokenizer tokenizer = tokenizer(model);
            assertThat(tokenizer.promptTokens("the token", true)).containsExactly(1, 266, 350);
            assertThat(tokenizer.promptTokens("<s>the", true)).containsExactly(1, 266);
            assertThat(tokenizer.promptTokens(" the")).containsExactly(1, 401, 266);
            ChatTemplate template = ChatTemplate.parse(model.chatTemplate().orElseThrow(), "<s>", "</s>");
            Conversation conversation = Conversation.of(
                    List.of(new Turn("user", "  the </s> token"), new Turn("assistant", "decision")), true);
            assertThat(tokenizer.chatTokens(template, conversation, "")).containsExactly(CONVERSATION);
        }
    }

    @Test
    void aBlankBeforeTheFirstPartOnlyIsThatOfTokenizers() throws IOException {
        try (LlamaModel model = load(TinyPieces.firstPart(folder.resolve("tokenizer")))) {
            ModelTokenizer tokenizer = tokenizer(model);
            for (TinyPieces.Case example : TinyPieces.cases()) {
                assertThat(tokenizer.tokenize(example.text(), false))
                        .as("tokens of '%s'", example.text())
                        .isEqualTo(example.first());
                assertThat(tokenizer.tokenize(example.text(), true))
                        .as("tokens of '%s' with special tokens", example.text())
                        .isEqualTo(example.firstParsed());
            }
            assertThat(tokenizer.promptTokens("the")).containsExactly(1, 266);
            ChatTemplate template = ChatTemplate.parse("{{ bos_token }}{{ messages[0].content }}", "<s>", "</s>");
            Conversation conversation = Conversation.of(List.of(new Turn("user", " the")), false);
            assertThat(tokenizer.chatTokens(template, conversation, "")).containsExactly(1, 266);
        }
    }

    private void tokensAreThoseOfTheReferences(Path files) throws IOException {
        try (LlamaModel model = load(files)) {
            ModelTokenizer tokenizer = tokenizer(model);
            for (TinyPieces.Case example : TinyPieces.cases()) {
                assertThat(tokenizer.tokenize(example.text(), false))
                        .as("tokens of '%s'", example.text())
                        .isEqualTo(example.ids());
                assertThat(tokenizer.tokenize(example.text(), true))
                        .as("tokens of '%s' with special tokens", example.text())
                        .isEqualTo(example.parsed());
                assertThat(tokenizer.text(IntStream.of(example.ids()).boxed().toList()))
                        .isEqualTo(example.decoded());
            }
        }
    }

    private LlamaModel load(Path files) throws IOException {
        Path file = folder.resolve("model.gguf");
        Gguf.writeLlama(
                file, TinyPieces.CONFIG, TinyModel.tensors(TinyPieces.SHAPE), TokenizerFiles.read(files), "pieces");
        GgufValidator.validate(file);
        return Llama.shared().load(file, !GgufSpecialTokens.blankBeforeFirstPart(file));
    }

    private ModelTokenizer tokenizer(LlamaModel model) throws IOException {
        Path file = folder.resolve("model.gguf");
        return new ModelTokenizer(model, GgufSpecialTokens.read(file), GgufSpecialTokens.blankBeforeFirstPart(file));
    }
}
