package io.rootstock.evaluation.metric.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values: NLTK 3.10.4, {@code PorterStemmer} in its default mode. */
class PorterStemmerTest {
    @ParameterizedTest
    @CsvSource({
        "caresses, caress",
        "ponies, poni",
        "ties, tie",
        "dies, die",
        "cats, cat",
        "feed, feed",
        "agreed, agre",
        "plastered, plaster",
        "motoring, motor",
        "died, die",
        "spied, spi",
        "conflated, conflat",
        "troubled, troubl",
        "sized, size",
        "hopping, hop",
        "falling, fall",
        "hissing, hiss",
        "filing, file",
        "failing, fail",
        "happy, happi",
        "enjoy, enjoy",
        "spy, spi",
        "relational, relat",
        "rational, ration",
        "conditional, condit",
        "digitizer, digit",
        "radically, radic",
        "generalli, gener",
        "vietnamization, vietnam",
        "operator, oper",
        "hopefulness, hope",
        "geology, geolog",
        "electricity, electr",
        "formalize, formal",
        "goodness, good",
        "adjustment, adjust",
        "adoption, adopt",
        "communion, communion",
        "homologous, homolog",
        "probate, probat",
        "cease, ceas",
        "controlling, control",
        "roll, roll",
        "skies, sky",
        "dying, die",
        "innings, inning",
        "proceed, proceed",
        "yyyy, yyyi",
        "syzygy, syzygi",
        "2ing, 2ing",
        "a1ed, a1e",
        "owed, owe",
        "ated, ate",
        "apologies, apolog"
    })
    void stemsAsNltkDoes(String word, String stem) {
        assertThat(PorterStemmer.stem(word)).isEqualTo(stem);
    }
}
