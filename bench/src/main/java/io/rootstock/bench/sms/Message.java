package io.rootstock.bench.sms;

/**
 * A message of the collection.
 *
 * @param label {@code ham} or {@code spam}
 * @param text text of the message
 */
record Message(String label, String text) {
    static final String SPAM = "spam";

    boolean spam() {
        return label.equals(SPAM);
    }
}
