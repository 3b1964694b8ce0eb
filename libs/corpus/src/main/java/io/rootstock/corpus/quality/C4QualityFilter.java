package io.rootstock.corpus.quality;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.DocumentStep;
import io.rootstock.corpus.Outcome;
import io.rootstock.corpus.Text;
import java.util.Arrays;

/**
 * Removes lines, and documents with too few sentences left, by C4's rules (Raffel et al. 2020, section 2.2,
 * https://jmlr.org/papers/v21/20-074.html), computed as datatrove's {@code C4QualityFilter} does with lines between
 * Unicode's line boundaries. The list of bad words is not applied. Phrases are found regardless of ASCII case.
 *
 * <p>Sentences end at terminal punctuation, with closing quotes or brackets after it, before white space or the end of
 * the line; CJK punctuation needs no space, and an initial ("J. Smith") ends none. datatrove calls spaCy's sentencizer.
 * A kept line has no white space around it, and lines are joined by "\n". A number of 0 turns its rule off.
 *
 * @param minSentences least number of sentences of the kept lines
 * @param minWordsPerLine least number of words between white space of a line
 * @param maxWordLength largest length of such a word, in characters
 * @param removeCitations whether "[12]", "[]", "[edit]" and "[citation needed]" are removed from lines
 * @param requireTerminal whether a line must end with one of {@code . ? ! " '}, but not with "..."
 * @param removeLoremIpsum whether a document with "lorem ipsum" in a line kept so far is removed
 * @param removeJavascript whether lines with "javascript" are removed
 * @param removeCurlyBrackets whether a document with "{" in a line kept so far is removed
 * @param removePolicies whether lines with words of cookie and privacy notices are removed
 */
public record C4QualityFilter(
        int minSentences,
        int minWordsPerLine,
        int maxWordLength,
        boolean removeCitations,
        boolean requireTerminal,
        boolean removeLoremIpsum,
        boolean removeJavascript,
        boolean removeCurlyBrackets,
        boolean removePolicies)
        implements DocumentStep {
    public C4QualityFilter {
        Thresholds.requireNotNegative("minSentences", minSentences);
        Thresholds.requireNotNegative("minWordsPerLine", minWordsPerLine);
        Thresholds.requireNotNegative("maxWordLength", maxWordLength);
    }

    /** Returns the published rules. */
    public static C4QualityFilter published() {
        return new C4QualityFilter(5, 3, 1000, true, true, true, true, true, true);
    }

    @Override
    public String name() {
        return "c4-quality";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Outcome apply(Document document) {
        byte[] utf8 = document.text().utf8();
        C4Lines lines = new C4Lines(this, utf8);
        String reason = lines.filter();
        if (!reason.isEmpty()) {
            return new Outcome.Removed(reason);
        }
        byte[] kept = lines.kept();
        return Arrays.equals(kept, utf8)
                ? new Outcome.Kept(document)
                : new Outcome.Kept(document.withText(Text.ofValidUtf8(kept)), lines.edits());
    }
}
