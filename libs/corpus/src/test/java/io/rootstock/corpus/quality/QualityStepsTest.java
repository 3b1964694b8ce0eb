package io.rootstock.corpus.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.DocumentStep;
import io.rootstock.corpus.Outcome;
import io.rootstock.corpus.Text;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QualityStepsTest {
    private static final String SENTENCE = "The old river has run to the sea and that will be so with time.";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "one two|2",
                "don't|2",
                "the dogs' bones|4",
                "Wait... what?!|5",
                "example.com costs 1,000.50|3",
                "The end.Next|4",
                "snake_case -- x|3",
                "학교에 갔다.|3",
                "漢字とkana|4",
                "٣٫٥ e\u0301t\u00e9|4",
            })
    void wordsAreRunsOfLettersAndOfOneSymbol(String text, int words) {
        assertThat(DocumentScan.of(Text.of(text)).words).isEqualTo(words);
        assertThat(NaiveText.words(text)).hasSize(words);
    }

    @Test
    void publishedThresholdsAreThoseOfThePapers() {
        assertThat(GopherQualityFilter.published())
                .isEqualTo(new GopherQualityFilter(
                        50,
                        100_000,
                        3,
                        10,
                        0.1,
                        0.9,
                        0.3,
                        0.8,
                        2,
                        List.of("the", "be", "to", "of", "and", "that", "have", "with")));
        assertThat(GopherRepetitionFilter.published().duplicateNGrams())
                .extracting(NGramLimit::characterFraction)
                .containsExactly(0.15, 0.14, 0.13, 0.12, 0.11, 0.1);
        assertThat(FineWebQualityFilter.published())
                .isEqualTo(new FineWebQualityFilter(0.12, false, 0.67, 30, 0.01, 0.3));
        assertThat(C4QualityFilter.published())
                .isEqualTo(new C4QualityFilter(5, 3, 1000, true, true, true, true, true, true));
    }

    @Test
    void eachGopherRuleRemovesItsText() {
        GopherQualityFilter gopher = GopherQualityFilter.published();
        String good = numbered(SENTENCE, 6);
        assertThat(reason(gopher, good)).isEmpty();
        assertThat(reason(gopher, SENTENCE)).isEqualTo("too few words");
        assertThat(reason(gopher, "a b the to ".repeat(20))).isEqualTo("words too short");
        assertThat(reason(gopher, "incomprehensibilities ".repeat(60))).isEqualTo("words too long");
        assertThat(reason(gopher, good + " #".repeat(20))).isEqualTo("too many hash signs");
        assertThat(reason(gopher, good.replace(".", "...") + " …".repeat(10))).isEqualTo("too many ellipses");
        assertThat(reason(gopher, good.replaceAll("(?m)^", "- "))).isEqualTo("too many bullet lines");
        assertThat(reason(gopher, good + " 12345".repeat(30))).isEqualTo("too few words with letters");
        assertThat(reason(gopher, "Alpha beta gamma delta epsilon zeta. ".repeat(10)))
                .isEqualTo("too few stop words");
    }

    @Test
    void repetitionIsRemovedByLineParagraphAndNGram() {
        GopherRepetitionFilter gopher = GopherRepetitionFilter.published();
        assertThat(reason(gopher, "")).isEqualTo("empty");
        assertThat(reason(gopher, "a line\n\n".repeat(3))).isEqualTo("too many duplicate paragraphs");
        assertThat(reason(gopher, "a line\n".repeat(3))).isEqualTo("too many duplicate lines");
        assertThat(reason(gopher, "great deal ".repeat(30))).isEqualTo("most frequent 2-gram too frequent");
        String shared = " one two three four five six seven eight nine ten eleven twelve thirteen";
        String spread = IntStream.range(0, 4)
                .mapToObj(i -> "w" + i + " x" + i + " y" + i + shared.replace(" ", i < 3 ? " " : " z" + i))
                .collect(Collectors.joining("\n"));
        assertThat(reason(gopher, spread)).isEqualTo("too many duplicate 5-grams");
    }

    @Test
    void c4RemovesLinesAndCountsThemByRule() {
        String text =
                numbered(SENTENCE, 5) + "\nMenu\nPlease enable JavaScript to see this page.\nWe use cookies here.\n"
                        + "Yes it.\nThe city is old.[12][edit]\n" + "x".repeat(1001) + " is a word.";
        Outcome.Kept kept = (Outcome.Kept) C4QualityFilter.published().apply(document(text));
        assertThat(kept.document().text().toString()).isEqualTo(numbered(SENTENCE, 5) + "\nThe city is old.");
        assertThat(kept.edits())
                .isEqualTo(Map.of(
                        "line without terminal punctuation", 1,
                        "line with javascript", 1,
                        "line with a policy", 1,
                        "line with few words", 1,
                        "line with a long word", 1,
                        "citation", 2));
        assertThat(reason(C4QualityFilter.published(), "Only one sentence is here."))
                .isEqualTo("too few sentences");
        assertThat(reason(C4QualityFilter.published(), "A lorem ipsum text is here."))
                .isEqualTo("lorem ipsum");
        assertThat(reason(C4QualityFilter.published(), "The function f { is here."))
                .isEqualTo("curly bracket");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "One. Two! Three?|3",
                "J. Smith met A. Jones.|1",
                "Version 3.5 is out|1",
                "He said \"no.\" She left|2",
                "좋다. 정말 좋다!|2",
                "良い本だ。時間が必要だ。|2",
                "Wait... what|2",
            })
    void sentencesEndAtTerminalPunctuation(String line, int sentences) {
        byte[] utf8 = Text.of(line).utf8();
        assertThat(Sentences.count(utf8, 0, utf8.length)).isEqualTo(sentences);
    }

    @Test
    void repeatedLinesAreRemovedFromTheirMinimumLength() {
        String text = "a long first line\n}\na long first line\n}\nlast line\n\n\na long first line";
        Outcome.Kept kept = (Outcome.Kept) new RepeatedLineFilter(5).apply(document(text));
        assertThat(kept.document().text().toString()).isEqualTo("a long first line\n}\n}\nlast line\n\n\n");
        assertThat(kept.edits()).isEqualTo(Map.of("repeated line", 2));
    }

    @Test
    void anUnchangedTextIsTheSameDocument() {
        Document document = document(numbered(SENTENCE, 6));
        for (DocumentStep step :
                List.of(GopherQualityFilter.published(), C4QualityFilter.published(), new RepeatedLineFilter(1))) {
            assertThat(((Outcome.Kept) step.apply(document)).document()).isSameAs(document);
        }
    }

    @Test
    void settingsOutsideTheirBoundsAreRefused() {
        assertThatThrownBy(() -> new FineWebQualityFilter(-1, false, 0.67, 30, 0.01, 0.3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("minTerminalLines is -1.0; set a number from 0 on, 0 for no such rule");
        assertThatThrownBy(() -> new GopherQualityFilter(50, 40, 3, 10, 0.1, 0.9, 0.3, 0.8, 0, List.of()))
                .hasMessageContaining("maxWords is 40.0, below minWords, which is 50.0");
        assertThatThrownBy(() -> new GopherQualityFilter(50, 400, 3, 10, 0.1, 0.9, 0.3, 0.8, 2, List.of("the")))
                .hasMessageContaining("minStopWords is 2, but the list has only 1");
        assertThatThrownBy(() -> new NGramLimit(0, 0.2)).hasMessage("an n-gram has 0 words; set 1 to 100");
        assertThatThrownBy(() -> new NGramLimit(2, Double.NaN)).hasMessageContaining("set 0 to 1");
        assertThatThrownBy(() -> new RepeatedLineFilter(0)).hasMessage("minBytes is 0; set at least 1");
    }

    /** A sentence on each of a number of lines, with a different word each. */
    private static String numbered(String sentence, int lines) {
        List<String> words = List.of("north", "south", "east", "west", "spring", "autumn");
        return IntStream.range(0, lines)
                .mapToObj(line -> sentence.replace("sea", words.get(line)))
                .collect(Collectors.joining("\n"));
    }

    private static String reason(DocumentStep step, String text) {
        return switch (step.apply(document(text))) {
            case Outcome.Kept kept -> "";
            case Outcome.Removed removed -> removed.reason();
        };
    }

    private static Document document(String text) {
        return new Document("test", "", "", Text.of(text));
    }
}
