package io.rootstock.chat.jinja;

/** Python's {@code None}. */
enum None {
    NONE
}
