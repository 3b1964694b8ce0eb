package io.rootstock.inference.adapter;

import io.rootstock.inference.engine.adapter.AdapterUse;
import io.rootstock.inference.engine.adapter.Adapters;
import io.rootstock.inference.session.Session;
import io.rootstock.service.Errors;
import java.util.Optional;

/** Finds the adapter of a request and keeps it in memory while the request runs. */
public final class AdapterLeases {
    private static final float MAX_SCALE = 100;

    private AdapterLeases() {}

    /** Acquires a lease of the adapter; close it when the request has ended. */
    public static Adapters.Lease acquire(Session session, io.rootstock.inference.v1.AdapterUse use, String field) {
        // Written so that NaN is rejected too.
        if (use.hasScale() && !(Math.abs(use.getScale()) <= MAX_SCALE)) {
            throw Errors.invalidArgument(field + ".scale", "must be -100 to 100, was " + use.getScale());
        }
        return session.engine()
                .adapters()
                .acquire(use.getName())
                .orElseThrow(() -> Errors.notFound(
                        session.version() + "/adapters/" + use.getName(),
                        "load it first (ControlService.LoadAdapter, `rootstock serving adapters load`)"));
    }

    /** The adapter and its scale for the engine; empty without an adapter. */
    public static Optional<AdapterUse> use(Optional<Adapters.Lease> lease, io.rootstock.inference.v1.AdapterUse use) {
        return lease.map(held -> new AdapterUse(held.adapter(), use.hasScale() ? use.getScale() : 1));
    }
}
