package io.rootstock.client.tls;

/** Receives the results of reloads. */
public interface ReloadListener {
    /** Ignores all results. */
    ReloadListener NONE = new ReloadListener() {
        @Override
        public void replaced() {}

        @Override
        public void refused(String reason) {}
    };

    /** New files are in use. */
    void replaced();

    /**
     * New files are invalid; the earlier ones stay in use. Called once for each reason, not at every attempt.
     *
     * @param reason names the setting
     */
    void refused(String reason);
}
