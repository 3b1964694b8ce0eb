package io.rootstock.inference.engine.adapter;

import io.rootstock.llama.LoadedAdapter;

/**
 * A low-rank adapter applied to a request. It must stay loaded until the request has ended: hold a lease of
 * {@link Adapters}.
 *
 * @param adapter the adapter
 * @param scale factor of its contribution; 1 as trained
 */
public record AdapterUse(LoadedAdapter adapter, float scale) {
    public AdapterUse {
        if (!Float.isFinite(scale)) {
            throw new IllegalArgumentException("scale must be a number, was " + scale);
        }
    }
}
