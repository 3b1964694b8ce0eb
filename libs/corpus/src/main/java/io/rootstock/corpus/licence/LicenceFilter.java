package io.rootstock.corpus.licence;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.DocumentStep;
import io.rootstock.corpus.Outcome;
import io.rootstock.corpus.licence.LicenceExpression.Verdict;
import java.util.List;
import java.util.Locale;

/**
 * Keeps documents by their SPDX licence. Identifiers are compared regardless of case. In an expression, OR lets the user
 * choose the better side, and AND needs both. A listed licence also covers its use WITH an exception, unless that
 * combination is listed itself. A licence on neither list is unknown.
 *
 * @param allowed identifiers of licences whose documents stay
 * @param denied identifiers of licences whose documents are removed
 * @param unknown decision about documents without a licence, with another one, or with an invalid expression
 */
public record LicenceFilter(List<String> allowed, List<String> denied, UnknownLicence unknown) implements DocumentStep {
    public LicenceFilter {
        allowed = normalized("allowed", allowed);
        denied = normalized("denied", denied);
        for (String licence : allowed) {
            if (denied.contains(licence)) {
                throw new IllegalArgumentException(
                        "\"" + licence + "\" is both allowed and denied; remove it from one of the lists");
            }
        }
        if (allowed.isEmpty() && denied.isEmpty()) {
            throw new IllegalArgumentException("no licence is allowed or denied; name at least one, such as MIT");
        }
    }

    private static List<String> normalized(String list, List<String> licences) {
        for (String licence : licences) {
            if (!licence.matches("[A-Za-z0-9.+:-]+( (?i:with) [A-Za-z0-9.+:-]+)?")) {
                throw new IllegalArgumentException("\"" + licence + "\" in " + list
                        + " is not an SPDX identifier; write one such as Apache-2.0 or CC-BY-4.0");
            }
        }
        return licences.stream()
                .map(licence -> licence.toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
    }

    @Override
    public String name() {
        return "licence";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Outcome apply(Document document) {
        String licence = document.licence().strip();
        Verdict verdict = licence.isEmpty() ? Verdict.UNKNOWN : LicenceExpression.judge(licence, this::judge);
        return switch (verdict) {
            case ALLOWED -> new Outcome.Kept(document);
            case DENIED -> new Outcome.Removed("licence denied");
            case UNKNOWN ->
                switch (unknown) {
                    case KEEP -> new Outcome.Kept(document);
                    case REMOVE -> new Outcome.Removed(licence.isEmpty() ? "no licence" : "licence unknown");
                };
        };
    }

    private Verdict judge(String licence) {
        if (allowed.contains(licence)) {
            return Verdict.ALLOWED;
        }
        if (denied.contains(licence)) {
            return Verdict.DENIED;
        }
        int exception = licence.indexOf(" with ");
        return exception < 0 ? Verdict.UNKNOWN : judge(licence.substring(0, exception));
    }

    /** Decision about a document without a licence, or with one that is on no list. */
    public enum UnknownLicence {
        /** The document stays. */
        KEEP,

        /** The document is removed. */
        REMOVE
    }
}
