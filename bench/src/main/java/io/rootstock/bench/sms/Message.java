package io.rootstock.bench.sms;

/**
 * A message of the collection.
 *
 * @param label {@code ham} or {@code spam}
 * @param text what was sent
 */
record Message(String label, String text) {
    static final String SPAM = "spam";

    boolean spam() {
        return label.equals(SPAM);
    }
}
