package io.rootstock.corpus.worker.step;

import static io.rootstock.corpus.recipe.Parameter.decimal;
import static io.rootstock.corpus.recipe.Parameter.flag;
import static io.rootstock.corpus.recipe.Parameter.integer;
import static io.rootstock.corpus.recipe.Parameter.words;

import io.rootstock.corpus.quality.C4QualityFilter;
import io.rootstock.corpus.quality.FineWebQualityFilter;
import io.rootstock.corpus.quality.GopherQualityFilter;
import io.rootstock.corpus.quality.GopherRepetitionFilter;
import io.rootstock.corpus.quality.NGramLimit;
import io.rootstock.corpus.quality.RepeatedLineFilter;
import io.rootstock.corpus.recipe.Parameter;
import io.rootstock.corpus.recipe.StepSettings;
import java.util.ArrayList;
import java.util.List;

final class QualityBindings {
    private static final int MAX_WORDS = 100_000_000;
    private static final String TOP = "max_top_%d_gram";
    private static final String DUPLICATE = "max_duplicate_%d_grams";

    private QualityBindings() {}

    static List<StepBinding> all() {
        return List.of(gopherQuality(), gopherRepetition(), c4(), fineWeb(), repeatedLines());
    }

    private static StepBinding gopherQuality() {
        GopherQualityFilter published = GopherQualityFilter.published();
        return StepBinding.of(
                published,
                "Removes documents by Gopher's quality rules.",
                List.of(
                        integer("min_words", 0, MAX_WORDS, published.minWords(), "Least number of words."),
                        integer("max_words", 0, MAX_WORDS, published.maxWords(), "Largest number of words."),
                        decimal(
                                "min_mean_word_length",
                                0,
                                1000,
                                published.minMeanWordLength(),
                                "Least mean length of a word, in characters."),
                        decimal(
                                "max_mean_word_length",
                                0,
                                1000,
                                published.maxMeanWordLength(),
                                "Largest mean length of a word, in characters."),
                        decimal(
                                "max_symbol_word_ratio",
                                0,
                                1,
                                published.maxSymbolWordRatio(),
                                "Largest number of '#', and of ellipses, for each word."),
                        share("max_bullet_lines", published.maxBulletLines(), "lines that begin with a bullet"),
                        share("max_ellipsis_lines", published.maxEllipsisLines(), "lines that end with an ellipsis"),
                        decimal(
                                "min_alphabetic_words",
                                0,
                                1,
                                published.minAlphabeticWords(),
                                "Least share of words with a letter."),
                        integer(
                                "min_stop_words",
                                0,
                                1000,
                                published.minStopWords(),
                                "Least number of distinct stop words; 0 for a language without a list."),
                        words("stop_words", published.stopWords(), "Stop words.")),
                settings -> new GopherQualityFilter(
                        (int) settings.integer("min_words"),
                        (int) settings.integer("max_words"),
                        settings.decimal("min_mean_word_length"),
                        settings.decimal("max_mean_word_length"),
                        settings.decimal("max_symbol_word_ratio"),
                        settings.decimal("max_bullet_lines"),
                        settings.decimal("max_ellipsis_lines"),
                        settings.decimal("min_alphabetic_words"),
                        (int) settings.integer("min_stop_words"),
                        settings.texts("stop_words")));
    }

    private static Parameter share(String name, double standard, String of) {
        return decimal(name, 0, 1, standard, "Largest share of " + of + "; 0: not applied.");
    }

    private static StepBinding gopherRepetition() {
        GopherRepetitionFilter published = GopherRepetitionFilter.published();
        List<Parameter> parameters = new ArrayList<>(List.of(
                share("max_duplicate_lines", published.maxDuplicateLines(), "lines that repeat an earlier one"),
                share("max_duplicate_paragraphs", published.maxDuplicateParagraphs(), "paragraphs that repeat one"),
                share(
                        "max_duplicate_line_characters",
                        published.maxDuplicateLineCharacters(),
                        "characters in repeated lines"),
                share(
                        "max_duplicate_paragraph_characters",
                        published.maxDuplicateParagraphCharacters(),
                        "characters in repeated paragraphs")));
        published
                .topNGrams()
                .forEach(limit -> parameters.add(share(
                        TOP.formatted(limit.words()),
                        limit.characterFraction(),
                        "characters in the most frequent " + limit.words() + "-gram")));
        published
                .duplicateNGrams()
                .forEach(limit -> parameters.add(share(
                        DUPLICATE.formatted(limit.words()),
                        limit.characterFraction(),
                        "characters in repeated " + limit.words() + "-grams")));
        return StepBinding.of(
                published,
                "Removes documents by Gopher's repetition rules.",
                parameters,
                settings -> new GopherRepetitionFilter(
                        settings.decimal("max_duplicate_lines"),
                        settings.decimal("max_duplicate_paragraphs"),
                        settings.decimal("max_duplicate_line_characters"),
                        settings.decimal("max_duplicate_paragraph_characters"),
                        limits(settings, TOP, published.topNGrams()),
                        limits(settings, DUPLICATE, published.duplicateNGrams())));
    }

    private static List<NGramLimit> limits(StepSettings settings, String name, List<NGramLimit> published) {
        return published.stream()
                .map(limit -> new NGramLimit(limit.words(), settings.decimal(name.formatted(limit.words()))))
                .filter(limit -> limit.characterFraction() > 0)
                .toList();
    }

    private static StepBinding c4() {
        C4QualityFilter published = C4QualityFilter.published();
        return StepBinding.of(
                published,
                "Removes lines, and documents with too few sentences left, by C4's rules.",
                List.of(
                        integer("min_sentences", 0, MAX_WORDS, published.minSentences(), "Least number of sentences."),
                        integer("min_words_per_line", 0, 1000, published.minWordsPerLine(), "Least words of a line."),
                        integer(
                                "max_word_length",
                                0,
                                MAX_WORDS,
                                published.maxWordLength(),
                                "Largest word, in characters."),
                        flag("remove_citations", published.removeCitations(), "Remove [12] and [citation needed]."),
                        flag("require_terminal", published.requireTerminal(), "Lines must end with punctuation."),
                        flag("remove_lorem_ipsum", published.removeLoremIpsum(), "Remove documents with lorem ipsum."),
                        flag("remove_javascript", published.removeJavascript(), "Remove lines with javascript."),
                        flag("remove_curly_brackets", published.removeCurlyBrackets(), "Remove documents with {."),
                        flag("remove_policies", published.removePolicies(), "Remove lines of cookie notices.")),
                settings -> new C4QualityFilter(
                        (int) settings.integer("min_sentences"),
                        (int) settings.integer("min_words_per_line"),
                        (int) settings.integer("max_word_length"),
                        settings.flag("remove_citations"),
                        settings.flag("require_terminal"),
                        settings.flag("remove_lorem_ipsum"),
                        settings.flag("remove_javascript"),
                        settings.flag("remove_curly_brackets"),
                        settings.flag("remove_policies")));
    }

    private static StepBinding fineWeb() {
        FineWebQualityFilter published = FineWebQualityFilter.published();
        return StepBinding.of(
                published,
                "Removes documents by FineWeb's rules.",
                List.of(
                        decimal(
                                "min_terminal_lines",
                                0,
                                1,
                                published.minTerminalLines(),
                                "Least share of lines that end with punctuation."),
                        flag(
                                "keep_without_terminals",
                                published.keepWithoutTerminals(),
                                "Keep a text without any such line."),
                        share("max_short_lines", published.maxShortLines(), "short lines"),
                        integer(
                                "short_line_length",
                                0,
                                10_000,
                                published.shortLineLength(),
                                "Characters of a short line."),
                        decimal(
                                "max_duplicate_characters",
                                0,
                                1,
                                published.maxDuplicateCharacters(),
                                "Largest share of characters in repeated lines."),
                        decimal(
                                "max_newlines_per_word",
                                0,
                                1000,
                                published.maxNewlinesPerWord(),
                                "Largest number of line feeds for each word.")),
                settings -> new FineWebQualityFilter(
                        settings.decimal("min_terminal_lines"),
                        settings.flag("keep_without_terminals"),
                        settings.decimal("max_short_lines"),
                        (int) settings.integer("short_line_length"),
                        settings.decimal("max_duplicate_characters"),
                        settings.decimal("max_newlines_per_word")));
    }

    private static StepBinding repeatedLines() {
        int standard = 20;
        return StepBinding.of(
                new RepeatedLineFilter(standard),
                "Removes lines of a document that repeat an earlier line of it.",
                List.of(integer(
                        "min_bytes", 1, 1 << 20, standard, "Least length of a line that is removed, in bytes.")),
                settings -> new RepeatedLineFilter((int) settings.integer("min_bytes")));
    }
}
