package io.rootstock.inference.serving;

import java.util.Collection;

/**
 * Whether the served models can answer requests: their versions are known, and each is loaded or cannot be loaded. Guarded by
 * the lock of {@link ServedModels}.
 */
final class Readiness {
    private boolean resumes;
    private boolean isSynchronized;
    private boolean ready;

    /** Called when versions are known that were served before a restart, or by another instance. */
    void resume() {
        resumes = true;
    }

    /** Called when the registry has named every alias. */
    void synchronize() {
        isSynchronized = true;
    }

    /** Whether the registry has named every alias. */
    boolean isSynchronized() {
        return isSynchronized;
    }

    /**
     * Whether requests can be answered: the registry has named every alias, or resumed versions are loaded, and
     * each alias has a loaded version or none that can be loaded. Stays true: a later promotion does not change it.
     */
    boolean check(Collection<Entry> entries) {
        if (!ready) {
            ready = (isSynchronized || (resumes && isAnyLoaded(entries)))
                    && entries.stream().allMatch(entry -> entry.main().isSettled());
        }
        return ready;
    }

    /** Whether an alias has a loaded version. */
    static boolean isAnyLoaded(Collection<Entry> entries) {
        return entries.stream().anyMatch(entry -> entry.main().current().isPresent());
    }
}
