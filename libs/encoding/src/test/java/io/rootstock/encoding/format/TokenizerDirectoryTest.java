package io.rootstock.encoding.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.chat.ChatTemplate;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.encoding.SampleText;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.encoding.training.BpeTrainer;
import io.rootstock.encoding.training.WordCounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TokenizerDirectoryTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void comesBackAsTheSameTokenizerAndTheSameBytes(SplitPattern pattern) throws IOException {
        Tokenizer tokenizer = trained(pattern);
        Path first = Files.createDirectory(folder.resolve("first"));
        Path second = Files.createDirectory(folder.resolve("second"));
        TokenizerWriter.write(tokenizer, first);
        Tokenizer read = TokenizerReader.read(first);
        TokenizerWriter.write(read, second);
        for (String file : new String[] {"tokenizer.json", "tokenizer_config.json"}) {
            assertThat(second.resolve(file)).hasSameBinaryContentAs(first.resolve(file));
        }
        String text = SampleText.real(50_000) + "<|im_end|>";
        assertThat(read.encode(text, SpecialTokenPolicy.AS_SPECIAL))
                .isEqualTo(tokenizer.encode(text, SpecialTokenPolicy.AS_SPECIAL));
        assertThat(read.specialTokens()).isEqualTo(tokenizer.specialTokens());
        assertThat(read.chatTemplate()).isEqualTo(ChatTemplate.CHATML);
    }

    @Test
    void theModelLibraryReadsTheSameTokens() throws IOException {
        Tokenizer tokenizer = trained(SplitPattern.GPT2);
        TokenizerWriter.write(tokenizer, folder);
        TokenizerFiles files = TokenizerFiles.read(folder);
        assertThat(files.vocabularySize()).isEqualTo(tokenizer.size());
        assertThat(files.merges()).hasSize(tokenizer.vocabulary().merges().size());
        assertThat(files.rule()).isEqualTo(tokenizer.rule());
        assertThat(files.rule().addBos()).isTrue();
        assertThat(files.rule().addEos()).isFalse();
        assertThat(files.rule().bosId())
                .hasValue(tokenizer.specialTokenId("<|begin_of_text|>").orElseThrow());
        assertThat(files.rule().eosId())
                .isEqualTo(tokenizer.specialTokenId("<|end_of_text|>").orElseThrow());
        assertThat(files.rule().endOfTurn())
                .extracting(SpecialTokenRule.Token::text)
                .containsExactly("<|im_end|>");
        assertThat(files.tokens().get(220)).isEqualTo("Ġ");
    }

    @Test
    void hasTheTopLevelFieldsOfHuggingFace() throws IOException {
        TokenizerWriter.write(trained(SplitPattern.LLAMA3), folder);
        JsonNode root = JsonMapper.builder()
                .build()
                .readTree(folder.resolve("tokenizer.json").toFile());
        assertThat(root.fieldNames())
                .toIterable()
                .containsExactly(
                        "version",
                        "truncation",
                        "padding",
                        "added_tokens",
                        "normalizer",
                        "pre_tokenizer",
                        "post_processor",
                        "decoder",
                        "model");
        assertThat(root.at("/pre_tokenizer/pretokenizers/0/pattern/Regex").asText())
                .isEqualTo(SplitPattern.LLAMA3.pattern());
        assertThat(root.at("/model/ignore_merges").asBoolean()).isTrue();
    }

    @Test
    void damagedFilesAreRefusedWithTheReason() throws IOException {
        TokenizerWriter.write(trained(SplitPattern.GPT2), folder);
        Path file = folder.resolve("tokenizer.json");
        String json = Files.readString(file);
        Files.writeString(file, json.replaceFirst("\"merges\" : \\[ \"", "\"merges\" : [ \"ĠĠĠ "));
        assertThatThrownBy(() -> TokenizerReader.read(folder)).isInstanceOf(InvalidTokenizerException.class);
        Files.writeString(file, json.substring(0, json.length() / 2));
        assertThatThrownBy(() -> TokenizerReader.read(folder)).isInstanceOf(InvalidTokenizerException.class);
        Files.delete(file);
        assertThatThrownBy(() -> TokenizerReader.read(folder)).isInstanceOf(InvalidTokenizerException.class);
    }

    private static Tokenizer trained(SplitPattern pattern) {
        try (WordCounter counter = new WordCounter(pattern, 2, WordCounter.MAX_WORDS)) {
            counter.add(SampleText.real(200_000));
            return new Tokenizer(
                    BpeTrainer.train(counter, 900, 2, learned -> {}).vocabulary(),
                    pattern,
                    SpecialToken.DEFAULT,
                    ChatTemplate.CHATML);
        }
    }
}
