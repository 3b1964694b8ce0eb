package io.rootstock.chat.jinja;

/**
 * A variable, attribute or item that does not exist. It is written as nothing and is false; to go into it is an error.
 *
 * @param what its name, for the error
 */
record Undefined(String what) {
    JinjaException error() {
        return new JinjaException("'" + what + "' is undefined");
    }
}
