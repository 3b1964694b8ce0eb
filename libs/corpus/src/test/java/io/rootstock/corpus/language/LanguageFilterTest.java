package io.rootstock.corpus.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.Outcome;
import io.rootstock.corpus.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LanguageFilterTest {
    private static final LanguageDetector OPEN_NLP = new OpenNlpDetector();

    @Test
    void keepsTheGivenLanguagesAndSaysWhichOneWasRemoved() throws IOException {
        LanguageFilter filter = new LanguageFilter(fastText(), List.of("en", "ko"), 0.5, 1000);
        assertThat(filter.apply(document("the weather is cold and windy"))).isInstanceOf(Outcome.Kept.class);
        assertThat(filter.apply(document("우리는 매일 아침 강으로 걸어간다"))).isInstanceOf(Outcome.Kept.class);
        assertThat(filter.apply(document("das Wetter ist kalt und windig")))
                .isEqualTo(new Outcome.Removed("language de"));
        assertThat(filter.apply(document(" \n"))).isEqualTo(new Outcome.Removed("no language"));
    }

    @Test
    void anUncertainLanguageIsRemoved() throws IOException {
        Document document = document("the Katze 좋은 книга");
        DetectedLanguage detected = fastText()
                .detect(document.text().utf8(), 0, document.text().length())
                .orElseThrow();
        assertThat(detected.probability()).isLessThan(0.999);
        LanguageFilter filter = new LanguageFilter(fastText(), List.of(detected.language()), 0.9999, 1000);
        assertThat(filter.apply(document)).isEqualTo(new Outcome.Removed("uncertain language"));
    }

    @Test
    void onlyThePrefixIsReadAndNoCharacterIsDivided() throws IOException {
        LanguageFilter filter = new LanguageFilter(fastText(), List.of("en"), 0.1, 33);
        String english = "the weather is cold and windy ";
        assertThat(filter.apply(document(english + "고양이가 낡은 탁자 밑에서 잔다 ".repeat(100))))
                .isInstanceOf(Outcome.Kept.class);
        assertThat(english.getBytes(StandardCharsets.UTF_8)).hasSize(30);
    }

    @Test
    void theDetectorWithoutAModelFileKnowsCommonLanguages() {
        assertThat(OPEN_NLP.languages())
                .contains("en", "ko", "de", "fr", "ja", "zh", "ru", "ar", "id", "he")
                .hasSize(100);
        LanguageFilter korean = new LanguageFilter(OPEN_NLP, List.of("ko"), 0.02, 1000);
        String english = "The registry stores models and versions. Each version has metrics and a lineage. ";
        assertThat(korean.apply(document("모델과 버전을 저장한다. 각 버전에는 지표와 계보가 있다. ".repeat(5))))
                .isInstanceOf(Outcome.Kept.class);
        assertThat(korean.apply(document(english.repeat(5)))).isEqualTo(new Outcome.Removed("language en"));
        assertThat(korean.apply(document("1234 !!"))).isEqualTo(new Outcome.Removed("no language"));
    }

    @Test
    void settingsOutsideTheirBoundsAreRefused() throws IOException {
        LanguageDetector detector = fastText();
        assertThatThrownBy(() -> new LanguageFilter(detector, List.of("xx"), 0.5, 1000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the detector does not know the language \"xx\"; it knows de, en, fr, ja, ko, ru");
        assertThatThrownBy(() -> new LanguageFilter(detector, List.of(), 0.5, 1000))
                .hasMessageContaining("name at least one language");
        assertThatThrownBy(() -> new LanguageFilter(detector, List.of("en"), 1.5, 1000))
                .hasMessage("minProbability is 1.5; set 0 to 1");
        assertThatThrownBy(() -> new LanguageFilter(detector, List.of("en"), 0.5, 3))
                .hasMessage("prefixBytes is 3; set 16 to 1048576");
    }

    @Test
    void detectorsNameTheirModels() throws IOException {
        assertThat(fastText().identity())
                .matches("fasttext:sha256:[0-9a-f]{64}")
                .isEqualTo(fastText().identity());
        assertThat(OPEN_NLP.identity()).isEqualTo("opennlp:langdetect-183");
    }

    private static LanguageDetector fastText() throws IOException {
        try (InputStream in = LanguageFilterTest.class.getResourceAsStream("quantized.ftz")) {
            return FastTextDetector.read("quantized.ftz", in, 1 << 20);
        }
    }

    private static Document document(String text) {
        return new Document("test", "", "", Text.of(text));
    }
}
