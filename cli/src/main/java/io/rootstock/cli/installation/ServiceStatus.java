package io.rootstock.cli.installation;

/**
 * Where one service stands.
 *
 * @param service the service
 * @param health SERVING, NOT_SERVING, UNREACHABLE or STOPPED
 * @param version version it was started as; empty where it is stopped
 * @param pid its process id; 0 where it is stopped
 * @param endpoint where clients reach it; empty where it never ran
 * @param httpPort port of health and metrics; 0 where it never ran
 */
public record ServiceStatus(Service service, Health health, String version, long pid, String endpoint, int httpPort) {

    /** What a service answers when asked whether it serves. */
    public enum Health {
        /** It answers and serves. */
        SERVING,
        /** It answers, and does not serve yet or any more. */
        NOT_SERVING,
        /** Its process lives and does not answer. */
        UNREACHABLE,
        /** No process. */
        STOPPED
    }
}
