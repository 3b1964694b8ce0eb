package io.rootstock.encoding.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.encoding.SampleText;
import io.rootstock.encoding.bpe.ByteAlphabet;
import io.rootstock.encoding.bpe.Merge;
import io.rootstock.encoding.bpe.ReferenceBpe;
import io.rootstock.encoding.bpe.Vocabulary;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.encoding.reference.ReferenceCases;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    void wordsThatDoNotFitInMemoryAreCountedExactly(@TempDir Path directory) throws IOException {
        List<String> documents = documents(2_000_000, 20_011);
        List<Merge> all =
                train(documents, SplitPattern.GPT2, 800, 2, 1).vocabulary().merges();
        try (WordCounter counter = new WordCounter(SplitPattern.GPT2, 2, 100, directory)) {
            for (int repetition = 0; repetition < 20; repetition++) {
                documents.forEach(counter::add);
            }
            assertThat(directory).isNotEmptyDirectory();
            assertThat(BpeTrainer.train(counter, 800, 40, learned -> {})
                            .vocabulary()
                            .merges())
                    .isEqualTo(all);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void countsOfSeveralCountersAreSummed() throws IOException {
        List<String> documents = documents(300_000, 1_009);
        List<InputStream> runs = new ArrayList<>();
        for (int part = 0; part < 3; part++) {
            ByteArrayOutputStream run = new ByteArrayOutputStream();
            try (WordCounter counter = new WordCounter(SplitPattern.LLAMA3, 1, WordCounter.MAX_WORDS)) {
                for (int document = part; document < documents.size(); document += 3) {
                    counter.add(documents.get(document));
                }
                counter.write(run);
            }
            runs.add(new ByteArrayInputStream(run.toByteArray()));
        }
        BpeTrainer.Result result = BpeTrainer.train(runs.iterator(), 700, 2, learned -> {});
        BpeTrainer.Result expected = train(documents, SplitPattern.LLAMA3, 700, 2, 1);
        assertThat(result.vocabulary().merges()).isEqualTo(expected.vocabulary().merges());
        assertThat(result.tokens()).isEqualTo(expected.tokens());
    }

    @Test
    void countsOfSeveralCountersAreSummedInParts() throws IOException {
        List<String> documents = documents(300_000, 1_009);
        int parts = 5;
        List<List<InputStream>> runs = Stream.generate(ArrayList<InputStream>::new)
                .limit(parts)
                .map(list -> (List<InputStream>) list)
                .toList();
        for (int share = 0; share < 3; share++) {
            List<ByteArrayOutputStream> outputs =
                    Stream.generate(ByteArrayOutputStream::new).limit(parts).toList();
            try (WordCounter counter = new WordCounter(SplitPattern.LLAMA3, 1, WordCounter.MAX_WORDS)) {
                for (int document = share; document < documents.size(); document += 3) {
                    counter.add(documents.get(document));
                }
                counter.write(outputs);
            }
            for (int part = 0; part < parts; part++) {
                assertThat(outputs.get(part).size()).isGreaterThan(100);
                runs.get(part).add(new ByteArrayInputStream(outputs.get(part).toByteArray()));
            }
        }
        List<InputStream> sums = new ArrayList<>();
        for (List<InputStream> part : runs) {
            ByteArrayOutputStream sum = new ByteArrayOutputStream();
            WordRun.sum(part.iterator(), sum);
            sums.add(new ByteArrayInputStream(sum.toByteArray()));
        }
        BpeTrainer.Result result = BpeTrainer.train(sums.iterator(), 700, 2, learned -> {});
        BpeTrainer.Result expected = train(documents, SplitPattern.LLAMA3, 700, 2, 1);
        assertThat(result.vocabulary().merges()).isEqualTo(expected.vocabulary().merges());
        assertThat(result.bytes()).isEqualTo(expected.bytes());
    }

    @Test
    void damagedCountsAreRefused() throws IOException {
        ByteArrayOutputStream run = new ByteArrayOutputStream();
        try (WordCounter counter = new WordCounter(SplitPattern.GPT2, 1, 1000)) {
            counter.add("some words");
            counter.write(run);
        }
        byte[] truncated = Arrays.copyOf(run.toByteArray(), run.size() - 4);
        Iterator<InputStream> damaged =
                List.<InputStream>of(new ByteArrayInputStream(truncated)).iterator();
        assertThatThrownBy(() -> BpeTrainer.train(damaged, 300, 1, learned -> {}))
                .isInstanceOf(WordCountException.class)
                .hasMessageContaining("the end is missing");
    }

    @Test
    void learnsTheMergesOfHuggingFace() throws IOException {
        List<String> documents = Files.readAllLines(ReferenceCases.file("text.txt")).stream()
                .map(line -> line + "\n")
                .toList();
        Vocabulary vocabulary = train(documents, SplitPattern.GPT2, 900, 2, 2).vocabulary();
        assertThat(vocabulary.merges().stream()
                        .map(merge -> ByteAlphabet.spell(vocabulary.bytes(merge.left())) + " "
                                + ByteAlphabet.spell(vocabulary.bytes(merge.right()))))
                .containsExactlyElementsOf(Files.readAllLines(ReferenceCases.file("merges.txt")));
    }

    @Test
    void longWordsAreNotCut() {
        String word = SampleText.real(40_000).replaceAll("[^a-z]", "").substring(0, 6_000);
        List<String> documents = List.of(word + " " + word, word);
        assertThat(train(documents, SplitPattern.GPT2, 500, 2, 1).vocabulary().merges())
                .isEqualTo(ReferenceBpe.train(documents, SplitPattern.GPT2, 500, 2));
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
        try (WordCounter counter = new WordCounter(pattern, threads, WordCounter.MAX_WORDS)) {
            documents.forEach(counter::add);
            return BpeTrainer.train(counter, vocabularySize, minimumFrequency, learned -> {});
        }
    }

    private static List<String> documents(int characters, int length) {
        return Arrays.asList(SampleText.real(characters).split("(?s)(?<=\\G.{" + length + "})", -1));
    }
}
