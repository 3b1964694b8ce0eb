package io.rootstock.torch;

import java.util.ArrayList;
import java.util.List;

/**
 * Closes, at its end, every tensor that this thread created in it, except those kept. Scopes nest: the innermost scope
 * owns a new tensor. Closing such a tensor earlier is allowed.
 */
public final class Scope implements AutoCloseable {
    private static final ThreadLocal<Scope> CURRENT = new ThreadLocal<>();

    private final Scope outer = CURRENT.get();
    private final List<Tensor> owned = new ArrayList<>();

    private Scope() {}

    /** Opens a scope; the same thread must close it. */
    public static Scope open() {
        Scope scope = new Scope();
        CURRENT.set(scope);
        return scope;
    }

    /** Returns the innermost open scope of this thread, or null. */
    static Scope current() {
        return CURRENT.get();
    }

    void own(Tensor tensor) {
        owned.add(tensor);
    }

    /** Moves a tensor of this scope to the enclosing scope, or to the caller if there is none. */
    public Tensor keep(Tensor tensor) {
        for (int index = owned.size() - 1; index >= 0; index--) {
            if (owned.get(index) == tensor) {
                owned.remove(index);
                if (outer != null) {
                    outer.own(tensor);
                }
                return tensor;
            }
        }
        throw new IllegalArgumentException(tensor + " does not belong to this scope");
    }

    @Override
    public void close() {
        if (CURRENT.get() != this) {
            throw new IllegalStateException(
                    "scopes must be closed from the innermost out, by the thread that opened them");
        }
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
        for (Tensor tensor : owned) {
            tensor.close();
        }
    }
}
