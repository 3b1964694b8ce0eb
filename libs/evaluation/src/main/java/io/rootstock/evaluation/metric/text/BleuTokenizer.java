package io.rootstock.evaluation.metric.text;

import java.util.List;
import java.util.regex.Pattern;

/** Tokenizers of sacreBLEU that need no model. The name in signatures is {@link #label()}. */
public enum BleuTokenizer {
    /** mteval-v13a: separates ASCII punctuation, except between digits. */
    MTEVAL_13A("13a") {
        @Override
        List<String> split(String line) {
            String text = line.replace("<skipped>", "")
                    .replace("-\n", "")
                    .replace("\n", " ")
                    .replace("&quot;", "\"")
                    .replace("&amp;", "&")
                    .replace("&lt;", "<")
                    .replace("&gt;", ">");
            text = ASCII_SYMBOL.matcher(" " + text + " ").replaceAll(" $1 ");
            text = POINT_AFTER_OTHER.matcher(text).replaceAll("$1 $2 ");
            text = POINT_BEFORE_OTHER.matcher(text).replaceAll(" $1 $2");
            return PythonStrings.split(DASH_AFTER_DIGIT.matcher(text).replaceAll("$1 $2 "));
        }
    },
    /**
     * mteval-v14 international: separates Unicode punctuation, except between digits, and symbols. A point between a
     * number and the end of the text stays with the number, as there.
     */
    INTERNATIONAL("intl") {
        @Override
        List<String> split(String line) {
            String text = PUNCTUATION_AFTER_OTHER.matcher(line).replaceAll("$1 $2 ");
            text = PUNCTUATION_BEFORE_OTHER.matcher(text).replaceAll(" $1 $2");
            return PythonStrings.split(SYMBOL.matcher(text).replaceAll(" $1 "));
        }
    },
    /** White space only. */
    NONE("none") {
        @Override
        List<String> split(String line) {
            return PythonStrings.split(line);
        }
    },
    /** Each code point that is not white space. */
    CHARACTER("char") {
        @Override
        List<String> split(String line) {
            return PythonStrings.characters(String.join("", PythonStrings.split(line)));
        }
    };

    private static final Pattern ASCII_SYMBOL = Pattern.compile("([{-~\\[-` -&(-+:-@/])");
    private static final Pattern POINT_AFTER_OTHER = Pattern.compile("([^0-9])([.,])");
    private static final Pattern POINT_BEFORE_OTHER = Pattern.compile("([.,])([^0-9])");
    private static final Pattern DASH_AFTER_DIGIT = Pattern.compile("([0-9])(-)");
    private static final Pattern PUNCTUATION_AFTER_OTHER = Pattern.compile("(\\P{N})(\\p{P})");
    private static final Pattern PUNCTUATION_BEFORE_OTHER = Pattern.compile("(\\p{P})(\\P{N})");
    private static final Pattern SYMBOL = Pattern.compile("(\\p{S})");

    private final String label;

    BleuTokenizer(String label) {
        this.label = label;
    }

    /** Name in sacreBLEU's {@code tokenize} and in signatures. */
    public String label() {
        return label;
    }

    /** Returns the tokens of a text; white space at its end does not count. */
    public List<String> tokens(String text) {
        return split(PythonStrings.stripTrailing(text));
    }

    abstract List<String> split(String line);
}
