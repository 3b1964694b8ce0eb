package io.rootstock.torch;

import java.util.ArrayList;
import java.util.List;

/**
 * Closes, at its end, every tensor made by this thread since it was opened, save those kept. Scopes nest: the innermost
 * one owns a new tensor. Tensors closed earlier by hand are closed once.
 */
public final class Scope implements AutoCloseable {
    private static final ThreadLocal<Scope> CURRENT = new ThreadLocal<>();

    private final Scope outer = CURRENT.get();
    private final List<Tensor> owned = new ArrayList<>();

    private Scope() {}

    /** Opens a scope, to be closed by the same thread. */
    public static Scope open() {
        Scope scope = new Scope();
        CURRENT.set(scope);
        return scope;
    }

    /** The innermost open scope of this thread, or null. */
    static Scope current() {
        return CURRENT.get();
    }

    void own(Tensor tensor) {
        owned.add(tensor);
    }

    /** Hands a tensor of this scope to the scope around it, or to the caller if there is none. */
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
