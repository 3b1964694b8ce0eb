package io.rootstock.bench.data.cleaning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.bench.data.cleaning.CleanTexts.CleanText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlantingTest {
    @TempDir
    private Path folder;

    private static List<CleanText> texts(int count, String apostrophe) {
        SplittableRandom random = new SplittableRandom(3);
        List<CleanText> texts = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            StringBuilder text = new StringBuilder("Text " + number + ":");
            for (int word = 0; word < 150; word++) {
                text.append(word % 10 == 9 ? " it" + apostrophe + "s" : " w" + random.nextInt(500));
            }
            texts.add(new CleanText(
                    number % 2 == 0 ? "books" : "news", text.append('.').toString()));
        }
        return texts;
    }

    private static DirtyCorpus plant(List<CleanText> texts, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        JunkText junk = new JunkText(
                random.split(), List.of("Ein Mädchen läuft über die Straße.", "Zwei Männer."), List.of("뭐야 이 평점들은"));
        return DirtyCorpus.plant(texts, junk, random);
    }

    @Test
    void threeOfTenBytesAreJunkAndEachKindHasItsShare() {
        DirtyCorpus corpus = plant(texts(1_000, "’"), 1);
        long junk = 0;
        for (JunkKind kind : JunkKind.values()) {
            junk += corpus.bytes(kind);
        }
        assertThat((double) junk / corpus.bytes()).isCloseTo(DirtyCorpus.JUNK_SHARE, within(0.005));
        for (JunkKind kind : JunkKind.values()) {
            assertThat((double) corpus.bytes(kind) / junk).as(kind.label()).isCloseTo(kind.share(), within(0.005));
        }
        assertThat(corpus.documents().stream()
                                .mapToLong(PlantedDocument::cleanBytes)
                                .sum()
                        + junk)
                .isEqualTo(corpus.bytes());
    }

    @Test
    void theCorpusDependsOnTheSeedAlone() {
        List<CleanText> texts = texts(200, "’");
        assertThat(plant(texts, 1)).isEqualTo(plant(texts, 1)).isNotEqualTo(plant(texts, 2));
    }

    @Test
    void copiesFollowTheirOriginals() {
        List<PlantedDocument> documents = plant(texts(300, "’"), 4).documents();
        Map<String, Integer> first = new HashMap<>();
        int exact = 0;
        int near = 0;
        for (int number = 0; number < documents.size(); number++) {
            PlantedDocument document = documents.get(number);
            boolean isKnown = first.putIfAbsent(document.text(), number) != null;
            if (document.junk().equals(Optional.of(JunkKind.EXACT_COPY))) {
                exact++;
                assertThat(isKnown).isTrue();
            } else if (document.junk().equals(Optional.of(JunkKind.NEAR_COPY))) {
                near++;
                assertThat(isKnown).isFalse();
                assertThat(document.origin()).isIn("books", "news");
            }
        }
        assertThat(exact).isPositive();
        assertThat(near).isPositive();
    }

    @Test
    void insertedJunkStandsInTheTextAndTheRestIsTheCleanText() {
        List<CleanText> texts = texts(300, "’");
        List<String> rests = plant(texts, 5).documents().stream()
                .filter(document -> document.junk().isEmpty())
                .map(document -> {
                    String rest = document.text();
                    for (PlantedDocument.Inserted part : document.inserted()) {
                        assertThat(rest).contains(part.text());
                        rest = rest.replaceFirst(
                                Pattern.quote(part.text()), part.kind() == JunkKind.DAMAGED_CHARACTERS ? "’" : "");
                    }
                    return rest;
                })
                .toList();
        assertThat(rests)
                .containsExactlyInAnyOrderElementsOf(
                        texts.stream().map(CleanText::text).toList());
    }

    @Test
    void textsWithoutRoomForAKindAreRefused() {
        List<CleanText> ascii = texts(50, "'");
        assertThatThrownBy(() -> plant(ascii, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the texts have room for 0 of")
                .hasMessageContaining(JunkKind.DAMAGED_CHARACTERS.label());
    }

    @Test
    void misreadTextsAreDecodedAsBrowsersDo() {
        assertThat(Mojibake.misread("it’s ä")).isEqualTo("itâ€™s Ã¤");
        assertThat(Mojibake.misread("”")).isEqualTo("â€\u009D");
    }

    @Test
    void theFileHasAddressesByNumber() throws IOException {
        DirtyCorpus corpus = plant(texts(50, "’"), 1);
        Path file = folder.resolve("crawl.jsonl");
        corpus.write(file);
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSameSizeAs(corpus.documents());
        assertThat(lines.get(7)).endsWith("\"url\":\"https://crawl.example/7\"}");
    }
}
