package io.rootstock.names;

/** A reference to a revision of a suite: {@code suites/{suite}/revisions/{number}}, or {@code suites/{suite}} for the newest. */
public sealed interface SuiteReference {
    /** The suite's id. */
    String suite();

    /** A reference to a revision by number. */
    record ByNumber(SuiteRevisionName name) implements SuiteReference {
        @Override
        public String suite() {
            return name.suite();
        }
    }

    /** A reference to the newest revision of a suite. */
    record Newest(String suite) implements SuiteReference {}

    /**
     * Parses a reference.
     *
     * @throws InvalidNameException if it is malformed
     */
    static SuiteReference parse(String name) {
        if (name.contains("/revisions/")) {
            return new ByNumber(SuiteRevisionName.parse(name));
        }
        return new Newest(ResourceName.parse(SuiteRevisionName.SUITES, name).id());
    }
}
