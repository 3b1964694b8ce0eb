package io.rootstock.chat.jinja.value;

/** Python's {@code None}. */
public enum None {
    NONE
}
