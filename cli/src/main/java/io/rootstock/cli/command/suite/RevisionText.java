package io.rootstock.cli.command.suite;

import io.rootstock.evaluation.v1.SuiteRevision;

/**
 * Parts of a revision's name, suites/{suite}/revisions/{number}.
 *
 * @param suite the suite's id
 * @param number the revision's number
 */
record RevisionText(String suite, String number) {
    static RevisionText of(SuiteRevision revision) {
        String[] parts = revision.getName().split("/", -1);
        return parts.length == 4 ? new RevisionText(parts[1], parts[3]) : new RevisionText(revision.getName(), "-");
    }
}
