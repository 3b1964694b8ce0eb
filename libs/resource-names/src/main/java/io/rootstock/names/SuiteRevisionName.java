package io.rootstock.names;

/**
 * Resource name of a revision of a suite, {@code suites/{suite}/revisions/{number}}.
 *
 * @param suite the suite's id
 * @param number the revision's number, from 1
 */
public record SuiteRevisionName(String suite, long number) {
    /** Collection of the suites. */
    public static final String SUITES = "suites";

    private static final String NUMBERED = "revision";

    /** Rejects an invalid id or number with an {@link InvalidNameException}. */
    public SuiteRevisionName {
        ResourceId.require(suite);
        ResourceNumber.require(NUMBERED, number);
    }

    /**
     * Parses a revision's resource name.
     *
     * @throws InvalidNameException if it is malformed
     */
    public static SuiteRevisionName parse(String name) {
        String[] parts = name.split("/", -1);
        if (parts.length != 4 || !parts[0].equals(SUITES) || !parts[2].equals("revisions")) {
            throw new InvalidNameException("must be suites/{suite}/revisions/{n}, was '" + name + "'");
        }
        return new SuiteRevisionName(ResourceId.require(parts[1]), ResourceNumber.parse(NUMBERED, parts[3]));
    }

    public String suiteName() {
        return SUITES + "/" + suite;
    }

    @Override
    public String toString() {
        return suiteName() + "/revisions/" + number;
    }
}
