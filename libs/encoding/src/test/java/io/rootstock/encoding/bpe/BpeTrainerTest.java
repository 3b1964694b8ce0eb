package io.rootstock.encoding.bpe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.encoding.SampleText;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BpeTrainerTest {
    @ParameterizedTest
    @EnumSource
    void learnsTheMergesOfTheTextbook(SplitPattern pattern) {
        List<String> documents = documents(60_000, 997);
        assertThat(train(documents, pattern, 700, 2, 2).vocabulary().merges())
                .isEqualTo(ReferenceBpe.train(documents, pattern, 700, 2));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void learnsTheMergesOfTheTextbookOnFewLetters(long seed) {
        Random random = new Random(seed);
        List<String> documents = new ArrayList<>();
        for (int document = 0; document < 30; document++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 60; i++) {
                text.append("aaab ".charAt(random.nextInt(5)));
            }
            documents.add(text.toString());
        }
        assertThat(train(documents, SplitPattern.GPT2, 400, 1, 1).vocabulary().merges())
                .isEqualTo(ReferenceBpe.train(documents, SplitPattern.GPT2, 400, 1));
    }

    @Test
    void theNumberOfThreadsChangesNothing() {
        List<String> documents = documents(3_000_000, 20_011);
        List<Merge> one =
                train(documents, SplitPattern.GPT2, 1000, 2, 1).vocabulary().merges();
        assertThat(train(documents, SplitPattern.GPT2, 1000, 2, 3).vocabulary().merges())
                .isEqualTo(one);
    }

    @Test
    void everyTokenIsUnique() {
        Vocabulary vocabulary = train(documents(300_000, 5_003), SplitPattern.LLAMA3, 2000, 2, 2)
                .vocabulary();
        Set<String> spellings = new HashSet<>();
        for (int id = 0; id < vocabulary.size(); id++) {
            assertThat(spellings.add(ByteAlphabet.spell(vocabulary.bytes(id)))).isTrue();
        }
        assertThat(vocabulary.size()).isEqualTo(2000);
    }

    @Test
    void stopsAtTheMinimumFrequency() {
        BpeTrainer.Result result = train(List.of("ab ab ab cd cd"), SplitPattern.GPT2, 1000, 3, 1);
        assertThat(result.vocabulary().merges()).hasSize(1);
        assertThat(result.bytes()).isEqualTo(14);
        assertThat(result.tokens()).isEqualTo(11);
    }

    @Test
    void aTextWithoutWordsGivesTheBytes() {
        assertThat(train(List.of(), SplitPattern.GPT2, 1000, 1, 1).vocabulary().size())
                .isEqualTo(256);
        assertThat(train(List.of(""), SplitPattern.GPT2, 1000, 1, 1)
                        .vocabulary()
                        .size())
                .isEqualTo(256);
    }

    @Test
    void rareWordsAreDroppedTogetherWhenThereAreTooMany() {
        List<String> documents = new ArrayList<>();
        for (int word = 0; word < 200_000; word++) {
            documents.add("w" + word + " common words stay ");
        }
        try (WordCounter counter = new WordCounter(SplitPattern.GPT2, 2, 1000)) {
            documents.forEach(counter::add);
            WordCounts counts = counter.finish();
            assertThat(counts.size()).isLessThanOrEqualTo(1000);
            long common = 0;
            for (int word = 0; word < counts.size(); word++) {
                common = Math.max(common, counts.count(word));
            }
            assertThat(common).isEqualTo(200_000);
        }
    }

    @Test
    void whatTheListenerThrowsEndsTheTraining() {
        try (WordCounter counter = new WordCounter(SplitPattern.GPT2, 1, 1000)) {
            counter.add("some some text text");
            assertThatThrownBy(() -> BpeTrainer.train(counter, 300, 1, learned -> {
                        throw new IllegalStateException("cancelled");
                    }))
                    .hasMessage("cancelled");
        }
    }

    private static BpeTrainer.Result train(
            List<String> documents, SplitPattern pattern, int vocabularySize, long minimumFrequency, int threads) {
        try (WordCounter counter = new WordCounter(pattern, threads, WordCounter.MAXIMUM_WORDS)) {
            documents.forEach(counter::add);
            return BpeTrainer.train(counter, vocabularySize, minimumFrequency, learned -> {});
        }
    }

    private static List<String> documents(int characters, int length) {
        return Arrays.asList(SampleText.real(characters).split("(?<=\\G.{" + length + "})", -1));
    }
}
