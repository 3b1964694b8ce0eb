package io.rootstock.chat.jinja;

/** What stands for nothing: Python's {@code None}. */
enum None {
    NONE
}
