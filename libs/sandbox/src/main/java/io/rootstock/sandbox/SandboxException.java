package io.rootstock.sandbox;

/** The kernel refuses a step of the confinement. */
final class SandboxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SandboxException(String message) {
        super(message);
    }
}
