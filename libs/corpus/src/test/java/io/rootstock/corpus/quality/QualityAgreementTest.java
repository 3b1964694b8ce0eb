package io.rootstock.corpus.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.DocumentStep;
import io.rootstock.corpus.Outcome;
import io.rootstock.corpus.RealTexts;
import io.rootstock.corpus.Text;
import io.rootstock.encoding.SampleText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The steps and references on strings agree on generated, random and real documents, for published and random rules. */
class QualityAgreementTest {
    private static List<String> texts;

    private final Random random = new Random(11);

    @BeforeAll
    static void collect() {
        texts = new ArrayList<>();
        Random random = new Random(5);
        for (int index = 0; index < 4000; index++) {
            texts.add(GeneratedTexts.next(random));
        }
        for (int index = 0; index < 500; index++) {
            texts.add(SampleText.random(random, random.nextInt(300)));
        }
        RealTexts.documents().forEach(text -> texts.add(beginning(text)));
        RealTexts.sources().subList(0, 100).forEach(text -> texts.add(beginning(text)));
        texts.add("");
        texts.add("\n\n");
        texts.add(" \u2028 ");
    }

    @Tag("matrix")
    @Test
    void gopherQuality() {
        requireAgreement(
                () -> new GopherQualityFilter(
                        random.nextInt(40),
                        random.nextInt(3) == 0 ? 0 : 60 + random.nextInt(200),
                        random.nextInt(4),
                        random.nextInt(3) == 0 ? 0 : 4 + random.nextInt(5),
                        random.nextDouble() * 0.3,
                        random.nextDouble(),
                        random.nextDouble(),
                        random.nextDouble(),
                        random.nextInt(4),
                        GopherQualityFilter.ENGLISH_STOP_WORDS),
                GopherQualityFilter.published(),
                NaiveRules::gopherQuality,
                10);
    }

    @Tag("matrix")
    @Test
    void gopherRepetition() {
        requireAgreement(
                () -> new GopherRepetitionFilter(
                        random.nextDouble(),
                        random.nextDouble(),
                        random.nextDouble(),
                        random.nextDouble(),
                        limits(1, 4, 0.5),
                        limits(3, 8, 0.4)),
                GopherRepetitionFilter.published(),
                NaiveRules::gopherRepetition,
                10);
    }

    @Test
    void fineWeb() {
        requireAgreement(
                () -> new FineWebQualityFilter(
                        random.nextDouble() * 0.5,
                        random.nextBoolean(),
                        random.nextDouble(),
                        random.nextInt(60),
                        random.nextDouble() * 0.2,
                        random.nextDouble() * 0.5),
                FineWebQualityFilter.published(),
                NaiveRules::fineWeb,
                5);
    }

    @Tag("matrix")
    @Test
    void c4() {
        Map<String, Integer> outcomes = new TreeMap<>();
        for (String text : texts) {
            for (C4QualityFilter rules : List.of(
                    C4QualityFilter.published(),
                    new C4QualityFilter(
                            random.nextInt(4),
                            random.nextInt(4),
                            random.nextInt(3) == 0 ? 0 : 5 + random.nextInt(10),
                            random.nextBoolean(),
                            random.nextBoolean(),
                            random.nextBoolean(),
                            random.nextBoolean(),
                            random.nextBoolean(),
                            random.nextBoolean()))) {
                String outcome = switch (rules.apply(document(text))) {
                    case Outcome.Kept kept -> kept.document().text().toString();
                    case Outcome.Removed removed -> "removed: " + removed.reason();
                };
                assertThat(outcome).as("%s of <%s>", rules, text).isEqualTo(NaiveC4.filter(rules, text));
                outcomes.merge(outcome.startsWith("removed: ") ? outcome : "kept", 1, Integer::sum);
            }
        }
        assertThat(outcomes.keySet())
                .contains("kept", "removed: too few sentences", "removed: lorem ipsum", "removed: curly bracket");
    }

    @Test
    void repeatedLines() {
        int removed = 0;
        for (String text : texts) {
            int minBytes = 1 + random.nextInt(40);
            Outcome.Kept kept = (Outcome.Kept) new RepeatedLineFilter(minBytes).apply(document(text));
            assertThat(kept.document().text().toString())
                    .as("<%s>", text)
                    .isEqualTo(NaiveRules.withoutRepeatedLines(minBytes, text));
            removed += kept.edits().getOrDefault("repeated line", 0);
        }
        assertThat(removed).isGreaterThan(1000);
    }

    private <R extends DocumentStep> void requireAgreement(
            Supplier<R> randomRules, R published, BiFunction<R, String, String> reference, int leastReasons) {
        Map<String, Integer> reasons = new TreeMap<>();
        Function<Outcome, String> reason = outcome -> switch (outcome) {
            case Outcome.Kept kept -> "";
            case Outcome.Removed removed -> removed.reason();
        };
        for (String text : texts) {
            for (R rules : List.of(published, randomRules.get(), randomRules.get())) {
                String actual = reason.apply(rules.apply(document(text)));
                assertThat(actual).as("%s of <%s>", rules, text).isEqualTo(reference.apply(rules, text));
                reasons.merge(actual, 1, Integer::sum);
            }
        }
        assertThat(reasons).hasSizeGreaterThanOrEqualTo(leastReasons).containsKey("");
    }

    private List<NGramLimit> limits(int least, int largest, double fraction) {
        List<NGramLimit> limits = new ArrayList<>();
        for (int n = least; n <= largest; n++) {
            if (random.nextInt(4) > 0) {
                limits.add(new NGramLimit(n, random.nextDouble() * fraction));
            }
        }
        return limits;
    }

    private static String beginning(String text) {
        return text.substring(0, text.offsetByCodePoints(0, Math.min(4000, text.codePointCount(0, text.length()))));
    }

    private static Document document(String text) {
        return new Document("test", "", "", Text.of(text));
    }
}
