package io.rootstock.encoding.bpe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.encoding.SampleText;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.SpecialTokenInTextException;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.TokenizedText;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.encoding.training.BpeTrainer;
import io.rootstock.encoding.training.WordCounter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TokenizerTest {
    private static final Map<SplitPattern, Tokenizer> TOKENIZERS = new EnumMap<>(SplitPattern.class);

    static {
        for (SplitPattern pattern : SplitPattern.values()) {
            TOKENIZERS.put(pattern, trained(pattern));
        }
    }

    @ParameterizedTest
    @EnumSource
    void textComesBack(SplitPattern pattern) {
        Tokenizer tokenizer = TOKENIZERS.get(pattern);
        Random random = new Random(1);
        for (int round = 0; round < 5_000; round++) {
            String text = SampleText.random(random, random.nextInt(60));
            int[] ids = tokenizer.encode(text, SpecialTokenPolicy.AS_TEXT);
            assertThat(new String(tokenizer.decode(ids, false), StandardCharsets.UTF_8))
                    .isEqualTo(text);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anyBytesAreTokensThatDecodeToThem(SplitPattern pattern) {
        Tokenizer tokenizer = TOKENIZERS.get(pattern);
        byte[] bytes = new byte[10_000];
        new Random(2).nextBytes(bytes);
        int[] ids = IntStream.range(0, bytes.length)
                .map(i -> ByteAlphabet.idOf(Byte.toUnsignedInt(bytes[i])))
                .toArray();
        assertThat(tokenizer.decode(ids, true)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @EnumSource(names = {"GPT2", "CL100K"})
    void tokensAreThoseOfTheTextbook(SplitPattern pattern) {
        Tokenizer tokenizer = TOKENIZERS.get(pattern);
        Random random = new Random(3);
        String real = SampleText.real(70_000);
        for (int round = 0; round < 300; round++) {
            String text = round < 150 ? SampleText.random(random, 80) : real.substring(round * 200, round * 200 + 150);
            assertThat(tokenizer.encode(text, SpecialTokenPolicy.AS_TEXT))
                    .containsExactly(ReferenceBpe.encode(
                                    text, pattern, tokenizer.vocabulary().merges())
                            .stream()
                            .mapToInt(Integer::intValue)
                            .toArray());
        }
    }

    @ParameterizedTest
    @EnumSource
    void offsetsSayWhichCharactersATokenComesFrom(SplitPattern pattern) {
        Tokenizer tokenizer = TOKENIZERS.get(pattern);
        Random random = new Random(4);
        for (int round = 0; round < 200; round++) {
            String text = SampleText.random(random, 80);
            TokenizedText tokenized = tokenizer.encodeWithOffsets(text);
            assertThat(tokenized.tokens()).isEqualTo(tokenizer.encode(text, SpecialTokenPolicy.AS_TEXT));
            int end = 0;
            for (int i = 0; i < tokenized.tokens().length; i++) {
                String characters =
                        text.substring(tokenized.starts()[i], tokenized.ends()[i]);
                String bytes = latin1(characters.getBytes(StandardCharsets.UTF_8));
                assertThat(bytes).contains(latin1(tokenizer.bytes(tokenized.tokens()[i])));
                // The next token begins at the end of this one, or inside of the character that both share.
                assertThat(tokenized.starts()[i])
                        .isBetween(i == 0 ? 0 : end - Character.charCount(text.codePointBefore(end)), end);
                end = tokenized.ends()[i];
            }
            assertThat(end).isEqualTo(text.length());
        }
    }

    @Test
    void offsetsOfACharacterInSeveralTokens() {
        Tokenizer tokenizer = TOKENIZERS.get(SplitPattern.GPT2);
        TokenizedText tokenized = tokenizer.encodeWithOffsets("a\uD83E\uDEBC");
        assertThat(tokenized.tokens()).hasSize(5);
        assertThat(tokenized.starts()).containsExactly(0, 1, 1, 1, 1);
        assertThat(tokenized.ends()).containsExactly(1, 3, 3, 3, 3);
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void longWordsAreMergedAsShortOnes() {
        Tokenizer tokenizer = TOKENIZERS.get(SplitPattern.GPT2);
        String word = SampleText.real(60_000).replaceAll("[^a-z]", "").substring(0, 3_000);
        assertThat(tokenizer.encode(word, SpecialTokenPolicy.AS_TEXT))
                .containsExactly(ReferenceBpe.encode(
                                word, SplitPattern.GPT2, tokenizer.vocabulary().merges())
                        .stream()
                        .mapToInt(Integer::intValue)
                        .toArray());
    }

    @Test
    void wordsOfEveryLengthAreMergedAsInTheReference() {
        Tokenizer tokenizer = TOKENIZERS.get(SplitPattern.GPT2);
        String letters = SampleText.real(60_000).replaceAll("[^a-z]", "");
        for (int length = 1; length <= 130; length++) {
            int from = length * 20;
            String real = letters.substring(from, from + length);
            String repeated = letters.substring(from, from + 2).repeat(length).substring(0, length);
            for (String word : List.of(real, repeated)) {
                assertThat(tokenizer.encode(word, SpecialTokenPolicy.AS_TEXT))
                        .as(word)
                        .containsExactly(
                                ReferenceBpe.encode(
                                                word,
                                                SplitPattern.GPT2,
                                                tokenizer.vocabulary().merges())
                                        .stream()
                                        .mapToInt(Integer::intValue)
                                        .toArray());
            }
        }
    }

    @Test
    void aMegabyteWithoutABlankIsEncodedInTime() {
        Tokenizer tokenizer = TOKENIZERS.get(SplitPattern.GPT2);
        String text = "a".repeat(1 << 20);
        assertThat(tokenizer.decode(tokenizer.encode(text, SpecialTokenPolicy.AS_TEXT), false))
                .hasSize(1 << 20);
    }

    @Test
    void llama3TakesAWholeWordThatIsAToken() {
        Tokenizer tokenizer = TOKENIZERS.get(SplitPattern.LLAMA3);
        for (int id = 256; id < tokenizer.vocabulary().size(); id++) {
            String word = new String(tokenizer.vocabulary().bytes(id), StandardCharsets.UTF_8);
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            if (SplitPattern.LLAMA3.scanner().wordEnd(bytes, 0, bytes.length) == bytes.length) {
                assertThat(tokenizer.encode(word, SpecialTokenPolicy.AS_TEXT)).containsExactly(id);
            }
        }
    }

    @Test
    void specialTokensFollowTheVocabularyInOrder() {
        Tokenizer tokenizer = TOKENIZERS.get(SplitPattern.GPT2);
        assertThat(tokenizer.specialTokens().stream().map(SpecialToken::text))
                .containsExactly("<|begin_of_text|>", "<|end_of_text|>", "<|im_start|>", "<|im_end|>", "<|pad|>");
        assertThat(tokenizer.specialTokenId("<|pad|>")).contains(tokenizer.size() - 1);
        assertThat(tokenizer.specialTokenId("<|nothing|>")).isEmpty();
    }

    @Test
    void specialTokensAreRefusedTakenAsTextOrTakenAsSpecial() {
        Tokenizer tokenizer = TOKENIZERS.get(SplitPattern.GPT2);
        String text = "a<|im_end|><|im_end|>b<|pad";
        assertThatThrownBy(() -> tokenizer.encode(text, SpecialTokenPolicy.REFUSE))
                .isInstanceOf(SpecialTokenInTextException.class)
                .hasMessageContaining("<|im_end|> at position 1");
        int messageEnd = tokenizer.specialTokenId("<|im_end|>").orElseThrow();
        int[] asText = tokenizer.encode(text, SpecialTokenPolicy.AS_TEXT);
        int[] asSpecial = tokenizer.encode(text, SpecialTokenPolicy.AS_SPECIAL);
        assertThat(asText).doesNotContain(messageEnd);
        assertThat(Arrays.stream(asSpecial).filter(id -> id == messageEnd).count())
                .isEqualTo(2);
        assertThat(new String(tokenizer.decode(asText, true), StandardCharsets.UTF_8))
                .isEqualTo(text);
        assertThat(new String(tokenizer.decode(asSpecial, false), StandardCharsets.UTF_8))
                .isEqualTo(text);
        assertThat(new String(tokenizer.decode(asSpecial, true), StandardCharsets.UTF_8))
                .isEqualTo("ab<|pad");
        assertThat(tokenizer.encode("plain", SpecialTokenPolicy.REFUSE))
                .isEqualTo(tokenizer.encode("plain", SpecialTokenPolicy.AS_SPECIAL));
    }

    @Test
    void idsOutsideTheVocabularyAreRefused() {
        Tokenizer tokenizer = TOKENIZERS.get(SplitPattern.GPT2);
        for (int id : new int[] {-1, tokenizer.size(), Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> tokenizer.decode(new int[] {id}, false))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> tokenizer.decode(new int[] {id}, true))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void manyThreadsEncodeAlike() {
        Tokenizer tokenizer = trained(SplitPattern.GPT2);
        String text = SampleText.real(200_000);
        int[] expected = TOKENIZERS.get(SplitPattern.GPT2).encode(text, SpecialTokenPolicy.AS_TEXT);
        assertThat(IntStream.range(0, 16)
                        .parallel()
                        .mapToObj(i -> tokenizer.encode(text, SpecialTokenPolicy.AS_TEXT))
                        .collect(Collectors.toList()))
                .allSatisfy(ids -> assertThat(ids).isEqualTo(expected));
    }

    private static Tokenizer trained(SplitPattern pattern) {
        try (WordCounter counter = new WordCounter(pattern, 2, WordCounter.MAX_WORDS)) {
            counter.add(SampleText.real(400_000));
            return new Tokenizer(
                    BpeTrainer.train(counter, 1500, 2, learned -> {}).vocabulary(),
                    pattern,
                    SpecialToken.DEFAULT,
                    "{{ messages }}");
        }
    }
}
