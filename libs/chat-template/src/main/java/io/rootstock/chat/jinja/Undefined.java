package io.rootstock.chat.jinja;

/**
 * A variable, attribute or item that does not exist. It renders as an empty string and is false; accessing its
 * attributes is an error.
 *
 * @param what name for the error
 */
record Undefined(String what) {
    JinjaException error() {
        return new JinjaException("'" + what + "' is undefined");
    }
}
