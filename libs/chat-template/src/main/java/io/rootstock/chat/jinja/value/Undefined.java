package io.rootstock.chat.jinja.value;

/**
 * A variable, attribute or item that does not exist. It renders as an empty string and is false; accessing its
 * attributes is an error.
 *
 * @param what name for the error
 */
public record Undefined(String what) {
    public JinjaException error() {
        return new JinjaException("'" + what + "' is undefined");
    }
}
