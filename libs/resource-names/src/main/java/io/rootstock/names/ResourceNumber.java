package io.rootstock.names;

/** Numbers in resource names: from 1, without leading zeros, at most 18 digits. */
final class ResourceNumber {
    private static final int MAX_LENGTH = 18;

    private ResourceNumber() {}

    /**
     * Parses a number.
     *
     * @param numbered what it counts, such as {@code version}, for the error
     * @throws InvalidNameException if it is not a number from 1
     */
    static long parse(String numbered, String digits) {
        if (!digits.matches("[1-9][0-9]*") || digits.length() > MAX_LENGTH) {
            throw invalid(numbered, digits);
        }
        return Long.parseLong(digits);
    }

    static long require(String numbered, long number) {
        if (number < 1) {
            throw invalid(numbered, Long.toString(number));
        }
        return number;
    }

    private static InvalidNameException invalid(String numbered, String digits) {
        return new InvalidNameException("a " + numbered + " is a number from 1, was '" + digits + "'");
    }
}
